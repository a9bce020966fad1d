"""A number outside its norm is an alarm, of whoever was there; so is one client who takes all the time."""

from datetime import date, timedelta

import pytest

from crmadmin.core import clock
from crmadmin.core.i18n import start_of
from crmadmin.services import alarm_numbers, alarm_steps, alarms, department
from models.kinds import AlarmKind, Role
from tests import factories as make

DAY = timedelta(days=1)


@pytest.fixture
def head(session):
    return make.a_user(Role.head)


@pytest.fixture
def call(session):
    return make.an_interaction_kind(code="call", usual_minutes=10)


@pytest.fixture
def client(session):
    return make.a_client(group=make.a_client_group(rhythm_days=None))


@pytest.fixture
def anna(session):
    return a_manager("Анна", date(2025, 3, 3))


def a_manager(name, since, role=Role.manager):
    return make.a_user(role, name=name, created_at=start_of(since))


def spoken(person, client, kind, number, first=date(2026, 2, 23), **given):
    """So many contacts in the week from that day on."""
    with make.together():
        for place in range(number):
            at = start_of(first + place % 5 * DAY) + timedelta(hours=7, minutes=place)
            make.an_interaction(
                client=client, kind=kind, person=person, happened_at=at, recorded_at=at, **given
            )


def found(person=None):
    return [each for each in alarm_numbers.found() if person is None or each.person_id == person.id]


def a_norm(**given):
    return make.a_norm(**{"valid_from": date(2025, 9, 1)} | given)


def test_below_the_norm_for_the_whole_week_is_too_few(anna, client, call):
    a_norm(person=anna, low=20.0, high=60.0)
    spoken(anna, client, call, 5)
    (one,) = found()

    assert (one.kind, one.indicator, one.person_id) == (AlarmKind.too_few, "contacts", anna.id)
    assert (one.starts_on, one.ends_on) == (date(2026, 2, 23), date(2026, 3, 1))
    assert (one.facts["why"], one.facts["value"]) == ("norm", 5)
    assert one.facts["days"] == 4  # the 23rd of February is a holiday
    assert (one.facts["low"], one.facts["high"]) == (16.0, 48.0)


def test_above_the_norm_is_too_many_with_what_comes_of_each_beside_it(anna, client, call):
    a_norm(role=Role.manager, low=None, high=10.0)
    spoken(anna, client, call, 10, result=make.a_result())
    for _n in range(2):
        spoken(anna, make.a_client(group=client.group), call, 5)
    (one,) = found()

    assert (one.kind, one.facts["value"], one.facts["result"]) == (AlarmKind.too_many, 20, 0.5)
    assert one.facts["low"] is None


def test_within_the_norm_is_none_and_more_of_what_is_better_neither(anna, client, call):
    a_norm(person=anna, low=2.0, high=20.0)
    a_norm(person=anna, indicator="quality", low=0.0, high=0.5)
    spoken(anna, client, call, 9, result=make.a_result(), request="а", reaction="б", no_next_reason="в")
    assert found() == []


def test_what_says_the_same_is_one_alarm_and_what_does_not_is_another(anna, client, call):
    for key in ("contacts", "calls", "clients_touched"):
        a_norm(person=anna, indicator=key, low=10.0, high=None)
    a_norm(person=anna, indicator="quality", low=0.8, high=None)
    spoken(anna, client, call, 2)
    work, records = found()

    assert (work.indicator, [each["indicator"] for each in work.facts["also"]]) == (
        "contacts", ["clients_touched", "calls"],
    )  # fmt: skip
    assert (records.indicator, records.facts["also"]) == ("quality", [])


def test_a_week_away_is_not_too_few_nor_is_a_week_of_two_days(anna, client, call):
    a_norm(person=anna, low=20.0)
    make.an_absence(person=anna, starts_at=start_of(date(2026, 2, 20)), ends_at=start_of(date(2026, 3, 2)))
    assert found() == []
    absence = make.an_absence(
        person=a_manager("Б", date(2025, 3, 3)),
        starts_at=start_of(date(2026, 2, 20)),
        ends_at=start_of(date(2026, 2, 26)),
    )
    a_norm(person=absence.person, low=20.0)
    assert found() == []


def test_a_newcomer_is_measured_by_a_norm_of_his_own_alone(head, client, call):
    newcomer = a_manager("Новый", date(2026, 1, 12))
    a_norm(role=Role.manager, low=20.0)
    spoken(newcomer, client, call, 3)
    assert found() == []

    department.change(department.NEWCOMER_WEEKS, "4", by=head)
    assert [each.person_id for each in found()] == [newcomer.id]
    department.change(department.NEWCOMER_WEEKS, "26", by=head)
    a_norm(person=newcomer, indicator="calls", low=10.0)
    assert [each.indicator for each in found()] == ["calls"]


def test_whoever_has_left_is_asked_nothing(anna, client, call):
    gone = make.a_user(active=False, created_at=start_of(date(2025, 3, 3)))
    a_norm(person=gone, low=20.0)
    spoken(gone, client, call, 3)
    assert found(gone) == []


def test_whoever_is_no_manager_is_measured_by_norms_alone(client, call):
    other = a_manager("Сервис", date(2025, 3, 3), Role.colleague)
    for back in range(1, 15):
        spoken(other, client, call, 30 if back > 2 else 1, date(2026, 3, 2) - back * 7 * DAY)
    assert found(other) == []
    a_norm(role=Role.colleague, low=20.0)
    assert [each.facts["why"] for each in found(other)] == ["norm"]


def test_one_client_who_takes_more_than_half_the_time(head, anna, client, call):
    others = [make.a_client(group=client.group) for _n in range(5)]
    spoken(anna, client, call, 10, date(2026, 2, 9), minutes=30)
    for other in others:
        spoken(anna, other, call, 1, minutes=30)
    (one,) = found()
    assert (one.kind, one.indicator, one.client_id) == (AlarmKind.too_many, "top_share", client.id)
    assert (one.starts_on, one.facts["high"]) == (date(2026, 2, 2), 0.5)
    assert one.facts["value"] == pytest.approx(10 / 15)

    department.change(department.ONE_CLIENT_PERCENT, "70", by=head)
    assert found() == []
    a_norm(person=anna, indicator="top_share", low=None, high=0.1)
    assert [each.facts["why"] for each in found()] == ["norm"]


def test_a_few_contacts_say_nothing_of_one_client(anna, client, call):
    spoken(anna, client, call, 9)
    assert found() == []


def test_a_week_is_told_once_and_the_next_one_after_its_rest(session, head, anna, client, call):
    a_norm(person=anna, low=20.0)

    def morning(day):
        with clock.stopped_at(start_of(day) + timedelta(hours=5)):
            return alarms.raise_those(alarms.found())

    assert [morning(date(2026, 3, day)) for day in (2, 3, 9)] == [1, 0, 0]
    alarm = session.scalar(alarms.asked.latest([f"too_few-work-{anna.id}"]))
    with clock.stopped_at(start_of(date(2026, 3, 9)) + timedelta(hours=9)):
        alarm_steps.decide(alarm, "Больше звонить", date(2026, 3, 20), by=head)
    assert [morning(date(2026, 3, day)) for day in (10, 19, 20, 23)] == [0, 0, 1, 0]


def test_it_costs_the_same_whatever_the_number_of_people(session, queries, client, call):
    costs = []
    for number in (1, 6):
        for place in range(number):
            spoken(a_manager(f"М{place}", date(2025, 3, 3)), client, call, 2)
        alarm_numbers.found()
        with queries().counting() as seen:
            alarm_numbers.found()
        costs.append(len(seen))

    assert costs[0] == costs[1] <= 16, "\n".join(seen)
