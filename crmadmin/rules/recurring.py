"""Days on which something comes again: rules of RFC 5545, of the few shapes that a contact needs."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import takewhile

from dateutil.rrule import rrulestr

from crmadmin.rules.period_ends import weekday_of_month

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


def between(rule: str, starts_on: date, until_on: date | None, first: date, last: date) -> tuple[date, ...]:
    """Those from the first day to the last one, both included.

    Reckoned for that time alone: a calendar asks it of a thousand rules, of which many are years old.
    """
    since, until = max(first, starts_on), last if until_on is None else min(last, until_on)
    said = parts(rule)
    if "INTERVAL" not in said or not said.keys() & {"BYDAY", "BYMONTHDAY"}:  # of a shape that none here makes
        return tuple(day for day in days(rule, starts_on, until) if day >= since)
    listed = _weeks if said["FREQ"] == "WEEKLY" else _months
    return tuple(day for day in listed(said, starts_on, since, until) if since <= day <= until)


def _weeks(said: dict[str, str], starts_on: date, since: date, until: date) -> Iterator[date]:
    step = 7 * int(said["INTERVAL"])
    start = starts_on.toordinal() - starts_on.weekday() + DAYS.index(said["BYDAY"])
    gone = max(0, since.toordinal() - start) // step
    return map(date.fromordinal, range(start + gone * step, until.toordinal() + 1, step))


def _months(said: dict[str, str], starts_on: date, since: date, until: date) -> Iterator[date]:
    step, start = int(said["INTERVAL"]), _number(starts_on)
    gone = max(0, _number(since) - start) // step
    for number in range(start + gone * step, _number(until) + 1, step):
        year, month = divmod(number, 12)
        yield _day_of_month(said, year, month + 1)


def _number(day: date) -> int:
    """Of a month, counted through the years."""
    return day.year * 12 + day.month - 1


def _day_of_month(said: dict[str, str], year: int, month: int) -> date:
    last = date(year, month, monthrange(year, month)[1])
    if "BYDAY" not in said:
        return last.replace(day=min(int(said["BYMONTHDAY"].rpartition(",")[2]), last.day))
    return weekday_of_month(last, DAYS.index(said["BYDAY"][-2:]), int(said["BYDAY"][:-2]))


def after(rule: str, starts_on: date, until_on: date | None, day: date) -> date | None:
    """The first one after that day; None where there is none any more."""
    found = rrulestr(rule, dtstart=datetime.combine(starts_on, time()))
    next_one = found.after(datetime.combine(day, time()))
    if next_one is None or (until_on is not None and next_one.date() > until_on):
        return None
    return next_one.date()
