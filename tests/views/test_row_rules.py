"""One criterion closes every door of a screen: list, details, edit, cell, act, file, paper, picker."""

import re
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select

from crmadmin.app import create_app
from crmadmin.core.db import db
from models import BulkRow, Client, User
from models.clients import client_tag
from models.kinds import Role
from tests.factories import a_client, a_tag, a_user
from tests.support import cookie_of, csrf_of
from tests.views.forms import filled, form_of
from tests.views.hidden import SECRET, calls, with_hiding_view

CHANGING = [Role.manager, Role.head, Role.admin]


@pytest.fixture(scope="module")
def hiding_app(app):
    bind = db.get_bind()
    db.remove()
    bind.dispose()  # another app opens its own
    return with_hiding_view(create_app(app.config["CRM"], testing=True))


@pytest.fixture
def enter(hiding_app, session):
    def sign_in(role):
        client, user = hiding_app.test_client(), a_user(role)
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = cookie_of(user), True
        return client

    return sign_in


@pytest.fixture
def secret(session):
    return a_client(name=SECRET, city="Kept")


def city_of(session, client):
    session.rollback()
    return session.scalar(select(Client.city).where(Client.id == client.id))


def token(ask):
    return form_of(ask.get("/hiding/new/")).fields["csrf_token"][0]


@pytest.mark.parametrize("role", list(Role))
def test_the_list_and_its_search_do_not_show_it(enter, secret, role):
    a_client(name="Другая")
    ask = enter(role)
    for address in ("/hiding/", f"/hiding/?search={SECRET}", f"/hiding/?group={secret.group_id}"):
        without_chips = re.sub(r'<a class="chip.*?</a>', "", ask.get(address).text, flags=re.DOTALL)
        assert f">{SECRET}<" not in without_chips
    assert "Другая" in ask.get("/hiding/").text


@pytest.mark.parametrize("role", list(Role))
def test_it_is_not_counted(enter, secret, role):
    assert "<strong>0</strong>" in enter(role).get("/hiding/").text


@pytest.mark.parametrize("role", list(Role))
def test_its_details_are_nowhere(enter, secret, role):
    assert enter(role).get(f"/hiding/details/?id={secret.id}").status_code == 404


@pytest.mark.parametrize("role", CHANGING)
def test_it_is_not_edited(enter, session, secret, role):
    ask = enter(role)
    data = {"csrf_token": token(ask), "name": "Mine", "city": "Mine", "group": secret.group_id}
    for answer in (
        ask.get(f"/hiding/edit/?id={secret.id}"),
        ask.post(f"/hiding/edit/?id={secret.id}", data=data),
    ):
        assert answer.status_code == 404
    assert city_of(session, secret) == "Kept"


@pytest.mark.parametrize("role", CHANGING)
def test_it_is_not_edited_in_the_list(enter, session, secret, role):
    ask = enter(role)
    data = {"csrf_token": token(ask), "list_form_pk": secret.id, "city": "Mine"}
    assert ask.post("/hiding/ajax/update/", data=data).status_code == 404
    assert city_of(session, secret) == "Kept"


@pytest.mark.parametrize("role", list(Role))
def test_no_cell_of_it_is_opened_or_changed(enter, session, secret, role):
    ask, where = enter(role), f"/hiding/cell/{secret.id}/city"
    data = {"csrf_token": csrf_of(ask.get("/password/")), "value": "Mine", "was": "Kept"}
    for answer in (ask.get(where), ask.post(where, data=data)):
        assert answer.status_code == 404
        assert "Kept" not in answer.text
    assert city_of(session, secret) == "Kept"


@pytest.mark.parametrize("role", CHANGING)
def test_no_action_reaches_it(enter, session, secret, role):
    ask, other = enter(role), a_client(name="Другая")
    data = {"csrf_token": token(ask), "action": "mark"}
    for row_id in (secret.id, other.id, "1,2", "x", "9" * 30):
        assert ask.post("/hiding/action/", data={**data, "rowid": row_id}).status_code == 302
    assert city_of(session, secret) == "Kept"
    assert city_of(session, other) == "Marked"


@pytest.mark.parametrize("role", CHANGING)
def test_it_is_in_no_file(enter, secret, role):
    a_client(name="Другая")
    ask = enter(role)

    text = ask.get("/hiding/export/csv/").text
    book = openpyxl.load_workbook(BytesIO(ask.get("/hiding/export/xlsx/").data))

    names = [row[0].value for row in book.active.rows]
    assert "Другая" in text
    assert SECRET not in text
    assert names == ["Name", "Другая"]


@pytest.mark.parametrize("role", CHANGING)
def test_it_is_on_no_paper(enter, secret, role):
    a_client(name="Другая")
    page = enter(role).get("/hiding/export/print/").text
    assert "<td>Другая</td>" in page
    assert SECRET not in page


@pytest.mark.parametrize("which", ["ids={}", "all=1", "all=1&ids={}"])
@pytest.mark.parametrize("role", CHANGING)
def test_no_act_on_many_counts_names_or_reaches_it(enter, session, secret, role, which):
    ask, me = enter(role), session.scalars(select(User).where(User.role == role)).one()
    other, tag = a_client(name="Другая", curator=me), a_tag()
    where = f"/hiding-bulk/new?act=tag&{which.format(f'{secret.id},{other.id}')}"
    look = {"csrf_token": csrf_of(ask.get("/password/")), "target": tag.id, "key": "k", "step": "look"}

    pages = [ask.get(where).text, ask.post(where, data=look).text]
    done = ask.post(where, data=look | {"step": "start"})

    assert done.status_code == 302
    assert all(SECRET not in page for page in [*pages, ask.get(done.location).text])
    session.rollback()
    assert session.scalars(select(client_tag.c.client_id)).all() == [other.id]
    assert session.scalars(select(BulkRow.client_id)).all() == [other.id]


@pytest.mark.parametrize("role", list(Role))
def test_no_picker_offers_it(enter, secret, role):
    a_client(name=f"{SECRET} и ещё")
    answer = enter(role).get(f"/hiding/ajax/lookup/?name=recommended_by&query={SECRET}")
    assert [name for _id, name in answer.get_json()] == [f"{SECRET} и ещё"]


@pytest.mark.parametrize("role", CHANGING)
def test_it_cannot_be_picked_by_hand(enter, session, secret, role):
    other, known = a_client(), a_client()
    ask = enter(role)
    address = f"/hiding/edit/?id={other.id}"
    filled(ask, address, recommended_by=known.id)

    answer = filled(ask, address, recommended_by=secret.id)

    assert answer.status_code == 422
    assert "recommended_by-error" in answer.text
    session.rollback()
    assert session.scalar(select(Client.recommended_by_id).where(Client.id == other.id)) == known.id


@pytest.mark.parametrize("role", CHANGING)
def test_a_row_one_sees_and_may_not_change_is_changed_by_no_door(enter, session, role):
    locked = a_client(city="Locked", name="Видна")
    ask = enter(role)
    sent = {"csrf_token": token(ask), "group": locked.group_id}

    assert "Видна" in (page := ask.get("/hiding/").text)
    assert f"/hiding/edit/?id={locked.id}" not in page
    assert ask.get(f"/hiding/edit/?id={locked.id}").status_code == 403
    assert ask.post(f"/hiding/edit/?id={locked.id}", data={**sent, "city": "Mine"}).status_code == 403
    inline = ask.post("/hiding/ajax/update/", data={**sent, "list_form_pk": locked.id, "city": "Mine"})
    cell = ask.post(f"/hiding/cell/{locked.id}/city", data={**sent, "value": "Mine", "was": "Locked"})
    ask.post("/hiding/action/", data={**sent, "action": "mark", "rowid": locked.id})

    assert inline.status_code == 403
    assert inline.mimetype == "text/plain"
    assert cell.status_code == 403
    assert city_of(session, locked) == "Locked"
    assert "Видна" not in ask.get("/hiding/export/csv/").text
    assert "Видна" not in ask.get("/hiding/export/print/").text


@pytest.mark.parametrize("role", CHANGING)
def test_a_row_of_ones_own_is_edited_in_the_list(enter, session, role):
    row, ask = a_client(), enter(role)
    answer = ask.post(
        "/hiding/ajax/update/", data={"csrf_token": token(ask), "list_form_pk": row.id, "city": "Тверь"}
    )
    assert answer.status_code == 200
    assert city_of(session, row) == "Тверь"


def test_whoever_may_not_change_edits_nothing_in_the_list(enter, session):
    row, ask = a_client(city="Kept"), enter(Role.colleague)
    answer = ask.post("/hiding/ajax/update/", data={"list_form_pk": row.id, "city": "Mine"})
    assert answer.status_code == 403
    assert city_of(session, row) == "Kept"


@pytest.mark.parametrize("role", CHANGING)
@pytest.mark.parametrize("door", ["/hiding/new/", "/hiding/edit/", "/hiding/ajax/update/"])
def test_what_the_database_refuses_is_told_without_its_words(enter, session, caplog, door, role):
    """A name the check would have refused reaches the database here, and its refusal stays in the log."""
    a_client(inn="7707083893")
    row, ask = a_client(), enter(role)
    data = {"csrf_token": token(ask), "name": "Имя", "inn": "7707083893", "group": row.group_id}
    if door.endswith("update/"):
        data = {"csrf_token": data["csrf_token"], "list_form_pk": row.id, "city": "x" * 500}

    answer = ask.post(door, query_string={"id": row.id}, data=data)

    assert answer.status_code == 422
    for word in (
        "INSERT",
        "UPDATE ",
        "IntegrityError",
        "UNIQUE",
        "uq_client",
        "sqlalche",
        "psycopg",
        "Traceback",
    ):
        assert word not in answer.text
    if not door.endswith("update/"):
        number = caplog.records[-1].getMessage().split()[1]
        assert number in answer.text


def test_a_mistake_of_ours_is_made_once_logged_as_it_is_and_not_told(enter, caplog):
    """Flask-Admin swallows a TypeError, calls the view again in another way, and logs what comes of that."""
    calls.clear()
    answer = enter(Role.admin).get("/hiding/broken/")
    assert answer.status_code == 500
    assert "a mistake of ours" not in answer.text
    assert len(calls) == 1
    assert str(caplog.records[-1].exc_info[1]) == "a mistake of ours"
