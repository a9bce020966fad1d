"""The holes Flask-Admin leaves open (FLASK_ADMIN.md, 4), tried at every generated screen, by every role."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from crmadmin.core.permissions import allows
from models import Client, Interaction
from models.kinds import Role
from tests.factories import a_client, a_client_group, a_user, an_interaction_kind
from tests.views.doors import ROLES, a_row, screens, token_of
from tests.views.forms import filled
from views import errors

NO_IDS = ["", "0", "-1", "1,2", "1;2", "x", "1.0", "９", "9" * 12, "9" * 40, "1 OR 1=1", "%00", "1&id=2"]
# Several at once: none may be an error, and none may spoil what the others say.
NONSENSE = [
    "page=-1&sort=-1&search=%00&group=99999999999999999999&kind=x",
    "page=99999999999999999999999&sort=99&desc=x&search=%FF%FE&group=1,2&state=%00",
    "page=x&page_size=1000000000&sort=x&search=%25%5F%5C&curator=-1&silence=loud&active=yes",
    "page=3&page_size=-1&sort=0&desc=7&region=0&next_contact=%00&archived=2&client=x",
    "page=400&page_size=x&from=2026-99-99&to=%00&flt1_0=x&flt0_zz=1&search=" + "a+" * 200,
    "from=0001-01-01&to=9999-12-31&_scheme=javascript&_external=1&_anchor=x&_method=POST",
    "endpoint=x&export_type=x&url=&view=x&self=x",
]


@pytest.mark.parametrize("role", ROLES)
def test_what_is_no_id_is_nowhere(app, session, signed_in, role):
    ask = signed_in(a_user(role))
    for view in screens(app):
        for door in ("details", "edit"):
            for text in NO_IDS:
                status = ask.get(f"{view.url}/{door}/?id={text}").status_code
                assert status == (404 if allows(role, view.see) else 403), (view.url, door, text)
        for text in NO_IDS:
            assert ask.post(f"{view.url}/edit/?id={text}", data={}).status_code in {403, 404}
    for text in (*NO_IDS[1:], "2147483648", "9" * 30):
        assert ask.get(f"/clients/{text}").status_code in {308, 404}


@pytest.mark.parametrize("number", ["2147483647", "2147483648", "1" + "0" * 25, "9" * 5000])
def test_a_number_no_row_can_have_is_nowhere_whatever_the_address(app, session, signed_in, number):
    ask = signed_in(a_user(Role.admin))
    numbered = [rule for rule in app.url_map.iter_rules() if "<int:" in rule.rule]
    assert len(numbered) > 50
    for rule in numbered:
        address = re.sub(r"<(int:)?\w+>", number, re.sub(r"<path:\w+>", "x", rule.rule))
        if "GET" in rule.methods:
            assert ask.get(address).status_code in {302, 403, 404}, address
        if "POST" in rule.methods:
            answer = ask.post(address, data={"csrf_token": token_of(ask)})
            assert answer.status_code in {302, 303, 400, 403, 404}, address


@pytest.mark.parametrize("role", ROLES)
def test_nonsense_in_a_lists_address_is_left_out(app, session, signed_in, role):
    ask = signed_in(a_user(role))
    for view in screens(app):
        if not allows(role, view.see):
            continue
        a_row(view)
        for arguments in NONSENSE:
            answer = ask.get(f"{view.url}/?{arguments}", follow_redirects=True)
            assert answer.status_code == 200, (view.url, arguments)
            assert "javascript:" not in answer.text, (view.url, arguments)


@pytest.mark.parametrize("role", ROLES)
def test_a_change_is_not_made_by_opening_an_address(app, session, signed_in, role):
    ask = signed_in(a_user(role))
    for view in screens(app):
        row = a_row(view)
        for door in ("delete", "action", "ajax/update"):
            assert ask.get(f"{view.url}/{door}/?id={row.id}").status_code == 405


@pytest.mark.parametrize("role", ROLES)
def test_nobody_deletes_anything(app, session, signed_in, role):
    ask = signed_in(a_user(role))
    token = token_of(ask)
    for view in screens(app):
        row = a_row(view)
        ask.post(f"{view.url}/action/", data={"csrf_token": token, "action": "delete", "rowid": row.id})
        assert ask.post(f"{view.url}/delete/", data={"csrf_token": token, "id": row.id}).status_code == 403
        assert session.get(view.model, row.id) is not None


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_edited_in_a_list_that_offers_no_such_thing(app, session, signed_in, role):
    ask = signed_in(a_user(role))
    token = token_of(ask)
    for view in screens(app):
        data = {"csrf_token": token, "list_form_pk": a_row(view).id, "name": "Mine"}
        assert ask.post(f"{view.url}/ajax/update/", data=data).status_code in {403, 404}


@pytest.mark.parametrize("role", ROLES)
def test_an_action_that_is_not_there_or_not_his_is_refused(app, session, signed_in, role):
    ask = signed_in(a_user(role))
    token = token_of(ask)
    for view in screens(app):
        row = a_row(view)
        for name in ("", "drop", "archive"):
            answer = ask.post(
                f"{view.url}/action/", data={"csrf_token": token, "action": name, "rowid": row.id}
            )
            its_own = name in view._actions_data and view.change and allows(role, view.change)
            assert answer.status_code == 302 if its_own else answer.status_code in {403, 404}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "arguments",
    ["limit=1000000000", "limit=-1", "limit=x", "offset=-5", "offset=" + "9" * 30, "query=%00", ""],
)
def test_a_lookup_never_answers_more_than_a_list_shows(session, signed_in, role, arguments):
    for number in range(60):
        a_client(name=f"Клиент {number}", group=a_client_group() if not number else None)
    answer = signed_in(a_user(role)).get(f"/interactions/ajax/lookup/?name=client&{arguments}")
    assert answer.status_code == 200
    assert len(answer.get_json()) <= 50


@pytest.mark.parametrize("role", ROLES)
def test_a_lookup_that_is_not_there_is_nowhere(app, session, signed_in, role):
    ask = signed_in(a_user(role))
    for view in screens(app):
        for name in ("", "?name=x", "?name=group"):
            assert ask.get(f"{view.url}/ajax/lookup/{name}").status_code in {403, 404}


@pytest.mark.parametrize("role", [Role.manager, Role.head, Role.admin])
def test_a_form_takes_only_the_fields_it_has(session, signed_in, noon, role):
    me, other = a_user(role), a_user()
    client = a_client(curator=me)
    moments = dict.fromkeys(("last_contact_at", "created_at", "archived_at"), "2020-01-01T00:00")
    stolen = {**moments, "search_text": "x", "id": "9", "name_fold": "x", "curator_id": other.id}

    assert filled(signed_in(me), f"/clients/edit/?id={client.id}", city="Тверь", **stolen).status_code == 302

    session.expire_all()
    kept = session.scalars(select(Client).where(Client.id == client.id)).one()
    assert (kept.city, kept.created_at, kept.archived_at, kept.last_contact_at) == ("Тверь", noon, None, None)
    assert (kept.curator_id, kept.name_fold) == (me.id, kept.name.lower())


@pytest.mark.parametrize("role", ROLES)
def test_nobody_says_when_or_by_whom_a_record_was_written(session, signed_in, noon, role):
    me, client, kind = a_user(role), a_client(), an_interaction_kind()
    typed = {
        "client": client.id,
        "kind": kind.id,
        "recorded_at": "2020-01-01T00:00",
        "recorded_by": a_user().id,
    }

    assert filled(signed_in(me), "/interactions/new/", **typed).status_code == 302

    row = session.scalars(select(Interaction)).one()
    assert (row.recorded_at, row.recorded_by_id, row.person_id) == (noon, me.id, me.id)


@pytest.mark.parametrize(
    ("door", "status"),
    [("/nowhere", 404), ("/clients/999999", 404), ("/people/", 403), ("/clients/new/", 403)],
)
def test_a_refusal_keeps_menu_and_search_for_whoever_is_signed_in(session, signed_in, door, status):
    page = signed_in(a_user(Role.colleague)).get(door)

    assert page.status_code == status
    assert 'id="top-search"' in page.text
    assert 'href="/interactions/"' in page.text


def test_a_stranger_who_is_refused_sees_no_menu(app, session):
    page = app.test_client().get("/nowhere")
    assert page.status_code == 404
    assert 'class="side-list"' not in page.text


def test_a_refusal_is_told_even_while_the_database_is_away(session, signed_in, monkeypatch):
    """The frame asks the database who is signed in: then a bare page, not an error within an error."""
    ask = signed_in(a_user(Role.colleague))

    def away() -> bool:
        raise OperationalError("select", {}, Exception("away"))

    monkeypatch.setattr(errors, "signed_in", away)
    page = ask.get("/nowhere")
    assert page.status_code == 404
    assert 'class="side-list"' not in page.text
