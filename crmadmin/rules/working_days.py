"""Working days by the production calendar of Russia: weekends, holidays, and days moved by decree."""

from datetime import date, timedelta
from functools import cache, lru_cache

import holidays

IN_A_YEAR = 247  # at least


@cache
def _calendar() -> holidays.HolidayBase:
    """Fills itself a year at a time, as days are asked for."""
    return holidays.country_holidays("RU")


@lru_cache(maxsize=20_000)
def is_working(day: date) -> bool:
    """A Saturday that is worked for a Monday that is not is a working day."""
    return _calendar().is_working_day(day)


@lru_cache(maxsize=2_000)
def working_day(start: date, number: int = 0) -> date:
    """So many working days after the first one: ``start``, or the next one where that is a day off."""
    day = start
    while not is_working(day):
        day += timedelta(days=1)
    for _each in range(number):
        day += timedelta(days=1)
        while not is_working(day):
            day += timedelta(days=1)
    return day


@lru_cache(maxsize=64)
def working_days(first: date, end: date) -> tuple[date, ...]:
    """All from the first to the one before ``end``, in order."""
    days = (first + timedelta(days=number) for number in range((end - first).days))
    return tuple(day for day in days if is_working(day))
