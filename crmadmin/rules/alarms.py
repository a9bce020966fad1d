"""When the same alarm may come again: never while it is dealt with, not before the day of its decision."""

from datetime import date, timedelta
from typing import NamedTuple


class Last(NamedTuple):
    """The latest alarm of a matter: the day it was decided, none while it is open; the day it named."""

    decided_on: date | None
    act_on: date | None


def may_come(last: Last | None, day: date, rest: int) -> bool:
    """A decision that names no day rests for so many days."""
    if last is None:
        return True
    if last.decided_on is None:
        return False
    return day >= (last.act_on or last.decided_on + timedelta(days=rest))
