"""What recording costs is counted by week as anybody would count it with a pencil."""

import random
from datetime import date, timedelta
from statistics import median

import pytest

from crmadmin.core import clock
from crmadmin.reports.record_cost import Cost
from crmadmin.rules.periods import Period, Unit, around
from crmadmin.rules.recording import RecordDoor
from crmadmin.services import kpi_cost
from crmadmin.services.kpi_cost import WEEKS
from models import RecordCost
from models.kinds import Role, Saving
from tests.factories import a_record_cost, a_user, an_interaction, an_interaction_kind

MONDAY = date(2026, 3, 2)


def week(weeks_ago=0):
    return around(Unit.week, MONDAY - timedelta(weeks=weeks_ago))


def plain(costs):
    """The same of a list of rows, by the definition."""
    saved = [each for each in costs if each.saving is Saving.saved]
    return Cost(
        len(costs),
        len(costs) - len(saved),
        median(each.seconds for each in saved) if saved else None,
        median(each.keys for each in saved) if saved else None,
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_every_number_is_that_of_a_plain_count(session, seed):
    chance = random.Random(seed)
    people = [a_user(name=name) for name in ("Анна", "Борис", "Вера")]
    rows = [
        RecordCost(
            person_id=chance.choice(people).id,
            on_day=MONDAY - timedelta(days=chance.randrange(-7, 7 * 15)),
            door=chance.choice(list(RecordDoor)).value,
            saving=chance.choice([Saving.saved, Saving.saved, Saving.abandoned]),
            seconds=chance.randrange(1, 40),
            keys=chance.randrange(0, 30),
        )
        for _ in range(400)
    ]
    session.add_all(rows)
    session.commit()

    told = kpi_cost.told(week(1))
    by_person = kpi_cost.of_people(list(told.team))

    assert list(told.team) == [week(ago) for ago in range(WEEKS - 1, -1, -1)]
    for each in told.team:
        of_week = [row for row in rows if row.on_day in each]
        assert told.team[each] == plain(of_week)
        for person in people:
            his = [row for row in of_week if row.person_id == person.id]
            assert dict(by_person[each]).get(person, Cost()) == plain(his)
    for door in RecordDoor:
        by_it = [row for row in rows if row.on_day in week(1) and row.door == door]
        assert told.doors.get(door, Cost()) == plain(by_it)


def test_of_an_even_number_the_middle_is_between_two_and_of_none_it_is_nothing(session):
    anna = a_user(name="Анна")
    for seconds, keys in ((10, 5), (13, 40)):
        a_record_cost(person=anna, seconds=seconds, keys=keys)
    boris = a_user(name="Борис")
    a_record_cost(person=boris, saving=Saving.abandoned, seconds=90, keys=90)

    told = kpi_cost.told()

    assert dict(told.people) == {anna: Cost(2, 0, 11.5, 22.5), boris: Cost(1, 1, None, None)}
    assert told.team[week()] == Cost(3, 1, 11.5, 22.5)
    assert told.team[week()].within_aim
    assert told.team[week()].left_share == pytest.approx(1 / 3)
    assert Cost().left_share is Cost().within_aim is None


def test_the_delay_is_that_of_the_indicator_and_the_team_s_lies_in_the_middle_of_its_people(session, noon):
    call = an_interaction_kind(code="call")
    people = [a_user(name=name) for name in ("Анна", "Борис", "Вера")]
    for person, hours in zip(people, (1, 4, 30), strict=True):
        happened = noon - timedelta(days=7, hours=hours)
        an_interaction(person=person, kind=call, happened_at=happened, recorded_at=noon - timedelta(days=7))

    told = kpi_cost.told(week(1))

    hours = {person.name: cost.hours for person, cost in told.people}
    assert hours == {"Анна": pytest.approx(1), "Борис": pytest.approx(4)}, "a Sunday is of the week before"
    assert told.team[week(1)].hours == pytest.approx(2.5)
    assert told.team[week(2)].hours == pytest.approx(30)


def test_without_a_week_the_last_one_is_told_of_which_anything_is_known(session):
    assert kpi_cost.told().week == week()
    a_record_cost(on_day=MONDAY - timedelta(days=20))
    assert kpi_cost.told().week == week(3)
    a_record_cost(on_day=MONDAY)
    assert kpi_cost.told().week == week()


def test_a_week_of_long_ago_is_the_last_of_its_line(session):
    long_ago = week(40)
    assert list(kpi_cost.told(long_ago).team)[-1] == long_ago
    assert list(kpi_cost.told(week(WEEKS - 1)).team)[-1] == week()


def test_people_stand_by_name_whatever_their_numbers_and_whoever_has_left_stays(session):
    slow, quick = a_user(name="Анна", active=False), a_user(Role.colleague, name="Яна")
    a_record_cost(person=quick, seconds=5)
    a_record_cost(person=slow, seconds=300)
    a_user(name="Борис")  # who has recorded nothing, and of whom nothing is said
    assert [person for person, _cost in kpi_cost.told().people] == [slow, quick]


def test_it_costs_as_much_of_two_people_as_of_thirty(session, queries):
    costs = []
    for many in (2, 28):
        for _ in range(many):
            person = a_user()
            a_record_cost(person=person)
            an_interaction(person=person, recorded_at=clock.now())
        kpi_cost.told()  # what is counted once is kept
        with queries().counting() as seen:
            kpi_cost.told()
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 16, "\n".join(seen)


def test_a_week_is_seven_days_from_monday(session):
    sunday, monday = a_record_cost(on_day=date(2026, 3, 1)), a_record_cost(on_day=MONDAY)
    told = kpi_cost.told(Period(MONDAY, date(2026, 3, 9), Unit.week))
    assert [cost.forms for cost in (told.team[week(1)], told.team[week()])] == [1, 1]
    assert {each.on_day for each in (sunday, monday)} == {date(2026, 3, 1), MONDAY}
