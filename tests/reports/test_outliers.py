"""Simulated managers: how soon each of them is found, how often a steady one is accused (decision 0024)."""

from statistics import mean, median

import pytest

from crmadmin.reports.indicators import INDICATORS
from crmadmin.reports.outliers import ABOUT, WATCHED, WEEKS, of_own_weeks, together
from crmadmin.rules.corridor import Side, usual
from crmadmin.services.department import NEWCOMER_WEEKS, REST_DAYS, RULES
from tests.managers import Manager

REST = RULES[REST_DAYS].start // 7  # of a decision that names no day
NEWCOMER = RULES[NEWCOMER_WEEKS].start
QUARTER = 13
BEGAN = 20  # weeks of a usual life before something changes
NEVER = 99

STEADY = (
    {"contacts": 30},
    {"contacts": 30, "varies": 0.25},
    {"contacts": 12, "clients": 20},
    {"contacts": 60, "clients": 80},
    {"contacts": 5, "clients": 15},
)


def accusations(manager, weeks, since=0):
    """(week, what about, which way) of each alarm, where the head decides at once and names no day."""
    lived, told, rests = manager.weeks(weeks), [], {}
    for week in range(since, weeks):
        past = lived[max(0, week - WEEKS + 1) : week + 1]
        for about, side, _same in together(of_own_weeks(past)):
            if week >= rests.get((about, side), 0):
                rests[about, side] = week + REST
                told.append((week, about, side))
    return told


def by_quarter(told, quarters=range(1, 5)):
    return [sum(week // QUARTER == number for week, _about, _side in told) for number in quarters]


def found_after(side, managers):
    """Of each, after how many weeks of his new life he is found; in order."""
    weeks = []
    for manager in managers:
        told = accusations(manager, BEGAN + 16, BEGAN)
        mine = [week for week, about, said in told if about == "work" and said is side]
        weeks.append(mine[0] - BEGAN + 1 if mine else NEVER)
    return sorted(weeks)


def lived(pace):
    """A usual life, and then that pace by the number of weeks it lasts."""
    return lambda week: 1.0 if week < BEGAN else pace(week - BEGAN + 1)


def test_a_steady_manager_is_accused_far_less_than_once_a_quarter():
    quarters = [
        number
        for kind in STEADY
        for seed in range(8)
        for number in by_quarter(accusations(Manager(seed, **kind), 5 * QUARTER))
    ]

    assert len(quarters) == 160
    assert mean(quarters) < 0.25
    assert sum(number > 1 for number in quarters) <= 0.01 * len(quarters)


def test_the_formula_of_the_corridor_alone_would_accuse_him_every_week_or_two():
    """Why a corridor is no alarm: what a page colours is looked at by people who see the rest of it."""
    quarters = []
    for seed in range(4):
        lived = Manager(seed).weeks(5 * QUARTER)
        values = {key: [INDICATORS[key].value(week.figures) for week in lived] for key in WATCHED}
        for first in range(QUARTER, 5 * QUARTER, QUARTER):
            weeks = range(first, first + QUARTER)
            quarters.append(sum(is_outside(values[key], week) for key in WATCHED for week in weeks))

    assert mean(quarters) > 8


def is_outside(values, week):
    low, high = usual(values[week - 12 : week])
    return not low <= values[week] <= high


@pytest.mark.parametrize(
    ("pace", "soon", "all_by"),
    [
        pytest.param(lambda _week: 0.05, 2, 3, id="stops"),
        pytest.param(lambda week: 0.8**week, 4, 6, id="fades by a fifth a week"),
        pytest.param(lambda _week: 0.33, 3, 5, id="does a third"),
        pytest.param(lambda week: max(0.1, 0.9**week), 7, 10, id="fades by a tenth a week"),
    ],
)
def test_a_dying_manager_is_found(pace, soon, all_by):
    weeks = found_after(Side.low, [Manager(seed, pace=lived(pace)) for seed in range(12)])

    assert median(weeks) <= soon, weeks
    assert weeks[-2] <= all_by, weeks  # but for one at most


def test_a_dying_manager_with_few_contacts_is_found_later():
    managers = [Manager(seed, contacts=12, pace=lived(lambda week: 0.8**week)) for seed in range(12)]
    weeks = found_after(Side.low, managers)

    assert median(weeks) <= 7, weeks
    assert weeks[-2] <= 9, weeks


@pytest.mark.parametrize(("times", "soon", "all_by"), [(3, 2, 2), (2, 2, 4), (1.6, 3, 6)])
def test_a_spamming_manager_is_found(times, soon, all_by):
    """More and more contacts, of which less and less comes."""
    managers = [Manager(seed, pace=lived(lambda _week: times), loses=True) for seed in range(12)]
    weeks = found_after(Side.high, managers)

    assert median(weeks) <= soon, weeks
    assert weeks[-2] <= all_by, weeks


def test_whoever_grows_and_loses_nothing_is_accused_less_than_whoever_spams():
    def grows(week):
        return min(2.0, 1 + week / 10)

    spams, gains = (
        found_after(Side.high, [Manager(seed, pace=lived(grows), loses=loses) for seed in range(12)])
        for loses in (True, False)
    )
    assert sum(week < NEVER for week in spams) >= 11
    assert sum(week < NEVER for week in gains) <= 6


def test_a_newcomer_is_not_accused():
    """He begins with a tenth and comes to his pace in ten weeks; his first weeks are not judged."""
    managers = [Manager(seed, pace=lambda week: min(1.0, 0.1 + week / 10)) for seed in range(12)]
    quarters = [by_quarter(accusations(each, 3 * QUARTER, NEWCOMER), range(1, 3)) for each in managers]

    assert mean(number for each in quarters for number in each) < 0.25


def test_a_holiday_is_not_too_few():
    """Two weeks away, and a week of two days after that: until a month later he is accused of nothing."""

    def days(week):
        return {BEGAN: 0, BEGAN + 1: 0, BEGAN + 2: 2, BEGAN + 3: 4}.get(week, 5)

    managers = [Manager(seed, days=days) for seed in range(20)]
    told = [accusations(each, BEGAN + 7, BEGAN) for each in managers]

    assert sum(map(len, told)) <= 1
    assert not [week for each in told for week, _about, _side in each if week < BEGAN + 3]


def test_a_delay_that_grows_and_records_that_get_worse_are_found():
    weeks = Manager(1).weeks(BEGAN + 2)
    for week in weeks[-2:]:
        week.figures["lag"] *= 8
        week.figures["complete"] //= 4

    told = {(each.indicator, each.said.side) for each in of_own_weeks(weeks)}
    assert told == {("lag", Side.high), ("quality", Side.low)}


def test_better_is_no_trouble():
    weeks = Manager(2, care=0.6).weeks(BEGAN + 2)
    for week in weeks[-2:]:
        week.figures["lag"] = 0.1
        week.figures["complete"] = week.figures["contacts"]

    assert not {each.indicator for each in of_own_weeks(weeks)} & {"lag", "quality"}


def test_every_indicator_is_about_something_once():
    told = [key for keys in ABOUT.values() for key in keys]

    assert sorted(told) == sorted(INDICATORS)
