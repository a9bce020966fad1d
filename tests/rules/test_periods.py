"""Periods: whole units know themselves, and each has its equal ones before it."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from crmadmin.rules import periods
from crmadmin.rules.periods import Period, Unit

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("unit", "first", "last"),
    [
        (Unit.day, date(2026, 3, 4), date(2026, 3, 4)),
        (Unit.week, MONDAY, date(2026, 3, 8)),
        (Unit.month, date(2026, 3, 1), date(2026, 3, 31)),
        (Unit.quarter, date(2026, 1, 1), date(2026, 3, 31)),
        (Unit.year, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_unit_is_taken_around_any_of_its_days(unit, first, last):
    for day in (first, date(2026, 3, 4), last):
        found = periods.around(unit, day)
        assert (found.start, found.last, found.unit) == (first, last, unit)
    assert periods.between(first, last) == Period(first, last + timedelta(days=1), unit)
    assert periods.of_name(periods.named(found)) == found


def test_days_that_are_no_unit_are_any():
    found = periods.between(date(2026, 3, 1), date(2026, 3, 30))
    assert (found.unit, found.days, periods.named(found)) == (Unit.any, 30, "")


@pytest.mark.parametrize(
    ("name", "before", "year"),
    [
        ("2026-03-02", "2026-03-01", "2025-03-03"),
        ("2026-W10", "2026-W09", "2025-W10"),
        ("2026-W01", "2025-W52", "2025-W01"),
        ("2026-01", "2025-12", "2025-01"),
        ("2026-Q1", "2025-Q4", "2025-Q1"),
        ("2026", "2025", "2025"),
    ],
)
def test_before_a_unit_is_the_unit_before_and_a_year_ago_the_same_one(name, before, year):
    period = periods.of_name(name)
    assert periods.named(periods.before(period)) == before
    assert periods.named(periods.a_year_ago(period)) == year
    assert periods.before(periods.before(period), -1) == period


def test_as_many_days_come_before_any_days():
    period = periods.between(date(2026, 3, 3), date(2026, 3, 12))
    assert periods.before(period) == Period(date(2026, 2, 21), date(2026, 3, 3))
    assert periods.a_year_ago(period) == Period(date(2025, 3, 3), date(2025, 3, 13))


def test_the_day_that_another_month_lacks_is_its_last():
    leap = periods.between(date(2024, 2, 29), date(2024, 3, 1))
    assert periods.a_year_ago(leap).start == date(2023, 2, 28)


def test_twelve_equal_ones_lie_before_it_without_a_gap():
    for name in ("2026-03-02", "2026-W10", "2026-03", "2026-Q1", "2026"):
        period = periods.of_name(name)
        line = [*periods.all_before(period), period]
        assert len(line) == 13
        assert all(one.end == following.start for one, following in pairwise(line))
        assert {each.unit for each in line} == {period.unit}


def test_weeks_before_a_day_are_over_by_it():
    for days in range(7):
        weeks = periods.weeks_before(MONDAY + timedelta(days=days))
        assert weeks[-1].end == MONDAY
        assert len(weeks) == 12


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-Q5", "2026-W54", "2026-02-30", "0000", "20260", "x", "２０２６", "2026-3"]
)
def test_what_names_no_unit_is_nothing(text):
    assert periods.of_name(text) is None
