"""What recording costs whoever records: by which form, and what of a measurement can be believed."""

from enum import StrEnum, auto
from typing import NamedTuple

AIM = 20  # seconds that a record is to take
LONGEST = 3_600  # seconds; longer a form only stood open
MOST_KEYS = 20_000  # pressed in one form


class RecordDoor(StrEnum):
    """Which form it was: the quick record, the one of a plan that came true, the full one."""

    quick = auto()
    plan = auto()
    full = auto()


class Spent(NamedTuple):
    """On one opening of a form: seconds while it was in sight, keys pressed in it."""

    seconds: int
    keys: int


def spent(seconds: str, keys: str) -> Spent | None:
    """As a browser says it; None of what is missing, or is nonsense."""
    measured = _whole(seconds), _whole(keys)
    if None in measured:
        return None
    taken, pressed = (number or 0 for number in measured)
    return Spent(min(taken, LONGEST), min(pressed, MOST_KEYS)) if taken else None


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
