"""No change without a token of ours, and no way out of the program by an address of it."""

import pytest
from sqlalchemy import func, select

from models import JournalEntry
from tests.factories import a_client, a_user, an_interaction
from tests.views.doors import ROLES, a_row, screens, token_of
from tests.views.forms import filled, form_of

EVIL = ["http:evil", "http:/evil", "http://evil.ru/", "//evil.ru", "/\\evil.ru", "\\\\evil.ru",
        "javascript:alert(1)", "/\t/evil.ru", "https:evil.ru", " //evil.ru", "/\n/evil.ru"]  # fmt: skip


@pytest.mark.parametrize("token", ["", "x", "20990101000000##deadbeef"])
@pytest.mark.parametrize("role", ROLES)
def test_nothing_changes_without_our_token(app, session, signed_in, role, token):
    me = a_user(role)
    client = a_client(curator=me, name="Kept")
    mine = an_interaction(person=me, client=client)
    ask = signed_in(me)
    before = session.scalar(select(func.count()).select_from(JournalEntry))
    rows = {"/clients": client, "/interactions": mine}
    for view in screens(app):
        row = rows.get(view.url) or a_row(view)
        before = session.scalar(select(func.count()).select_from(JournalEntry))
        for door in (f"edit/?id={row.id}", "new/", "delete/", "action/", "ajax/update/"):
            typed = dict.fromkeys(("name", "name_ru", "code", "login"), "xx")
            about = {"action": "archive", "rowid": row.id, "client": client.id, "kind": mine.kind_id}
            data = {"csrf_token": token, "minutes": 5, **typed, **about}
            status = ask.post(f"{view.url}/{door}", data=data).status_code
            assert status in {302, 400, 403, 404}, (view.url, door)
        assert session.scalar(select(func.count()).select_from(JournalEntry)) == before, view.url


def test_a_token_that_is_too_old_keeps_what_was_typed(session, signed_in):
    ask = signed_in(me := a_user())
    client = a_client(curator=me)
    answer = filled(ask, f"/clients/edit/?id={client.id}", city="Тверь", csrf_token="20010101000000##0")

    assert answer.status_code == 400
    assert form_of(answer).fields["city"] == ["Тверь"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("address", EVIL)
def test_no_address_of_ours_leads_elsewhere(app, session, signed_in, role, address):
    ask = signed_in(me := a_user(role))
    client = a_client(curator=me)
    token = token_of(ask)
    for view in screens(app):
        for door in ("", "new/", "edit/", "details/", "export/csv/"):
            answer = ask.get(f"{view.url}/{door}", query_string={"id": client.id, "url": address})
            assert refused(answer), (view.url, door)
        for door in ("new/", "delete/", "action/"):
            answer = ask.post(
                f"{view.url}/{door}", data={"csrf_token": token, "url": address, "rowid": client.id}
            )
            assert refused(answer), (view.url, door)
    mine = an_interaction(person=me, client=client)
    saved = filled(ask, f"/interactions/edit/?id={mine.id}&url=/clients/", note="Новое", url=address)
    assert refused(saved)


def refused(answer):
    return answer.status_code in {400, 403} and "Location" not in answer.headers
