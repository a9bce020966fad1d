"""When a page of numbers goes out by itself, and for which period: on Monday morning, or on the first."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from crmadmin.rules import periods
from crmadmin.rules.periods import Period, Unit
from models.kinds import Every

MINUTE = 8 * 60  # of the day after the period
MOST = 12  # periods that were missed, and are still sent: the latest
UNITS = {Every.week: Unit.week, Every.month: Unit.month}

_KEY = re.compile(r"report-(\d+)-(trial-)?(\d{4}-\d\d-\d\d)[^ ]*")


class About(NamedTuple):
    """What a letter is about: which of the letters that are set, the day after its period, and why."""

    id: int
    end: date
    is_trial: bool = False


def last_whole(every: Every, day: date) -> Period:
    """The period that was over when the day began."""
    return periods.before(periods.around(UNITS[every], day))


def first_day(every: Every, day: date) -> date:
    """Of the period that goes on: what is set up on that day begins with it."""
    return periods.around(UNITS[every], day).start


def due(every: Every, since: date, day: date) -> list[Period]:
    """Those that begin with ``since`` and were over when the day began, the oldest first."""
    return list(_over(UNITS[every], since, day))[-MOST:]


def _over(unit: Unit, since: date, day: date) -> Iterator[Period]:
    period = periods.around(unit, since)
    while period.end <= day:
        yield period
        period = periods.around(unit, period.end)


def ending(every: Every, end: date) -> Period:
    """The period of which that is the day after."""
    return periods.before(periods.around(UNITS[every], end))


def key_of(about: About, mark: str = "") -> str:
    """By it the same letter is known when it is written again; a trial by its minute too."""
    return f"report-{about.id}-{'trial-' if about.is_trial else ''}{about.end}{mark}"


def about(key: str) -> About:
    """What ``key_of`` said."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise ValueError(key)
    return About(int(found[1]), date.fromisoformat(found[3]), found[2] is not None)
