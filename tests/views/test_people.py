import re

import pytest
from sqlalchemy import select

from crmadmin.services import passwords
from models import User
from models.kinds import Role
from tests.factories import a_client, a_user, together
from tests.support import csrf_of


@pytest.fixture
def olga(session):
    return a_user(Role.admin, name="Ольга", login="olga")


@pytest.fixture
def admin(signed_in, olga):
    return signed_in(olga)


def posted(browsing, path, **typed):
    return browsing.post(path, data={"csrf_token": csrf_of(browsing.get(path))} | typed)


def somebody(session, login):
    return session.scalar(select(User).where(User.login == login))


PATHS = [
    "/people/",
    "/people/new/",
    "/people/edit/?id={id}",
    "/people/details/?id={id}",
    "/people/{id}/password",
]


@pytest.mark.parametrize("path", PATHS)
def test_people_are_the_admins_alone(app, session, signed_in, admin, path):
    boris = a_user(login="boris")
    path = path.format(id=boris.id)
    assert admin.get(path).status_code == 200
    for role in (Role.manager, Role.head, Role.colleague):
        assert signed_in(a_user(role)).get(path).status_code == 403
    assert app.test_client().get(path).location.startswith("/login")


def test_somebody_new_is_added_and_then_given_a_password(session, admin):
    answer = posted(admin, "/people/new/", name="Борис", login="Boris", role="head", active="y")
    boris = somebody(session, "boris")
    assert (boris.name, boris.role, boris.password_hash) == ("Борис", Role.head, "")
    assert answer.location == f"/people/{boris.id}/password"

    before = boris.get_id()
    page = posted(admin, answer.location)
    made = re.search(r"<code[^>]*>([^<]+)</code>", page.text).group(1)
    boris = somebody(session, "boris")
    assert passwords.is_right(made, boris.password_hash)
    assert boris.get_id() != before
    assert made not in admin.get(answer.location).text


def test_a_password_is_made_by_no_link_and_by_no_other_site(session, admin):
    boris = a_user(login="boris", password_hash="kept")
    path = f"/people/{boris.id}/password"
    admin.get(path)
    assert admin.post(path).status_code == 400
    assert somebody(session, "boris").password_hash == "kept"


def test_ones_own_password_is_changed_by_whoever_knows_it(admin, olga):
    assert admin.get(f"/people/{olga.id}/password").location == "/password/"


@pytest.mark.parametrize("path", ["/people/999999/password", "/people/edit/?id=999999", "/people/x/password"])
def test_somebody_who_is_not_there_is_404(admin, path):
    assert admin.get(path).status_code == 404


@pytest.mark.parametrize("typed", [{"role": "head", "active": "y"}, {"role": "admin"}])
def test_the_last_admin_is_told_to_stay(session, admin, olga, typed):
    answer = posted(admin, f"/people/edit/?id={olga.id}", name="Ольга", login="olga", **typed)
    assert answer.status_code == 422
    kept = somebody(session, "olga")
    assert (kept.role, kept.active) == (Role.admin, True)
    assert admin.get("/people/").status_code == 200


def test_a_login_taken_is_told_at_its_field_with_what_was_typed(session, admin):
    a_user(login="boris", name="Борис")
    answer = posted(admin, "/people/new/", name="Другой", login="BORIS", role="manager", active="y")
    assert answer.status_code == 422
    assert "Борис" in answer.text
    assert 'value="Другой"' in answer.text


def test_whoever_is_deactivated_by_the_form_is_out_at_once(session, admin, signed_in):
    boris = a_user(login="boris", name="Борис")
    his = signed_in(boris)
    assert his.get("/password/").status_code == 200
    posted(admin, f"/people/edit/?id={boris.id}", name="Борис", login="boris", role="manager")
    assert somebody(session, "boris").active is False
    assert his.get("/password/").status_code == 302


def test_what_no_form_offers_is_not_set(session, admin):
    boris = a_user(login="boris", name="Борис", password_hash="kept")
    posted(
        admin,
        f"/people/edit/?id={boris.id}",
        name="Борис",
        login="boris",
        role="manager",
        active="y",
        password_hash="stolen",
        session_epoch="0",
    )
    assert somebody(session, "boris").password_hash == "kept"


def test_the_list_is_found_filtered_and_costs_the_same_however_long(session, admin, queries):
    a_user(login="boris", name="Борис")
    a_user(Role.head, login="vera", name="Вера", active=False)
    assert "boris" in admin.get("/people/?search=БОРИС").text
    assert "Вера" not in admin.get("/people/?search=БОРИС").text
    assert "Вера" not in admin.get("/people/?active=1").text
    assert "boris" not in admin.get("/people/?role=head").text
    with queries().counting() as few:
        admin.get("/people/")
    with together():
        for _ in range(198):
            a_user()
    with queries().counting() as many:
        admin.get("/people/")
    assert len(few) == len(many) <= 6


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"active": False}, "Борис still curates 2 clients"),
        ({"role": "colleague"}, "Борис still curates 2 clients"),
        ({"role": "head"}, ""),
        ({"name": "Борис Б."}, ""),
    ],
)
def test_nobody_goes_while_he_curates_somebody(session, admin, change, said):
    boris = a_user(login="boris", name="Борис")
    a_client(curator=boris), a_client(curator=boris, archived_at=boris.created_at)
    typed = {"name": "Борис", "login": "boris", "role": "manager", "active": "y"} | change
    typed = {name: value for name, value in typed.items() if value}

    answer = posted(admin, f"/people/edit/?id={boris.id}", **typed)

    assert answer.status_code == (422 if said else 302)
    assert said in answer.text
