"""What is due is told once, to whoever answers for it, also after days without a tick."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.services import department, due
from crmadmin.services.department import REQUEST_TOLD_DAYS
from models import Notice
from models.kinds import InteractionState, NoticeKind, PromiseSide, PromiseState, Role
from tests.conftest import NOON
from tests.factories import (
    a_plan,
    a_promise,
    a_substitution,
    a_user,
    a_wish,
    an_absence,
    an_interaction,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(session):
    return {(row.person_id, row.kind, row.subject_id) for row in session.scalars(select(Notice))}


def each_minute(start, end):
    """Ticks a quarter of an hour apart."""
    since, at = None, start
    while at <= end:
        with clock.stopped_at(at):
            due.tell(since)
        since, at = at, at + timedelta(minutes=15)


def test_a_planned_contact_is_told_half_an_hour_before_and_once(session, client, anna):
    plan = a_plan(client=client, person=anna, happened_at=NOON + HOUR)
    due.tell(NOON - HOUR)
    assert told(session) == set()
    each_minute(NOON + HOUR / 2, NOON + 2 * HOUR)

    assert told(session) == {(anna.id, NoticeKind.contact_due, plan.id)}
    assert len(session.scalars(select(Notice)).all()) == 1


def test_what_nobody_says_took_place_is_told_once_more_the_day_after(session, client, anna):
    a_plan(client=client, person=anna, happened_at=NOON + HOUR)
    each_minute(NOON, NOON + 2 * DAY)

    rows = session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [row.data["late"] for row in rows] == [False, True]


def test_a_plan_that_is_moved_is_told_again(session, client, anna):
    plan = a_plan(client=client, person=anna, happened_at=NOON + HOUR / 2)
    due.tell(NOON)
    plan.happened_at = plan.planned_for = NOON + DAY
    session.flush()
    with clock.stopped_at(NOON + DAY):
        due.tell(NOON)

    assert len(session.scalars(select(Notice)).all()) == 2


def test_what_was_missed_in_three_days_is_told_after_them(session, client, anna):
    plan = a_plan(client=client, person=anna, happened_at=NOON - 2 * DAY)
    promise = a_promise(client=client, person=anna, due_at=NOON - 2 * DAY)
    wish = a_wish(client=client, come_back_on=date(2026, 2, 28))
    asked = an_interaction(client=client, person=anna, happened_at=NOON - 5 * DAY, request="Цены?")
    due.tell(NOON - 3 * DAY)

    assert told(session) == {
        (anna.id, NoticeKind.contact_due, plan.id),
        (anna.id, NoticeKind.promise_overdue, promise.id),
        (anna.id, NoticeKind.wish_returns, wish.id),
        (anna.id, NoticeKind.request_waits, asked.id),
    }
    due.tell(NOON - 3 * DAY)
    assert len(session.scalars(select(Notice)).all()) == 4


def test_a_request_is_told_after_as_many_days_as_were_agreed_on(session, client, anna):
    with clock.stopped_at(NOON - 20 * DAY):
        department.change(REQUEST_TOLD_DAYS, "5", by=a_user(Role.head))
    asked = an_interaction(client=client, person=anna, happened_at=NOON - 5 * DAY, request="Цены?")
    due.tell(NOON - HOUR)
    assert told(session) == {(anna.id, NoticeKind.request_waits, asked.id)}


def test_fewer_days_tell_also_what_waited_for_the_old_number(session, client, anna):
    head = a_user(Role.head)
    with clock.stopped_at(NOON - 20 * DAY):
        department.change(REQUEST_TOLD_DAYS, "10", by=head)
    waiting = [
        an_interaction(client=client, person=anna, happened_at=NOON - days * DAY, request="Цены?")
        for days in (2, 5, 8)
    ]
    due.tell(NOON - HOUR)
    assert told(session) == set()
    department.change(REQUEST_TOLD_DAYS, "4", by=head)
    with clock.stopped_at(NOON + HOUR):
        due.tell(NOON)
        due.tell(NOON)

    assert told(session) == {(anna.id, NoticeKind.request_waits, each.id) for each in waiting[1:]}
    assert len(session.scalars(select(Notice)).all()) == 2


@pytest.mark.parametrize("side", list(PromiseSide))
def test_a_promise_is_told_a_day_before_and_when_it_is_overdue(session, client, anna, side):
    boris = a_user()
    promise = a_promise(client=client, person=boris, due_at=NOON + DAY, side=side)
    due.tell(NOON - HOUR)
    assert told(session) == {(boris.id, NoticeKind.promise_due, promise.id)}
    with clock.stopped_at(NOON + DAY):
        due.tell(NOON)

    assert told(session) == {
        (boris.id, NoticeKind.promise_due, promise.id),
        (boris.id, NoticeKind.promise_overdue, promise.id),
        (anna.id, NoticeKind.promise_overdue, promise.id),
    }


def test_what_is_settled_answered_or_called_off_is_not_told(session, client, anna):
    a_promise(client=client, person=anna, due_at=NOON, state=PromiseState.kept, settled_at=NOON)
    an_interaction(
        client=client, person=anna, happened_at=NOON - 4 * DAY, request="Цены?", reaction="Посланы"
    )
    an_interaction(client=client, person=anna, happened_at=NOON - 4 * DAY, request="Цены?", answered_at=NOON)
    an_interaction(
        client=client,
        person=anna,
        happened_at=NOON,
        state=InteractionState.cancelled,
        cancel_reason="нет",
    )
    due.tell(NOON - DAY)

    assert told(session) == set()


def test_whoever_acts_for_an_absent_curator_is_told_instead_of_him(session, client, anna):
    boris = a_user()
    absence = an_absence(person=anna, starts_at=NOON - DAY, ends_at=NOON + DAY)
    a_substitution(absence=absence, substitute=boris)
    plan, promise = (
        a_plan(client=client, person=anna, happened_at=NOON),
        a_promise(client=client, person=anna, due_at=NOON),
    )
    wish = a_wish(client=client, come_back_on=NOON.date())
    due.tell(NOON - HOUR)

    assert told(session) == {
        (boris.id, NoticeKind.contact_due, plan.id),
        (boris.id, NoticeKind.promise_overdue, promise.id),
        (boris.id, NoticeKind.wish_returns, wish.id),
    }


def test_what_somebody_planned_who_has_left_is_the_curator_s(session, client, anna):
    gone = a_user(active=False)
    plan = a_plan(client=client, person=gone, happened_at=NOON)
    due.tell(NOON - HOUR)

    assert told(session) == {(anna.id, NoticeKind.contact_due, plan.id)}


def test_a_tick_costs_the_same_however_much_is_due(session, client, anna, queries):
    def cost():
        with queries().counting() as seen:
            due.tell(NOON - HOUR)
        return len(seen)

    a_plan(client=client, person=anna, happened_at=NOON)
    first = cost()
    for _n in range(30):
        a_plan(client=client, person=anna, happened_at=NOON)
    assert cost() <= first


@pytest.mark.parametrize("back", [3, 6, 13])
def test_a_request_that_was_written_down_late_is_told_at_once(session, client, anna, back):
    with clock.stopped_at(NOON - 20 * DAY):
        department.change(REQUEST_TOLD_DAYS, "1", by=a_user(Role.head))
    asked = an_interaction(client=client, person=anna, happened_at=NOON - back * DAY, request="Цены?")
    with clock.stopped_at(NOON + HOUR):
        due.tell(NOON + HOUR - timedelta(minutes=1))

    assert told(session) == {(anna.id, NoticeKind.request_waits, asked.id)}
