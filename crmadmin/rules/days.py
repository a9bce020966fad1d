"""Days as people name them, "yesterday" or "more than thirty days ago". A week begins on Monday."""

import re
from datetime import date, timedelta

Span = tuple[date | None, date | None]  # the first day, and the day after the last one; None: no bound

FURTHEST = 3_650  # days; more is a slip of the hand
_COUNTED = re.compile(r"(last|next|older_than)_([1-9][0-9]{0,3})")


def span(word: str, today: date) -> Span:
    """The days a word means on a day, half-open; ValueError for a word that means none.

    ``last_7`` ends with today and ``next_7`` begins with it; ``older_than_30`` is before the thirty days that
    end with today.
    """
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    named: dict[str, Span] = {
        "yesterday": _days(today, -1, 0),
        "today": _days(today, 0, 1),
        "tomorrow": _days(today, 1, 2),
        "last_week": _days(monday, -7, 0),
        "this_week": _days(monday, 0, 7),
        "next_week": _days(monday, 7, 14),
        "last_month": (_month_after(first - timedelta(days=1), 0), first),
        "this_month": (first, _month_after(first, 1)),
        "next_month": (_month_after(first, 1), _month_after(first, 2)),
    }
    return named[word] if word in named else _counted(word, today)


def anniversaries(days: Span) -> list[tuple[int, int]]:
    """The days of a span whatever the year, as 301 for 1 March, from … to; of a year or more all of them.

    Who was born on 29 February is congratulated on the 28th of a year that has no 29th.
    """
    first, end = days
    if first is None or end is None or (end - first).days >= 365:
        return [(101, 1231)]
    last = end - timedelta(days=1)
    start, stop = _of_year(first), _of_year(last)
    if stop == 228 and end.day == 1:
        stop = 229
    return [(start, stop)] if start <= stop else [(start, 1231), (101, stop)]


def _of_year(day: date) -> int:
    return day.month * 100 + day.day


def counted(word: str) -> tuple[str, int]:
    """``last_7`` as its word and number; ValueError for anything else."""
    found = _COUNTED.fullmatch(word)
    if found is None or (number := int(found[2])) > FURTHEST:
        raise ValueError("no such days")
    return found[1], number


def _counted(word: str, today: date) -> Span:
    which, number = counted(word)
    if which == "last":
        return _days(today, 1 - number, 1)
    if which == "next":
        return _days(today, 0, number)
    return None, today + timedelta(days=1 - number)


def _days(from_day: date, start: int, end: int) -> Span:
    return from_day + timedelta(days=start), from_day + timedelta(days=end)


def _month_after(day: date, months: int) -> date:
    whole = day.year * 12 + day.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1)
