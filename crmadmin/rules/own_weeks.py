"""What of somebody's own weeks is no accident, so that he is spoken to about it.

The corridor of twelve weeks says what is usual for him. By chance alone it is so narrow, often enough, that
whoever works as steadily as ever lies outside it several times a quarter (decision 0024). So the width is
never less than what chance makes of such a number, one week is no reason, and a slide shows in four weeks
together.
"""

from collections.abc import Sequence
from enum import StrEnum, auto
from math import sqrt
from statistics import mean
from typing import NamedTuple

from crmadmin.rules.corridor import WEEK, WIDE, Side, middle_and_spread
from crmadmin.rules.periods import BEFORE

ENOUGH_DAYS = 3  # that he has worked of a week, before it says anything of him
TOGETHER = 4  # weeks in which a slide shows
SLID = 2.5  # spreads of their mean
FELL = 2.0  # spreads of a share

# Of a median, against a mean of as many: it varies by so much more.
_OF_A_MEDIAN = 1.57
# Contacts differ in length, and so do delays: minutes of as many contacts, and the median of as many hours,
# vary by so much of themselves.
_OF_MINUTES, _OF_HOURS = 3.0, 1.5


class Chance(StrEnum):
    """What kind of number it is, by which it varies where nothing has changed."""

    number = auto()
    minutes = auto()
    share = auto()
    hours = auto()

    @property
    def adds_up(self) -> bool:
        return self in (Chance.number, Chance.minutes)


class Week(NamedTuple):
    """A number of one week: of what adds up as of a whole working week. ``records``: out of how many."""

    value: float | None
    days: int
    records: float

    @property
    def says_something(self) -> bool:
        return self.value is not None and self.days >= ENOUGH_DAYS


class Outside(NamedTuple):
    """A number that is no accident, as of a whole working week, with what is usual, and of how many weeks."""

    side: Side
    value: float
    low: float
    high: float
    middle: float
    weeks: int


def left(weeks: Sequence[Week], of: Chance) -> Outside | None:
    """Two weeks running on the same side of the corridor, each of the twelve weeks before it."""
    last, before = _last(weeks, of), _last(weeks[:-1], of)
    return last if last and before and last.side is before.side else None


def _last(weeks: Sequence[Week], of: Chance) -> Outside | None:
    """The last of these weeks, where it lies outside."""
    usual = middle_and_spread(_known(weeks[:-1]))
    if usual is None or not weeks[-1].says_something:
        return None
    week, (middle, spread) = weeks[-1], usual
    return _outside(week.value, middle, WIDE * max(spread, by_chance(of, middle, week)), 1)


def _known(weeks: Sequence[Week]) -> list[float]:
    """As the corridor takes them: of the last twelve weeks those that he worked, or worked a part of."""
    return [week.value for week in weeks[-BEFORE:] if week.days and week.value is not None]


def slid(weeks: Sequence[Week]) -> Outside | None:
    """The mean of the last four weeks that say something, of a count, against the twelve before them."""
    telling = [week.value for week in weeks if week.says_something and week.value is not None]
    last, before = telling[-TOGETHER:], telling[-TOGETHER - BEFORE : -TOGETHER]
    usual = middle_and_spread(before)
    if usual is None or not weeks[-1].says_something:
        return None
    middle, spread = usual
    one = max(spread, sqrt(middle + 1))
    return _outside(
        mean(last), middle, SLID * one * sqrt(1 / TOGETHER + _OF_A_MEDIAN / len(before)), TOGETHER
    )


def _outside(value: float | None, middle: float, wide: float, weeks: int) -> Outside | None:
    low, high = max(0.0, middle - wide), middle + wide
    if value is None or low <= value <= high:
        return None
    return Outside(Side.low if value < low else Side.high, value, low, high, middle, weeks)


def by_chance(of: Chance, middle: float, week: Week) -> float:
    """By how much such a number varies from week to week where nothing has changed: its standard deviation.

    A count as Poisson's law has it, a share as that of so many, what has lengths as these vary.
    """
    many = max(week.records, 1.0)
    match of:
        case Chance.number:
            part = week.days / WEEK
            return sqrt(middle * part + 1) / part
        case Chance.minutes:
            return middle * sqrt(_OF_MINUTES / many)
        case Chance.hours:
            return middle * _OF_HOURS / sqrt(many)
        case Chance.share:
            share = (middle * many + 1) / (many + 2)
            return sqrt(share * (1 - share) / many)


class Part(NamedTuple):
    """How many of how many."""

    many: float
    of: float


def fell(now: Part, before: Part) -> bool:
    """Whether a share is smaller than before, and not by accident."""
    if not now.of or not before.of:
        return False
    share = (before.many + 1) / (before.of + 2)
    return now.many / now.of < share - FELL * sqrt(share * (1 - share) * (1 / now.of + 1 / before.of))
