"""Acts on many clients, by their pages: chosen in the list, previewed, done, continued, undone."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from crmadmin.services import bulk
from models import BulkAct, Client
from models.kinds import Role
from tests.factories import a_bulk_act, a_client, a_client_group, a_tag, a_user, together
from tests.support import csrf_of


def token(ask):
    return csrf_of(ask.get("/password/"))


def chosen(ask, action, rows=(), **more):
    """What the list's bar sends: leads to the act's page."""
    data = {"csrf_token": token(ask), "action": f"bulk_{action}", "rowid": [row.id for row in rows], **more}
    return ask.post("/clients/action/", data=data)


def typed(page, **fields):
    key = page.text.split('name="key" value="')[1].split('"')[0]
    return {"csrf_token": csrf_of(page), "key": key, **fields}


def started(ask, action, rows=(), *, target=None, url="/clients/", **fields):
    where = chosen(ask, action, rows, url=url).location
    sent = typed(ask.get(where), step="start", **fields)
    return ask.post(where, data=sent | ({"target": target.id} if target else {}))


def now(session, *rows):
    """The rows as they are kept: each request begins and ends with a session of its own."""
    return [session.get_one(type(row), row.id, populate_existing=True) for row in rows]


def groups(session, *rows):
    return [row.group_id for row in now(session, *rows)]


def archived(session, *rows):
    return [row.archived for row in now(session, *rows)]


def only_act(session):
    return session.scalars(select(BulkAct)).one()


def test_ticked_clients_are_moved_as_far_as_they_are_ones_own(session, signed_in):
    me, group = a_user(), a_client_group()
    mine, foreign = a_client(curator=me), a_client(curator=a_user())
    ask = signed_in(me)

    answer = started(ask, "group", [mine, foreign], target=group, reason="Осмотр")

    page = ask.get(answer.location).text
    assert groups(session, mine, foreign) == [group.id, foreign.group_id]
    assert foreign.name in page
    assert mine.name not in page
    assert only_act(session).counts == {"done": 1, "not_yours": 1}


def test_the_button_names_what_it_will_do(session, signed_in):
    me, group = a_user(Role.head), a_client_group(name_en="Key ones")
    where = chosen(ask := signed_in(me), "group", [a_client(), a_client()], url="/clients/").location
    page = ask.post(where, data=typed(ask.get(where), step="look", target=group.id))
    assert ">Move to a group: Key ones – 2 clients</button>" in page.text


def test_earlier_acts_say_how_many_clients_they_changed(session, signed_in):
    me, group = a_user(), a_client_group()
    mine, foreign = a_client(curator=me), a_client(curator=a_user())
    ask = signed_in(me)
    started(ask, "group", [mine, foreign], target=group, reason="Осмотр")

    assert ">1 of 2<" in ask.get("/bulk/").text


def test_all_rows_found_are_those_of_the_lists_address(session, signed_in):
    tag, group = a_tag(), a_client_group()
    rows = [a_client(group=group) for _n in range(60)]
    other = a_client()
    ask = signed_in(a_user(Role.head))

    where = chosen(ask, "tag", rows[:2], url=f"/clients/?group={group.id}&page=1", all="1").location
    assert parse_qs(urlsplit(where).query)["list"] == [f"group={group.id}"]
    answer = ask.post(where, data=typed(ask.get(where), step="start", target=tag.id))

    assert answer.status_code == 302
    assert len(session.scalars(select(Client).where(Client.tags.any())).all()) == 60
    assert now(session, other)[0].tags == []


def test_a_preview_counts_and_changes_nothing(session, signed_in):
    me, group = a_user(), a_client_group()
    rows = [a_client(curator=me, group=group), a_client(curator=me), a_client()]
    ask = signed_in(me)
    where = chosen(ask, "group", rows, url="/clients/").location

    page = ask.post(where, data=typed(ask.get(where), target=group.id))

    assert page.status_code == 200
    assert f"Move to a group: {group.name} – 1 client" in " ".join(page.text.split())
    assert "somebody else&#39;s client" in page.text
    assert session.scalars(select(BulkAct)).all() == []
    assert groups(session, *rows) == [row.group_id for row in rows]


def test_a_form_sent_twice_is_one_act(session, signed_in):
    head, rows = a_user(Role.head), [a_client()]
    ask = signed_in(head)
    where = chosen(ask, "archive", rows, url="/clients/").location
    sent = typed(ask.get(where), step="start")

    first, second = ask.post(where, data=sent), ask.post(where, data=sent)

    assert first.location == second.location
    assert only_act(session).total == 1


def test_a_large_act_goes_on_slice_by_slice_and_after_an_interruption(session, signed_in, monkeypatch):
    monkeypatch.setattr(bulk, "SLICE", 2)
    rows = [a_client() for _n in range(5)]
    ask = signed_in(a_user(Role.head))

    page = ask.get(started(ask, "archive", rows).location)

    assert 'hx-trigger="load delay' in page.text
    where = f"/bulk/{only_act(session).id}"
    assert not any(archived(session, *rows))
    part = ask.post(f"{where}/next", data={"csrf_token": csrf_of(page)}, headers={"HX-Request": "true"})
    assert "2 of 5" in part.text
    assert "Go on with the rest" in ask.get(where).text  # the browser was closed meanwhile
    for _turn in range(2):
        part = ask.post(f"{where}/next", data={"csrf_token": csrf_of(page)}, headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == where
    assert only_act(session).finished_at
    assert all(archived(session, *rows))


def test_an_undo_leaves_what_was_changed_since_and_says_by_whom(session, signed_in):
    head, later, mine = a_user(Role.head), a_user(Role.head, name="Вера Позже"), a_client_group()
    rows = [a_client(), a_client()]
    before = [row.group_id for row in rows]
    ask = signed_in(head)
    where = started(ask, "group", rows, target=mine, reason="Осмотр").location
    started(signed_in(later), "group", rows[:1], target=a_client_group(), reason="Ещё раз")
    moved = groups(session, rows[0])[0]

    page = ask.get(f"{where}/undo")

    assert "Вера Позже" in page.text
    assert rows[0].name in page.text
    assert rows[1].name not in page.text
    ask.post(f"{where}/undo", data={"csrf_token": csrf_of(page)})
    assert groups(session, *rows) == [moved, before[1]]
    assert rows[0].name in ask.get(where).text
    ask.post(f"{where}/undo", data={"csrf_token": csrf_of(page), "pick": rows[0].id})
    assert groups(session, *rows) == before


def test_a_stranger_is_sent_to_sign_in_and_a_colleague_is_refused(session, app, signed_in):
    act = a_bulk_act()
    for address in ("/bulk/", "/bulk/new?act=archive&all=1", f"/bulk/{act.id}", f"/bulk/{act.id}/undo"):
        assert app.test_client().get(address).status_code == 302
        assert signed_in(a_user(Role.colleague)).get(address).status_code == 403


def test_an_act_of_somebody_else_is_for_the_head_to_see(session, signed_in):
    other = a_user()
    act = a_bulk_act(by_id=other.id, by_name=other.name)

    assert signed_in(a_user()).get(f"/bulk/{act.id}").status_code == 404
    assert signed_in(a_user(Role.head)).get(f"/bulk/{act.id}").status_code == 200
    assert other.name not in signed_in(a_user()).get("/bulk/").text
    assert other.name in signed_in(a_user(Role.head)).get("/bulk/").text


def test_a_manager_gives_no_clients_away(session, signed_in):
    me = a_user()
    ask = signed_in(me)
    mine, other = a_client(curator=me), a_user()

    assert "bulk_curator" not in ask.get("/clients/").text
    assert chosen(ask, "curator", [mine], url="/clients/").status_code == 403
    where = f"/bulk/new?act=curator&ids={mine.id}"
    answer = ask.post(
        where, data={"csrf_token": token(ask), "step": "start", "target": other.id, "reason": "x"}
    )
    assert answer.status_code in {403, 422}
    assert now(session, mine)[0].curator_id == me.id


@pytest.mark.parametrize(
    "address",
    [
        "/bulk/new", "/bulk/new?act=drop", "/bulk/999999999", "/bulk/99999999999999999999", "/bulk/0/undo",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(session, signed_in, address):
    assert signed_in(a_user(Role.head)).get(address).status_code == 404


@pytest.mark.parametrize(
    ("kind", "typed_in"),
    [
        ("group", {"target": ""}), ("group", {"target": "x", "reason": "y"}),
        ("group", {"target": "7777777"}),
        ("group", {"target": "99999999999999"}), ("channel", {"target": ""}), ("tag", {"target": "none"}),
        ("plan", {"target": "", "at": "tomorrow"}), ("plan", {"at": "1999-01-01T10:00"}),
        ("plan", {"per_day": "-1"}), ("curator", {"target": "none", "reason": "z" * 501}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_done(session, signed_in, kind, typed_in):
    row = a_client()
    ask = signed_in(a_user(Role.head))
    where = f"/bulk/new?act={kind}&ids={row.id}"

    answer = ask.post(where, data=typed(ask.get(where), step="start", **typed_in))

    assert answer.status_code == 422
    assert session.scalars(select(BulkAct)).all() == []


def test_nothing_is_done_without_the_pages_token(session, signed_in):
    row, act = a_client(), a_bulk_act(by_id=None)
    ask = signed_in(a_user(Role.head))

    for where in (f"/bulk/new?act=archive&ids={row.id}", f"/bulk/{act.id}/next", f"/bulk/{act.id}/undo"):
        assert ask.post(where, data={"step": "start"}).status_code == 400
    assert archived(session, row) == [False]


def test_ids_that_are_none_find_nobody(session, signed_in):
    row = a_client()
    ask = signed_in(a_user(Role.head))
    where = f"/bulk/new?act=archive&ids=x,,{2**40},-1"

    answer = ask.post(where, data=typed(ask.get(where), step="start"))

    assert answer.status_code == 422
    assert archived(session, row) == [False]


def test_pages_cost_the_same_with_two_clients_and_with_two_hundred(session, signed_in, queries):
    head = a_user(Role.head)
    ask = signed_in(head)
    costs: list[list[int]] = []
    for number in (2, 200):
        with together():
            rows = [a_client(curator=a_user()) for _n in range(number)]
        where = started(ask, "group", rows, target=a_client_group(), reason="Осмотр").location
        started(signed_in(a_user(Role.head)), "group", rows, target=a_client_group(), reason="Потом")
        cost: list[int] = []
        new = f"/bulk/new?act=archive&ids={','.join(str(row.id) for row in rows)}"
        for address in (new, where, f"{where}/undo", "/bulk/"):
            session.remove()
            with queries().counting() as seen:
                assert ask.get(address).status_code == 200
            cost.append(len(seen))
        costs.append(cost)
    assert costs[0] == costs[1]


def test_the_card_still_archives_one_client_at_once(session, signed_in):
    me = a_user()
    mine = a_client(curator=me)
    ask = signed_in(me)

    ask.post("/clients/action/", data={"csrf_token": token(ask), "action": "archive", "rowid": mine.id})

    assert archived(session, mine) == [True]
