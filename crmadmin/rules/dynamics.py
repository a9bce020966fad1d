"""A number's dynamics in a word each: where it goes, and how steady it has been."""

from enum import StrEnum, auto

from crmadmin.rules.corridor import Trend

NOTABLE = 0.15  # of the median of the periods before: less is no change
STEADY, UNEVEN = 0.25, 0.5  # standard deviation / mean, at most


class Course(StrEnum):
    """Where a number goes against the periods before it."""

    up = auto()
    level = auto()
    down = auto()


class Steadiness(StrEnum):
    """How much the periods before it vary."""

    steady = auto()
    uneven = auto()
    erratic = auto()


def course(trend: Trend) -> Course | None:
    """None where nothing can be said."""
    if trend.change is None:
        return None
    if abs(trend.change) < NOTABLE:
        return Course.level
    return Course.up if trend.change > 0 else Course.down


def steadiness(trend: Trend) -> Steadiness | None:
    """None where nothing can be said."""
    if trend.variation is None:
        return None
    if trend.variation <= STEADY:
        return Steadiness.steady
    return Steadiness.uneven if trend.variation <= UNEVEN else Steadiness.erratic


def at_pace(value: float, middle: float, done: float, begun: float, whole: float) -> float | None:
    """The change against the median of whole periods, of a period that goes on: as if it went on so.

    ``done`` working days are over, ``begun`` with today, of ``whole``. What today may still bring accuses
    nobody: between both ways to reckon there is no change.
    """
    if not done or not middle:
        return None
    least, most = value * whole / begun, value * whole / done
    return min(max(middle, least), most) / middle - 1
