"""The form of an act on many clients: sent twice, sent after something has changed, opened from a link."""

from sqlalchemy import select

from crmadmin.services import bulk
from models import BulkAct
from models.kinds import Role
from tests.factories import a_client, a_client_group, a_tag, a_user
from tests.support import csrf_of
from tests.views.test_bulk import archived, chosen, groups, started, typed


def sent_by(page, **fields):
    """With the number that the page shows."""
    return typed(page, step="start", due=page.text.split('name="due" value="')[1].split('"')[0], **fields)


def test_whoever_was_shown_one_client_is_asked_again_before_six_are_changed(session, signed_in):
    group = a_client_group()
    rows = [a_client(group=group)]
    ask = signed_in(a_user(Role.head))
    where = chosen(ask, "archive", rows, url=f"/clients/?group={group.id}", all="1").location
    page = ask.get(where)
    rows += [a_client(group=group) for _n in range(5)]

    answer = ask.post(where, data=sent_by(page))

    assert answer.status_code == 422
    assert "It would change 6 clients now, not 1 as you were shown: look again." in answer.text
    assert session.scalars(select(BulkAct)).all() == []
    assert not any(archived(session, *rows))
    assert ask.post(where, data=sent_by(answer)).status_code == 302
    assert all(archived(session, *rows))


def test_a_number_that_is_none_is_not_what_was_shown(session, signed_in):
    row = a_client()
    ask = signed_in(a_user(Role.head))
    where = chosen(ask, "archive", [row], url="/clients/").location

    assert ask.post(where, data=sent_by(ask.get(where)) | {"due": "x"}).status_code == 422
    assert archived(session, row) == [False]


def test_a_form_sent_again_with_something_else_in_it_is_another_act(session, signed_in):
    head, one, other = a_user(Role.head), a_client_group(), a_client_group()
    row, second = a_client(), a_client()
    ask = signed_in(head)
    where = chosen(ask, "group", [row], url="/clients/").location
    sent = typed(ask.get(where), step="start", reason="x")

    ask.post(where, data=sent | {"target": one.id})
    ask.post(where, data=sent | {"target": other.id})
    assert groups(session, row) == [other.id]
    elsewhere = chosen(ask, "group", [second], url="/clients/").location
    ask.post(elsewhere, data=sent | {"target": one.id})
    ask.post(elsewhere, data=sent | {"target": one.id})
    assert groups(session, second) == [one.id]
    ask.post(chosen(ask, "tag", [second], url="/clients/").location, data=sent | {"target": a_tag().id})
    assert len(session.scalars(select(BulkAct)).all()) == 4


def test_a_link_to_an_act_goes_on_with_nothing(session, signed_in, monkeypatch):
    monkeypatch.setattr(bulk, "SLICE", 2)
    ask = signed_in(a_user(Role.head))

    address = started(ask, "archive", [a_client() for _n in range(9)]).location

    assert GOES_ON in ask.get(address).text  # whoever has just begun it
    for link in (address, f"{address}?go=1"):
        assert GOES_ON not in ask.get(link).text
    assert "Go on with the rest" in ask.get(address).text


def test_the_rest_is_done_by_one_button_and_one_slice_by_the_other(session, signed_in, monkeypatch):
    monkeypatch.setattr(bulk, "SLICE", 2)
    ask = signed_in(a_user(Role.head))
    address = started(ask, "archive", [a_client() for _n in range(9)]).location
    sent = {"csrf_token": csrf_of(ask.get(address))}

    def part(**more):
        return ask.post(f"{address}/next", data=sent | more, headers={"HX-Request": "true"}).text

    assert GOES_ON in part(go="1")
    assert GOES_ON not in part()


GOES_ON = 'hx-trigger="load delay'
