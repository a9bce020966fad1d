"""An act on many clients that stopped in the middle is not forgotten: pages say so, and next day a notice."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.services import unfinished
from models import Notice
from models.kinds import NoticeKind, Role
from tests.conftest import NOON
from tests.factories import a_bulk_act, a_user
from views import daily


@pytest.fixture
def head(session):
    return a_user(Role.head)


def left(by, **given):
    start = {"by_id": by.id, "by_name": by.name, "total": 900, "left": 40, "reached": 1}
    return a_bulk_act(**start | given)


def test_every_page_leads_on_to_what_one_has_left_in_the_middle(session, signed_in, head):
    ask, other = signed_in(head), signed_in(a_user(Role.head))
    act = left(head)
    for page in ("/clients/", "/history/", "/groups/"):
        text = ask.get(page, buffered=True).text
        assert "40 clients are left" in text
        assert f'href="/bulk/{act.id}"' in text
        assert "and others" not in text
        assert "clients are left" not in other.get(page, buffered=True).text
    assert 'class="unfinished"' not in ask.get(f"/bulk/{act.id}").text
    left(head)
    assert "and others" in ask.get("/groups/", buffered=True).text


def test_what_is_finished_or_undone_is_not_said_and_an_undoing_is_said_to_whoever_undoes(
    session, signed_in, head
):
    other = a_user(Role.head)
    now = clock.now()
    left(head, finished_at=now)
    left(head, finished_at=now, undo_at=now, undone_at=now, undo_by_id=other.id)
    assert "not finished" not in signed_in(head).get("/groups/", buffered=True).text.lower()
    left(head, finished_at=now, undo_at=now, undo_by_id=other.id, left=3)
    assert "not finished" not in signed_in(head).get("/groups/", buffered=True).text.lower()
    assert "3 clients are left" in signed_in(other).get("/groups/", buffered=True).text


def test_it_costs_a_question_only_where_there_is_one(session, signed_in, head, queries):
    ask, costs = signed_in(head), []
    ask.get("/groups/", buffered=True)
    for _n in range(4):
        with queries().counting() as seen:
            ask.get("/groups/", buffered=True)
        costs.append(len(seen))
        left(head)
    assert costs == [costs[0], *[costs[0] + 1] * 3]


def test_the_next_day_whoever_began_it_is_told_once(app, session, signed_in, head, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DAILY_ANCHORS", True)
    monkeypatch.setitem(app.config, "ANCHORS_FILE", tmp_path / "anchors.txt")
    monkeypatch.delitem(app.extensions, daily.DONE, raising=False)
    act, undoer = left(head), a_user(Role.head)
    left(head, finished_at=clock.now())
    left(head, finished_at=clock.now(), undo_at=clock.now(), undo_by_id=undoer.id)
    assert daily.tell() == 0
    with clock.stopped_at(NOON + timedelta(days=1)):
        browser = signed_in(a_user())
        browser.get("/groups/", buffered=True)
        assert daily.tell() == 2
    app.extensions.pop(daily.DONE, None)

    rows = session.scalars(select(Notice).where(Notice.kind == NoticeKind.act_unfinished)).all()
    assert sorted(row.person_id for row in rows) == sorted([head.id, undoer.id])
    page = signed_in(head).get("/notices/").text
    assert "40 clients of 900 are left" in page
    assert f'value="/bulk/{act.id}"' in page
    assert unfinished.tell_whoever_began() == 0  # of today nobody is told yet
