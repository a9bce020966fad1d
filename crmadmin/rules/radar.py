"""Where a silent client stands in the picture of silence: the farther out, the longer it is silent."""

from collections.abc import Sequence
from math import cos, pi, sin
from typing import NamedTuple

ALARMING, FARTHEST = 1.5, 4.0  # rhythms
RADIUS = 180.0
_GOLDEN = pi * (3 - 5**0.5)  # neighbours in a list stand apart in the picture


class Point(NamedTuple):
    """Of a circle of ``RADIUS`` around nought: two coordinates, and the size of the dot."""

    x: float
    y: float
    size: float


def distance(silence: float) -> float:
    """From the centre: one rhythm at a quarter of the way, ``FARTHEST`` and beyond at the rim."""
    return RADIUS * min(max(silence, 0.0), FARTHEST) / FARTHEST


def points(clients: Sequence[tuple[float, int | None]]) -> list[Point]:
    """One for each (silence, rhythm in days), in their order; the shorter the rhythm, the larger the dot."""
    placed: list[Point] = []
    for number, (silence, rhythm) in enumerate(clients):
        far, turn = distance(silence), number * _GOLDEN
        placed.append(Point(round(far * cos(turn), 1), round(far * sin(turn), 1), size(rhythm)))
    return placed


def size(rhythm: int | None) -> float:
    """Who is to be spoken to every fortnight is three times as large as who is spoken to twice a year."""
    return 4.0 if not rhythm else round(min(max(60 / rhythm, 1.0), 3.0) * 3.5, 1)
