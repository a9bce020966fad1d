"""Two ways to look at oneself: what might be missed, and what is in reach; nobody else's."""

from datetime import date, timedelta

import pytest

from crmadmin.core import clock
from crmadmin.core.i18n import start_of, today
from crmadmin.rules.periods import Unit, around, before
from crmadmin.rules.reach import Goal, Streak
from crmadmin.services import kpi, kpi_look
from crmadmin.services.kpi_look import Best
from models import JournalEntry
from models.kinds import InteractionState, KpiLook, Role
from tests.factories import (
    a_client,
    a_client_group,
    a_promise,
    a_user,
    an_absence,
    an_interaction,
    an_interaction_kind,
)

WEEK = around(Unit.week, date(2026, 3, 2))
LONG_AGO = date(2025, 1, 1)


def hours(number):
    return timedelta(hours=number)


def days(number):
    return timedelta(days=number)


@pytest.fixture
def call(session):
    return an_interaction_kind(code="call")


@pytest.fixture
def anna(session):
    with clock.stopped_at(start_of(LONG_AGO)):
        return a_user(name="Анна")


def talk(person, call, at, *, late=timedelta(0), client=None):
    client = client or a_client(curator=person)
    return an_interaction(person=person, client=client, kind=call, happened_at=at, recorded_at=at + late)


def week_of(person, call, weeks_ago, contacts):
    """So many contacts from the Monday of a week on, three a day, each written down at once."""
    start = start_of(before(WEEK, weeks_ago).start if weeks_ago else WEEK.start) + hours(9)
    for number in range(contacts):
        talk(person, call, start + days(number // 3) + hours(number % 3))


def reached(person, unit=Unit.week):
    return kpi_look.reached(person, kpi.of_person(person, person.id, around(unit, today())))


# Nothing missed


def test_what_is_due_today_and_what_is_late_is_told_apart(session, anna, call, noon):
    client = a_client(curator=anna)
    plan = {"client": client, "kind": call, "person": anna, "state": InteractionState.planned}
    this_morning = an_interaction(**plan, happened_at=noon - hours(2))
    tonight = an_interaction(**plan, happened_at=noon + hours(6))
    an_interaction(**plan, happened_at=noon + days(1))
    yesterday = an_interaction(**plan, happened_at=noon - days(1))
    owed = a_promise(client=client, person=anna, due_at=noon + hours(3))
    overdue = a_promise(client=client, person=anna, due_at=noon - hours(1))
    a_promise(client=client, person=anna, due_at=noon + days(2))
    asked = an_interaction(client=client, request="Цены?", reaction="", happened_at=noon - days(2))
    waits = an_interaction(client=client, request="Цены?", reaction="", happened_at=noon - days(20))

    found = kpi_look.missed(anna)

    assert (found.today.plans, found.late.plans) == ([this_morning, tonight], [yesterday])
    assert (found.today.promises, found.late.promises) == ([owed], [overdue])
    assert (found.today.requests, found.late.requests) == ([asked], [waits])
    assert (found.today.many, found.late.many) == (4, 3)


@pytest.mark.parametrize(
    ("since", "is_soon"), [(7.9, False), (8.1, True), (9.9, True), (10.1, False)], ids=str
)
def test_a_client_in_the_last_fifth_of_its_rhythm_will_be_silent_soon(
    session, anna, call, noon, since, is_soon
):
    with clock.stopped_at(noon - days(100)):
        client = a_client(curator=anna, group=a_client_group(rhythm_days=10))
        put_away = a_client(curator=anna, group=client.group, archived_at=noon)
        others = a_client(curator=a_user(), group=client.group)
    for each in (client, put_away, others):
        talk(anna, call, noon - days(since), client=each)
    found = kpi_look.missed(anna).soon
    assert [each for each, _silence in found] == ([client] if is_soon else [])


def test_the_nearest_to_silence_comes_first(session, anna, call, noon):
    with clock.stopped_at(noon - days(100)):
        first, second = (a_client(curator=anna, rhythm_days=10) for _ in range(2))
    talk(anna, call, noon - days(8.5), client=first)
    talk(anna, call, noon - days(9.5), client=second)
    assert [client for client, _silence in kpi_look.missed(anna).soon] == [second, first]


def test_of_others_nothing_is_told(session, call, noon, anna):
    boris = a_user()
    client = a_client(curator=boris, rhythm_days=10)
    an_interaction(
        client=client, kind=call, person=boris, state=InteractionState.planned, happened_at=noon - days(1)
    )
    a_promise(client=client, person=boris, due_at=noon - days(1))
    an_interaction(client=client, request="Цены?", reaction="", happened_at=noon - days(9))
    found = kpi_look.missed(anna)
    assert (found.today.many, found.late.many, found.soon) == (0, 0, [])


# What is in reach


def test_records_are_the_best_of_his_weeks_and_months(session, anna, call):
    for weeks_ago, contacts in ((1, 5), (3, 9), (5, 9), (20, 4)):
        week_of(anna, call, weeks_ago, contacts)
    found = reached(anna)
    assert found.weeks["contacts"] == Best(9, before(WEEK, 3)), "the latest of two that are alike"
    assert found.months["contacts"] == Best(14, around(Unit.month, date(2026, 2, 1)))
    assert "meetings" not in found.weeks, "no record of none"


def test_of_what_is_better_the_less_there_is_of_it_the_record_is_the_least(session, anna, call):
    for weeks_ago, late in ((1, hours(5)), (2, hours(2)), (3, hours(20))):
        for number in range(3):
            talk(anna, call, start_of(before(WEEK, weeks_ago).start) + hours(9) + days(number), late=late)
    talk(anna, call, start_of(before(WEEK, 4).start) + hours(9))  # one alone says little of a median
    best = reached(anna).weeks["lag"]
    assert (best.value, best.period) == (pytest.approx(2), before(WEEK, 2))


def test_a_week_that_goes_on_is_no_record_yet(session, anna, call):
    week_of(anna, call, 0, 2)
    assert reached(anna).weeks == {}


def test_the_next_mark_is_his_record_or_what_is_in_the_middle_of_the_team(session, anna, call, noon):
    week_of(anna, call, 2, 9)
    with clock.stopped_at(noon + days(4)):
        week_of(anna, call, 0, 3)
        assert reached(anna).marks["contacts"] == (9, Goal.own)
        for contacts in (5, 6):
            week_of(a_user(), call, 0, contacts)
        assert reached(anna).marks["contacts"] == (5, Goal.team), "the median of three people"
        week_of(anna, call, 0, 7)
        assert reached(anna).marks["contacts"] == (15, Goal.round), "10: both are behind"


def test_with_two_people_nobody_s_number_is_the_other_s_mark(session, anna, call, noon):
    with clock.stopped_at(noon + days(4)):
        week_of(anna, call, 0, 2)
        week_of(a_user(), call, 0, 6)
        assert reached(anna).marks["contacts"] == (3, Goal.round)


def test_of_a_quarter_his_record_is_the_best_of_those_before(session, anna, call):
    week_of(anna, call, 12, 7)
    week_of(anna, call, 0, 1)
    assert reached(anna, Unit.quarter).marks["contacts"] == (7, Goal.own)


def test_working_days_in_a_row_with_everything_written_down_the_same_day(session, anna, call, noon):
    def at(day):
        return start_of(date(2026, 2, day)) + hours(10)

    for day in (9, 10, 11):  # Monday to Wednesday
        talk(anna, call, at(day))
    talk(anna, call, at(12), late=days(1))
    for day in (13, 17, 18, 19):  # on Monday the 16th there was nobody to speak with
        talk(anna, call, at(day))
    talk(anna, call, at(21), late=days(2))  # a Saturday is no working day
    an_absence(person=anna, starts_at=start_of(date(2026, 2, 24)), ends_at=start_of(date(2026, 2, 26)))
    talk(anna, call, at(24), late=days(3))  # she was away
    assert reached(anna).streak == Streak(4, 4)
    talk(anna, call, at(26))
    talk(anna, call, at(26) + hours(1), late=days(1))
    assert reached(anna).streak == Streak(0, 4)


def test_both_looks_cost_the_same_however_much_there_is(session, anna, call, noon, queries):
    costs = []
    for many in (2, 20):
        for number in range(many):
            client = a_client(curator=anna, rhythm_days=10)
            talk(anna, call, noon - days(number + 1), client=client)
            a_promise(client=client, person=anna, due_at=noon)
            an_interaction(
                client=client, kind=call, person=anna, state=InteractionState.planned, happened_at=noon
            )
        answer = kpi.of_person(anna, anna.id, WEEK)
        kpi_look.reached(anna, answer)  # what is counted once is kept
        with queries().counting() as seen:
            kpi_look.missed(anna)
            kpi_look.reached(anna, answer)
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 16, "\n".join(seen)


def test_whoever_chooses_a_look_is_not_told_of_in_the_journal(session):
    me = a_user(Role.manager)
    before = session.query(JournalEntry).count()
    assert me.kpi_look is KpiLook.missed
    kpi_look.choose(KpiLook.reach, by=me)
    session.commit()
    assert (me.kpi_look, session.query(JournalEntry).count()) == (KpiLook.reach, before)
