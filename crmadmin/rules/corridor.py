"""The corridor of a number: between which bounds it is as one expects it, and what lies outside.

Bounds of what adds up are for a working week of five days; what somebody has worked of it scales them.
"""

from collections.abc import Sequence
from enum import StrEnum, auto
from math import fsum, sqrt
from statistics import median
from typing import NamedTuple

WEEK = 5  # working days
LIKE_SIGMA = 1.4826  # by which the median of deviations is that of a normal spread
WIDE = 3  # sigmas
LEAST_WEEKS = 6  # of somebody's own history, before it says what is usual for him


class Source(StrEnum):
    """Where a corridor comes from."""

    person = auto()
    role = auto()
    history = auto()


class Corridor(NamedTuple):
    """``low`` and ``high`` of the number itself, for the period it is shown beside; either may be open."""

    low: float | None
    high: float | None
    source: Source


class Side(StrEnum):
    """Where a number lies."""

    low = auto()
    inside = auto()
    high = auto()


def middle_and_spread(weeks: Sequence[float]) -> tuple[float, float] | None:
    """Median and 1.4826 · MAD of somebody's weeks. None of too short a history."""
    if len(weeks) < LEAST_WEEKS:
        return None
    middle = median(weeks)
    return middle, LIKE_SIGMA * median(abs(week - middle) for week in weeks)


def usual(weeks: Sequence[float]) -> tuple[float, float] | None:
    """Median ± 3 · 1.4826 · MAD of somebody's weeks; never below nought. None of too short a history."""
    found = middle_and_spread(weeks)
    if found is None:
        return None
    middle, spread = found
    return max(0.0, middle - WIDE * spread), middle + WIDE * spread


def scaled(low: float | None, high: float | None, days: float, source: Source) -> Corridor:
    """Bounds of a working week, for so many working days."""
    part = days / WEEK
    return Corridor(None if low is None else low * part, None if high is None else high * part, source)


def side(value: float | None, corridor: Corridor | None) -> Side:
    """What cannot be said (no value, no corridor) is inside."""
    if value is None or corridor is None:
        return Side.inside
    if corridor.low is not None and value < corridor.low:
        return Side.low
    if corridor.high is not None and value > corridor.high:
        return Side.high
    return Side.inside


class Trend(NamedTuple):
    """A number against the periods before it: their median, the number over it, and how much they vary.

    ``variation`` is standard deviation / mean: the smaller, the steadier. None where nothing can be said.
    """

    middle: float | None
    change: float | None
    variation: float | None


def trend(value: float | None, before: Sequence[float | None]) -> Trend:
    known = [number for number in before if number is not None]
    if not known:
        return Trend(None, None, None)
    middle = median(known)
    change = None if value is None or not middle else value / middle - 1
    return Trend(middle, change, _variation(known))


def _variation(known: Sequence[float]) -> float | None:
    average = fsum(known) / len(known)
    if not average or len(known) < 2:
        return None
    return sqrt(fsum((each - average) ** 2 for each in known) / len(known)) / average
