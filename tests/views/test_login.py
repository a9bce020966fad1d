import pytest
from sqlalchemy import func, select

from crmadmin.app import create_app
from crmadmin.core.db import db
from crmadmin.services import people
from crmadmin.services.sign_in import TOGETHER
from models import SignInAttempt, User
from models.kinds import Language, Role, Theme
from tests.support import csrf_of, settings_for

GOOD, NEW = "синий-трамвай-7", "красный-трамвай-8"


@pytest.fixture
def anna(session):
    user = people.create("anna", name="Анна Петрова", role=Role.manager, password=GOOD, by=None)
    session.commit()
    return user


@pytest.fixture
def visitor(app, session):
    return app.test_client()


def somebody(login):
    """As the database has him: a request closes the session it ran in."""
    return db.scalar(select(User).where(User.login == login))


def sign_in(visitor, password=GOOD, login="anna", **more):
    token = csrf_of(visitor.get("/login"))
    return visitor.post("/login", data={"csrf_token": token, "login": login, "password": password} | more)


def is_in(visitor):
    """/password/ is open to everybody who is signed in, and to nobody else."""
    return visitor.get("/password/").status_code == 200


def test_whoever_proves_himself_is_let_in(visitor, anna):
    assert not is_in(visitor)
    answer = sign_in(visitor)
    assert (answer.status_code, answer.location) == (302, "/")
    assert is_in(visitor)


def test_a_wrong_password_is_told_at_its_field_and_the_login_is_kept(visitor, anna):
    answer = sign_in(visitor, "wrong wrong")
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text
    assert 'value="anna"' in answer.text
    assert "wrong wrong" not in answer.text
    assert not is_in(visitor)


def test_the_fields_are_known_to_password_managers(visitor):
    page = visitor.get("/login").text
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


def test_a_refusal_is_kept_though_nobody_is_let_in(session, visitor, anna):
    sign_in(visitor, "wrong wrong")
    db.rollback()
    assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 1


def test_whoever_guesses_is_told_how_long_to_wait(visitor, anna):
    for _ in range(TOGETHER.free):
        sign_in(visitor, "wrong wrong")
    answer = sign_in(visitor)
    assert answer.status_code == 429
    assert "30" in answer.text
    assert not is_in(visitor)


def test_a_deactivated_person_is_out_at_once_and_stays_out(session, visitor, anna):
    sign_in(visitor)
    somebody("anna").active = False
    session.commit()
    assert not is_in(visitor)
    assert sign_in(visitor).status_code == 422


def test_one_comes_back_to_where_one_was_going(visitor, anna):
    asked = visitor.get("/password/?a=1")
    assert asked.location == "/login?next=/password/?a%3D1"
    assert 'name="next" value="/password/?a=1"' in visitor.get(asked.location).text
    assert sign_in(visitor, next="/password/?a=1").location == "/password/?a=1"
    assert visitor.get("/login?next=/password/").location == "/password/"


@pytest.mark.parametrize(
    "evil", ["http://evil.example", "//evil.example", "/\\evil.example", "http:evil", "/\t/evil.example"]
)
def test_nobody_is_sent_to_another_site(visitor, anna, evil):
    assert visitor.get("/login", query_string={"next": evil}).status_code == 400
    assert sign_in(visitor, next=evil).status_code == 400
    assert sign_in(visitor).location == "/"
    assert visitor.get("/login", query_string={"next": evil}).status_code == 400


@pytest.mark.parametrize("path", ["/language", "/theme", "/logout"])
def test_a_change_that_no_page_of_ours_asked_for_is_refused(visitor, anna, path):
    sign_in(visitor)
    for token in ({}, {"csrf_token": "20990101000000##" + "0" * 40}):
        assert visitor.post(path, data=token).status_code == 400
    assert is_in(visitor)


@pytest.mark.parametrize("path", ["/login", "/password/", "/first-admin/nothing"])
def test_a_form_without_its_token_changes_nothing(session, visitor, anna, path):
    if path != "/login":
        sign_in(visitor)
    typed = {"login": "anna", "old": GOOD, "password": NEW, "repeat": NEW, "name": "Eve"}
    assert visitor.post(path, data=typed).status_code in {400, 422}
    assert visitor.post("/login", data={"login": "anna", "password": GOOD}).status_code == 400
    assert [user.get_id() for user in session.scalars(select(User))] == [anna.get_id()]


def test_signing_out_is_never_a_link(visitor, anna):
    sign_in(visitor)
    assert visitor.get("/logout").status_code == 405
    answer = visitor.post("/logout", data={"csrf_token": csrf_of(visitor.get("/password/"))})
    assert answer.location == "/login"
    assert not is_in(visitor)


def test_a_planted_session_is_worth_nothing_after_signing_in(app, visitor, anna):
    with visitor.session_transaction() as planted:
        planted["csrf"], planted["seen"], planted["language"] = "planted", "planted", "en"
    sign_in(visitor)
    with visitor.session_transaction() as kept:
        assert kept["csrf"] != "planted"
        assert "seen" not in kept
        assert kept["language"] == "en"


def test_the_session_cookie_is_for_the_server_only_and_ends(visitor, anna, app):
    (cookie,) = [line for line in sign_in(visitor).headers.getlist("Set-Cookie") if "crm_session=" in line]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires=" in cookie
    assert "Secure" not in cookie
    assert app.permanent_session_lifetime.total_seconds() == 12 * 3600


def test_over_https_the_cookie_never_leaves_without_it(session):
    before = session.get_bind()
    url = before.engine.url.render_as_string(hide_password=False)
    try:
        safe = create_app(settings_for(url, base_url="https://crm.example"), testing=True)
        answer = safe.test_client().get("/login")
    finally:
        opened = db.get_bind()
        db.remove()
        opened.dispose()
        db.configure(bind=before)
    assert "; Secure" in answer.headers["Set-Cookie"]


def test_each_page_puts_the_end_of_the_session_off_but_no_file_does(visitor, anna):
    sign_in(visitor)
    assert "crm_session=" in visitor.get("/password/").headers["Set-Cookie"]
    with visitor.get("/static/crm.css") as file:
        assert "Set-Cookie" not in file.headers


def change(visitor, **typed):
    token = csrf_of(visitor.get("/password/"))
    data = {"csrf_token": token, "old": GOOD, "password": NEW, "repeat": NEW} | typed
    return visitor.post("/password/", data=data)


def test_a_changed_password_signs_all_others_out(app, visitor, anna):
    elsewhere = app.test_client()
    sign_in(visitor)
    sign_in(elsewhere)
    assert change(visitor).location == "/"
    assert is_in(visitor)
    assert not is_in(elsewhere)
    assert sign_in(elsewhere).status_code == 422
    assert sign_in(elsewhere, NEW).status_code == 302


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"old": "wrong wrong"}, "old"),
        ({"repeat": "another one"}, "repeat"),
        ({"password": "short", "repeat": "short"}, "password"),
    ],
)
def test_what_is_wrong_with_a_new_password_is_told_at_its_field(visitor, anna, typed, field):
    sign_in(visitor)
    answer = change(visitor, **typed)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert is_in(visitor)
    assert sign_in(visitor.application.test_client()).status_code == 302


def test_language_and_theme_are_remembered_per_person(session, visitor, anna):
    sign_in(visitor)
    token = csrf_of(visitor.get("/password/"))
    answer = visitor.post("/language", data={"csrf_token": token, "locale": "en", "next": "/password/?b=2"})
    assert answer.location == "/password/?b=2"
    visitor.post("/theme", data={"csrf_token": token, "theme": "dark"})
    assert (somebody("anna").language, somebody("anna").theme) == (Language.en, Theme.dark)

    elsewhere = visitor.application.test_client()
    sign_in(elsewhere)
    page = elsewhere.get("/password/").text
    assert 'lang="en"' in page
    assert 'data-theme="dark"' in page


def test_what_was_chosen_before_signing_in_stays(session, visitor, anna):
    token = csrf_of(visitor.get("/login"))
    visitor.post("/language", data={"csrf_token": token, "locale": "en"})
    visitor.post("/theme", data={"csrf_token": token, "theme": "light"})
    assert 'lang="en"' in visitor.get("/login").text
    sign_in(visitor)
    assert (somebody("anna").language, somebody("anna").theme) == (Language.en, Theme.light)


def test_an_unknown_language_or_theme_changes_nothing(session, visitor, anna):
    sign_in(visitor)
    token = csrf_of(visitor.get("/password/"))
    for path, typed in (("/language", {"locale": "xx"}), ("/theme", {"theme": "pink"}), ("/theme", {})):
        assert visitor.post(path, data={"csrf_token": token} | typed).status_code == 302
    assert (somebody("anna").language, somebody("anna").theme) == (None, Theme.system)


def test_what_was_typed_outlives_the_session(session, visitor, anna):
    """Signed out in the middle of a form: it comes along through the sign-in page, and goes on from there."""
    sign_in(visitor)
    token = csrf_of(visitor.get("/password/"))
    visitor.post("/logout", data={"csrf_token": token})

    typed = {"csrf_token": token, "note": "звонил, <b>просил</b> цены"}
    asked = visitor.post("/interactions/edit/?id=5", data=typed)
    assert asked.status_code == 401
    assert "&lt;b&gt;просил&lt;/b&gt;" in asked.text

    data = {"csrf_token": csrf_of(asked), "login": "anna", "next": "/interactions/edit/?id=5"}
    carried = {"carried.note": typed["note"], "carried.csrf_token": token}
    wrong = visitor.post("/login", data=data | carried | {"password": "wrong wrong"})
    assert 'name="carried.note"' in wrong.text
    right = visitor.post("/login", data=data | carried | {"password": GOOD})
    assert 'action="/interactions/edit/?id=5"' in right.text
    assert 'name="note" value="звонил, &lt;b&gt;просил&lt;/b&gt; цены"' in right.text
    assert f'name="csrf_token" value="{token}"' in right.text


def test_the_token_of_an_open_page_is_good_after_signing_in_again_but_for_nobody_else(session, visitor, anna):
    people.create("boris", name="Борис", role=Role.manager, password=GOOD, by=None)
    session.commit()
    sign_in(visitor)
    token = csrf_of(visitor.get("/password/"))
    visitor.post("/logout", data={"csrf_token": token})
    sign_in(visitor, login="boris")
    assert visitor.post("/theme", data={"csrf_token": token, "theme": "dark"}).status_code == 400
    visitor.post("/logout", data={"csrf_token": csrf_of(visitor.get("/password/"))})
    sign_in(visitor)
    assert visitor.post("/theme", data={"csrf_token": token, "theme": "dark"}).status_code == 302


def test_a_script_is_told_that_the_session_ended(visitor):
    for headers in ({"HX-Request": "true"}, {"X-CSRFToken": "x"}):
        assert visitor.get("/password/", headers=headers).status_code == 401
