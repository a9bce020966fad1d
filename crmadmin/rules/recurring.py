"""Days on which something comes again: rules of RFC 5545, of the few shapes that a contact needs."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import takewhile

from dateutil.rrule import rrulestr

MOST_WEEKS, MOST_MONTHS = 52, 24
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def weekly(weeks: int, start: date) -> str:
    """Every so many weeks, on the weekday of the start."""
    if not 1 <= weeks <= MOST_WEEKS:
        raise ValueError("weeks")
    return f"FREQ=WEEKLY;INTERVAL={weeks};BYDAY={DAYS[start.weekday()]}"


def monthly_on_day(months: int, start: date) -> str:
    """Every so many months on the day of the start; in a shorter month on its last day."""
    if not 1 <= months <= MOST_MONTHS:
        raise ValueError("months")
    if start.day <= 28:
        return f"FREQ=MONTHLY;INTERVAL={months};BYMONTHDAY={start.day}"
    days = ",".join(str(day) for day in range(28, start.day + 1))
    return f"FREQ=MONTHLY;INTERVAL={months};BYMONTHDAY={days};BYSETPOS=-1"


def monthly_on_weekday(months: int, start: date) -> str:
    """Every so many months on the first Monday, the third Friday… that the start is; a fifth is the last."""
    if not 1 <= months <= MOST_MONTHS:
        raise ValueError("months")
    number = (start.day - 1) // 7 + 1
    return f"FREQ=MONTHLY;INTERVAL={months};BYDAY={-1 if number == 5 else number}{DAYS[start.weekday()]}"


def parts(rule: str) -> dict[str, str]:
    """What a rule says, by its words."""
    return dict(part.split("=", 1) for part in rule.split(";"))


def days(rule: str, starts_on: date, until_on: date | None = None) -> Iterator[date]:
    """All of them in order, from the start on; without an end where the rule has none."""
    found = rrulestr(rule, dtstart=datetime.combine(starts_on, time()))
    listed = (moment.date() for moment in found)
    return takewhile(lambda day: until_on is None or day <= until_on, listed)


@lru_cache(maxsize=10_000)  # of thousands of rules a calendar asks for the same month over and over
def between(rule: str, starts_on: date, until_on: date | None, first: date, last: date) -> tuple[date, ...]:
    """Those from the first day to the last one, both included."""
    end = last if until_on is None else min(last, until_on)
    found = rrulestr(rule, dtstart=datetime.combine(_shortly_before(rule, starts_on, first), time()))
    listed = found.between(datetime.combine(first, time()), datetime.combine(end, time()), inc=True)
    return tuple(each.date() for each in listed)


def _shortly_before(rule: str, starts_on: date, day: date) -> date:
    """A start by which the same days come from that day on, without all those that came before."""
    said = parts(rule)
    interval = int(said["INTERVAL"])
    if said["FREQ"] == "WEEKLY":
        turns = (day - starts_on).days // 7 // interval
        return starts_on + timedelta(weeks=max(0, turns) * interval)
    months = (day.year - starts_on.year) * 12 + day.month - starts_on.month
    turns = months // interval
    if turns <= 0:
        return starts_on
    year, month = divmod(starts_on.year * 12 + starts_on.month - 1 + turns * interval, 12)
    return date(year, month + 1, 1)


def after(rule: str, starts_on: date, until_on: date | None, day: date) -> date | None:
    """The first one after that day; None where there is none any more."""
    found = rrulestr(rule, dtstart=datetime.combine(starts_on, time()))
    next_one = found.after(datetime.combine(day, time()))
    if next_one is None or (until_on is not None and next_one.date() > until_on):
        return None
    return next_one.date()
