"""What somebody can reach by his own numbers: records, the next mark above the present one, days in a row."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum, auto
from math import ceil, floor
from statistics import median
from typing import NamedTuple

LATELY = 4  # periods that are told against those before them
NOTABLE = 0.1  # of what they were before: less is the same
_NEARLY = 1e-9  # broken numbers that are the same, whatever their last digits


class Goal(StrEnum):
    """What the next mark is: one's own record, what is in the middle of the team, or a round number."""

    own = auto()
    team = auto()
    round = auto()


class Mark(NamedTuple):
    value: float
    goal: Goal


class Way(StrEnum):
    """Where somebody's number goes: to the better, nowhere, to the worse."""

    better = auto()
    same = auto()
    worse = auto()


class Streak(NamedTuple):
    """Days in a row: until now, and at most."""

    now: int
    most: int


# Up to which value the round numbers are so far apart, by how a value is shown
_ROUND: Mapping[str, Sequence[tuple[float, float]]] = {
    "number": ((10, 1), (50, 5), (100, 10), (500, 50), (float("inf"), 100)),
    "minutes": ((600, 60), (3_000, 300), (float("inf"), 600)),
    "hours": ((4, 1), (12, 4), (48, 12), (float("inf"), 24)),
    "share": ((float("inf"), 0.05),),
}


def round_mark(value: float, shown: str, *, is_more: bool) -> float | None:
    """The next round number on the way to the better; None where there is none."""
    towards = value + _NEARLY if is_more else value - _NEARLY
    step = next(step for upto, step in _ROUND[shown] if towards < upto)
    found = (floor(towards / step) + 1) * step if is_more else (ceil(towards / step) - 1) * step
    if found < 0 or (shown == "share" and found > 1 + _NEARLY):
        return None
    return round(found, 6)


def next_mark(
    value: float | None, own: float | None, team: float | None, shown: str, *, is_more: bool
) -> Mark | None:
    """The nearest of his record and the team's median that he has not reached; else a round number."""
    if value is None:
        return None
    ahead = [
        Mark(mark, goal)
        for mark, goal in ((own, Goal.own), (team, Goal.team))
        if mark is not None and is_better(mark, value, is_more=is_more)
    ]
    if ahead:
        return min(ahead, key=lambda mark: abs(mark.value - value))
    found = round_mark(value, shown, is_more=is_more)
    return None if found is None else Mark(found, Goal.round)


def is_better(one: float, other: float, *, is_more: bool) -> bool:
    return one - other > _NEARLY if is_more else other - one > _NEARLY


def way(line: Sequence[float | None], *, is_more: bool) -> Way | None:
    """By the last few periods against as many at least before them; None of too few."""
    known = [value for value in line if value is not None]
    lately, before = known[-LATELY:], known[:-LATELY]
    if len(before) < LATELY:
        return None
    now, then = median(lately), median(before)
    if abs(now - then) <= NOTABLE * abs(then):
        return Way.same
    return Way.better if is_better(now, then, is_more=is_more) else Way.worse


def streak(days: Iterable[tuple[date, bool]]) -> Streak:
    """Of days in their order, and whether each was as it should be."""
    now = most = 0
    for _day, is_good in days:
        now = now + 1 if is_good else 0
        most = max(most, now)
    return Streak(now, most)
