"""The managers' numbers: each is made of exactly its rows, and lies in the corridor that rules give it."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import NotFound
from crmadmin.core.i18n import start_of
from crmadmin.queries import kpi_clients
from crmadmin.reports.indicators import INDICATORS, MAIN
from crmadmin.reports.kpi_rows import Whose, behind, clients_standing
from crmadmin.rules import periods
from crmadmin.rules.corridor import Side, Source
from crmadmin.rules.periods import Unit
from crmadmin.services import kpi
from crmadmin.services.kpi import Compare
from models import ClientGroup
from models.kinds import Role
from tests import factories as make
from tests.services.kpi_world import NOW, a_world, promise

MONDAY = datetime(2026, 3, 2, 9, tzinfo=NOW.tzinfo)
LONG_AGO = MONDAY - timedelta(days=400)


@pytest.fixture
def head(session):
    return make.a_user(Role.head)


def count_of(asked):
    return db.scalar(select(func.count()).select_from(asked.order_by(None).subquery()))


def whose(people, period):
    groups = list(db.scalars(select(ClientGroup)))
    start, end = start_of(period.start), start_of(period.end)
    return Whose([each.id for each in people], start, end, clock.now(), groups)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_rows_behind_a_number_are_as_many_as_it_says(session, head, seed):
    world = a_world(session, seed)
    with clock.stopped_at(NOW):
        for _n in range(25):
            promise(world)
        for unit, day in ((Unit.month, NOW), (Unit.month, NOW - timedelta(days=40)), (Unit.year, NOW)):
            period = periods.around(unit, day.date())
            answer = kpi.team(head, period)
            assert len(answer.people) >= 4
            for each in answer.people:
                for indicator in INDICATORS.values():
                    of_him = whose([each.person], period)
                    found = count_of(behind(indicator, of_him).asked)
                    assert found == each.figures[indicator.counts], (indicator.key, period)
                    if indicator.of:
                        found = count_of(behind(indicator, of_him, of=True).asked)
                        assert found == each.figures[indicator.of], (indicator.key, period)


def test_the_rows_behind_a_total_are_as_many_as_it_says(session, head):
    a_world(session, 3)
    with clock.stopped_at(NOW):
        period = periods.around(Unit.month, NOW.date())
        answer = kpi.team(head, period)
        everybody = whose([each.person for each in answer.people], period)
        for indicator in INDICATORS.values():
            if indicator.counts != "clients_touched":  # two may have spoken to one
                assert count_of(behind(indicator, everybody).asked) == answer.totals[indicator.counts]
        touched = db.execute(behind(INDICATORS["clients_touched"], everybody).asked).all()
        assert len({row.client_id for row in touched}) == len(touched)
        assert sum(row.minutes for row in touched) == answer.totals["minutes"]
        assert sum(row.share for row in touched) == pytest.approx(1)


def test_clients_by_group_are_all_that_coverage_and_silence_count(session, head):
    a_world(session, 4)
    with clock.stopped_at(NOW):
        for day in (NOW, NOW - timedelta(days=40)):
            period = periods.around(Unit.month, day.date())
            for each in kpi.team(head, period).people:
                standing = clients_standing(whose([each.person], period))
                rows = db.execute(kpi_clients.by_group(standing)).all()
                for key in ("with_rhythm", "within", "silent"):
                    assert sum(getattr(row, key) for row in rows) == each.figures[key]


# Who sees what


def test_a_manager_sees_himself_and_medians_of_at_least_three(session):
    people = [make.a_user(name=name) for name in ("Анна", "Борис")]
    client = make.a_client()
    for number, person in enumerate(people, 1):
        for _n in range(number):
            make.an_interaction(client=client, person=person, happened_at=clock.now() - timedelta(hours=1))
    period = periods.around(Unit.month, clock.now().date())

    answer = kpi.team(people[0], period)
    assert [each.person for each in answer.people] == [people[0]]
    assert set(answer.medians.values()) == {None}

    third = make.a_user(name="Вера")
    make.an_interaction(client=client, person=third, happened_at=clock.now() - timedelta(hours=1))
    answer = kpi.of_person(people[0], people[0].id, period, Compare.team)
    assert answer.medians["contacts"] == 1
    assert answer.of(people[0].id).cells["contacts"].compared == 1
    assert [each.person for each in answer.people] == [people[0]]


def test_another_s_numbers_are_not_there_for_a_manager(session, head):
    one, other = make.a_user(), make.a_user()
    period = periods.around(Unit.month, clock.now().date())

    with pytest.raises(NotFound):
        kpi.of_person(one, other.id, period)
    assert kpi.of_person(head, other.id, period).of(other.id).person == other


def test_the_numbers_of_somebody_who_left_stay(session, head):
    left = make.a_user(created_at=LONG_AGO)
    make.an_interaction(person=left, happened_at=MONDAY - timedelta(days=20))
    left.active = False
    db.flush()
    month = periods.around(Unit.month, (MONDAY - timedelta(days=20)).date())

    assert kpi.team(head, month).of(left.id).cells["contacts"].value == 1
    later = kpi.team(head, periods.around(Unit.year, date(2024, 5, 1)))
    assert left.id not in [each.person.id for each in later.people]


def test_it_costs_the_same_for_two_people_and_for_twenty(session, head, queries):
    costs = []
    for number in (2, 18):
        people = [make.a_user() for _n in range(number)]
        for person in people:
            make.an_interaction(person=person, happened_at=clock.now() - timedelta(hours=1))
        period = periods.around(Unit.month, clock.now().date())
        kpi.team(head, period)
        db.flush()
        with queries().counting() as seen:
            kpi.team(head, period)
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 8


# The corridor


def contacts(person, day, number):
    kind, client = make.an_interaction_kind(), make.a_client()
    for _n in range(number):
        make.an_interaction(person=person, client=client, kind=kind, happened_at=day)


def cell_of(head, person, period, key="contacts"):
    return kpi.of_person(head, person.id, period).of(person.id).cells[key]


def test_an_own_norm_goes_before_that_of_the_role_and_both_before_history(session, head):
    person = make.a_user(created_at=LONG_AGO)
    week = periods.around(Unit.week, date(2026, 2, 2))
    for before in periods.weeks_before(week.start):
        contacts(person, start_of(before.start) + timedelta(hours=9), 4)
    assert cell_of(head, person, week).corridor == (4, 4, Source.history)

    make.a_norm(role=Role.manager, low=10, high=30)
    assert cell_of(head, person, week).corridor[2] is Source.role
    make.a_norm(person=person, low=1, high=None)
    assert cell_of(head, person, week).corridor == (1, None, Source.person)


def test_a_week_of_absence_is_not_too_few(session, head):
    person = make.a_user(created_at=LONG_AGO)
    make.a_norm(role=Role.manager, low=10, high=30)
    week = periods.around(Unit.week, date(2026, 2, 2))
    assert cell_of(head, person, week).side is Side.low

    make.an_absence(person=person, starts_at=start_of(week.start), ends_at=start_of(date(2026, 2, 5)))
    cell = cell_of(head, person, week)
    assert (cell.corridor.low, cell.corridor.high) == (pytest.approx(4), pytest.approx(12))
    make.an_absence(person=person, starts_at=start_of(date(2026, 2, 5)), ends_at=start_of(week.end))
    cell = cell_of(head, person, week)
    assert (cell.corridor, cell.side, cell.is_trouble) == (None, Side.inside, False)


def test_nothing_is_expected_of_whoever_has_left_after_his_last_day(session, head):
    left, back = (make.a_user(created_at=LONG_AGO) for _n in range(2))
    make.a_norm(role=Role.manager, low=10, high=30)
    week = periods.around(Unit.week, date(2026, 2, 2))
    contacts(left, start_of(week.start) + timedelta(hours=9), 1)
    with clock.stopped_at(start_of(date(2026, 2, 4)) + timedelta(hours=15)):
        left.active = back.active = False
        session.commit()
    back.active = True
    session.commit()

    assert [cell_of(head, each, week).corridor.low for each in (left, back)] == [pytest.approx(6), 10]


def test_a_norm_that_changes_within_the_period_counts_by_its_days(session, head):
    person = make.a_user(created_at=LONG_AGO)
    week = periods.around(Unit.week, date(2026, 2, 2))
    wednesday = date(2026, 2, 4)
    make.a_norm(role=Role.manager, low=10, high=10, valid_until=wednesday)
    make.a_norm(role=Role.manager, low=20, high=20, valid_from=wednesday)
    assert cell_of(head, person, week).corridor[:2] == (pytest.approx(16), pytest.approx(16))


def test_of_a_week_that_goes_on_only_days_that_are_over_are_expected(session, head):
    person = make.a_user(created_at=LONG_AGO)
    make.a_norm(role=Role.manager, low=10, high=10)
    with clock.stopped_at(datetime(2026, 2, 4, 12, tzinfo=NOW.tzinfo)):
        corridor = cell_of(head, person, periods.around(Unit.week, date(2026, 2, 4))).corridor
    assert corridor[:2] == (pytest.approx(4), pytest.approx(6))


def test_too_much_of_what_is_better_is_no_trouble(session, head):
    person = make.a_user(created_at=LONG_AGO)
    day = datetime(2026, 2, 3, 9, tzinfo=NOW.tzinfo)
    make.a_norm(role=Role.manager, indicator="new_clients", low=None, high=1)
    make.a_norm(role=Role.manager, indicator="contacts", low=None, high=1)
    for _n in range(3):
        contacts(person, day, 1)
    week = periods.around(Unit.week, day.date())
    few, many = cell_of(head, person, week, "new_clients"), cell_of(head, person, week)
    assert (few.side, few.is_trouble) == (Side.high, False)
    assert (many.side, many.is_trouble) == (Side.high, True)


def test_whoever_has_more_trouble_comes_first_and_only_what_is_asked_for_is_counted(session, head):
    calm, troubled = (make.a_user(name=name, created_at=LONG_AGO) for name in ("Анна", "Яков"))
    make.a_norm(person=troubled, low=10, high=None, set_by=head)
    week = periods.around(Unit.week, date(2026, 2, 2))
    answer = kpi.team(head, week, keys=())
    assert [each.person for each in answer.people][:2] == [troubled, calm]
    assert set(answer.people[0].cells) == set(MAIN)


def test_the_corridor_of_the_periods_before_follows_their_working_days(session, head):
    person = make.a_user(created_at=LONG_AGO)
    make.a_norm(role=Role.manager, low=10, high=20)
    of = kpi.of_person(head, person.id, periods.around(Unit.month, date(2026, 1, 15))).of(person.id)
    bounds = of.corridors("contacts")
    assert len(bounds) == 13
    assert [each.low for each in bounds[:-1]] == pytest.approx([2 * days for days in of.line_days])
    assert bounds[-1] == of.cells["contacts"].corridor
