"""The order of a timeline: one place for each line, so that paging neither loses nor repeats any.

A line stands at a moment: an interaction at the one it happened at, any other event at the one it was written
down at. At one moment interactions stand above events, and of two alike the later one above. Newest first.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

EVENT, INTERACTION = 0, 1
_LETTERS = {"e": EVENT, "i": INTERACTION}
_LARGEST_ID = 2**31 - 1


class Place(NamedTuple):
    """Where a line stands: compared as it is, the greater one is the newer one."""

    at: datetime
    rank: int
    id: int

    def __str__(self) -> str:
        """As an address says it: ``2026-03-02T09:00:00.000000_i17``."""
        there = self.at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
        return f"{there}_{'ei'[self.rank]}{self.id}"


def place(text: str) -> Place | None:
    """The place an address names; None for anything else."""
    moment, _, line = text.partition("_")
    letter, number = line[:1], line[1:]
    if letter not in _LETTERS or not (number.isascii() and number.isdecimal()) or len(number) > 10:
        return None
    try:
        at = datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S.%f").replace(tzinfo=UTC)
    except ValueError:
        return None
    return Place(at, _LETTERS[letter], int(number)) if 0 < int(number) <= _LARGEST_ID else None


def newest(streams: Iterable[Iterable[Place]], most: int) -> tuple[list[Place], bool]:
    """The newest of several streams, and whether there are more; each brings one more than ``most``."""
    all_of_them = sorted((each for stream in streams for each in stream), reverse=True)
    return all_of_them[:most], len(all_of_them) > most
