"""Periods of time that numbers are counted for: days, ``[start, end)``, and which of them are alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum, auto
from typing import NamedTuple

BEFORE = 12  # equal periods that one is compared with
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


class Unit(StrEnum):
    day = auto()
    week = auto()
    month = auto()
    quarter = auto()
    year = auto()
    any = auto()


class Period(NamedTuple):
    """Days from ``start`` to the one before ``end``. What is a whole unit knows it."""

    start: date
    end: date
    unit: Unit = Unit.any

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day < self.end


def around(unit: Unit, day: date) -> Period:
    """The day, week (from Monday), month, quarter or year in which that day lies."""
    if unit in (Unit.day, Unit.any):
        return Period(day, day + timedelta(days=1), Unit.day)
    if unit is Unit.week:
        start = day - timedelta(days=day.weekday())
        return Period(start, start + timedelta(days=7), unit)
    months = _MONTHS[unit]
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(start, _months_later(start, months), unit)


def between(first: date, last: date) -> Period:
    """From the first to the last day, both in it; a whole week, month, quarter or year is taken as one."""
    end = last + timedelta(days=1)
    for unit in (Unit.day, Unit.week, Unit.month, Unit.quarter, Unit.year):
        whole = around(unit, first)
        if (whole.start, whole.end) == (first, end):
            return whole
    return Period(first, end)


def before(period: Period, number: int = 1) -> Period:
    """The equal one so many places before: the month before a month, as many days before any days."""
    if period.unit in _MONTHS:
        start = _months_later(period.start, -number * _MONTHS[period.unit])
        return Period(start, _months_later(start, _MONTHS[period.unit]), period.unit)
    back = timedelta(days=number * period.days)
    return Period(period.start - back, period.end - back, period.unit)


def a_year_ago(period: Period) -> Period:
    """The same a year ago: of weeks and days the same weekdays, fifty-two weeks before."""
    if period.unit in _MONTHS:
        return before(period, 12 // _MONTHS[period.unit])
    if period.unit is Unit.any:
        return Period(_months_later(period.start, -12), _months_later(period.last, -12) + timedelta(days=1))
    back = timedelta(days=364)
    return Period(period.start - back, period.end - back, period.unit)


def all_before(period: Period, number: int = BEFORE) -> list[Period]:
    """So many equal periods before it, the oldest first."""
    return [before(period, place) for place in range(number, 0, -1)]


def weeks_before(day: date, number: int = BEFORE) -> list[Period]:
    """The last so many whole weeks that are over by that day, the oldest first."""
    return all_before(around(Unit.week, day), number)


def named(period: Period) -> str:
    """A whole unit in a word: 2026-03-02, 2026-W10, 2026-03, 2026-Q1, 2026; nothing of any other days."""
    start = period.start
    year, week, _day = start.isocalendar()
    return {
        Unit.day: f"{start}",
        Unit.week: f"{year}-W{week:02}",
        Unit.month: f"{start:%Y-%m}",
        Unit.quarter: f"{start.year}-Q{(start.month + 2) // 3}",
        Unit.year: f"{start.year}",
        Unit.any: "",
    }[period.unit]


def of_name(text: str) -> Period | None:
    """The same backwards; None of what names no unit."""
    found = _NAME.fullmatch(text)
    if found is None:
        return None
    year, quarter, week, month, day = (int(part or 0) for part in found.groups())
    try:
        if week:
            return around(Unit.week, date.fromisocalendar(year, week, 1))
        if quarter:
            return around(Unit.quarter, date(year, quarter * 3, 1))
        unit = Unit.day if day else Unit.month if month else Unit.year
        return around(unit, date(year, month or 1, day or 1))
    except (ValueError, OverflowError):
        return None


_NAME = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|W([0-9]{2})|([0-9]{2})(?:-([0-9]{2}))?))?")


def each_day(period: Period) -> Iterator[date]:
    return (period.start + timedelta(days=number) for number in range(period.days))


def _months_later(day: date, months: int) -> date:
    """The same day of another month, or that month's last one."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))
