"""Whose client it is by the first touch: who holds it at a moment, and when the rule cannot tell.

Whoever has a contact while nobody holds the client takes the first touch, and holds it until so many days
have passed since the last contact of his own; others who speak meanwhile take nothing. Then it is free again,
and the next contact takes it. Two who take it at the very same moment hold it together, and the rule cannot
tell between them. Nor can it where the answer hangs on a record written down more than a day afterwards: with
such records left out somebody else, or nobody, would hold it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from models.kinds import FirstTouch

DAYS = 180  # unless the department has agreed on another number
IN_TIME = timedelta(days=1)  # a record written down later than that is marked


class Touch(NamedTuple):
    """One held contact of one of ours with the client."""

    person: int
    happened_at: datetime
    recorded_at: datetime

    @property
    def late(self) -> bool:
        return is_late(self.happened_at, self.recorded_at)


@dataclass(frozen=True)
class Hold:
    """Who held the first touch: since his first contact, until so many days after his last one."""

    persons: frozenset[int]
    since: datetime
    last: datetime
    until: datetime


@dataclass(frozen=True)
class Verdict:
    """What the rule says at a moment; ``hold`` is the latest one, whether in force or run out."""

    says: FirstTouch
    hold: Hold | None = None
    in_time: Hold | None = None  # in force if records written down late are left out

    @property
    def person(self) -> int | None:
        """Who holds it; nobody where the rule cannot tell."""
        if self.says is not FirstTouch.holds or self.hold is None:
            return None
        return next(iter(self.hold.persons))


def is_late(happened_at: datetime, recorded_at: datetime) -> bool:
    """Written down more than a day after it happened."""
    return recorded_at - happened_at > IN_TIME


def holds(touches: Iterable[Touch], days: int) -> list[Hold]:
    """Every hold there ever was, the first one first; a hold lasts ``[since, last + days)``."""
    lasts, found = timedelta(days=days), list[Hold]()
    for moment, same in groupby(sorted(touches, key=_when), key=_when):
        persons = frozenset(touch.person for touch in same)
        now = found[-1] if found else None
        if now is None or moment >= now.until:
            found.append(Hold(persons, moment, moment, moment + lasts))
        elif persons & now.persons:
            found[-1] = Hold(now.persons, now.since, moment, moment + lasts)
    return found


def hold_at(touches: Iterable[Touch], days: int, at: datetime) -> Hold | None:
    """The hold in force at a moment, by what had happened until then."""
    return _in_force(_until(touches, days, at), at)


def verdict(touches: Sequence[Touch], days: int, at: datetime) -> Verdict:
    """Who holds the first touch at a moment, or why the head has to decide."""
    known = _until(touches, days, at)
    if not known:
        return Verdict(FirstTouch.nobody)
    now, latest = _in_force(known, at), known[-1]
    in_time = hold_at((touch for touch in touches if not touch.late), days, at)
    if _persons(now) != _persons(in_time):
        return Verdict(FirstTouch.late, latest, in_time)
    if now is None:
        return Verdict(FirstTouch.lapsed, latest)
    return Verdict(FirstTouch.holds if len(now.persons) == 1 else FirstTouch.tie, now, in_time)


def _until(touches: Iterable[Touch], days: int, at: datetime) -> list[Hold]:
    return holds((touch for touch in touches if touch.happened_at <= at), days)


def _in_force(known: list[Hold], at: datetime) -> Hold | None:
    return known[-1] if known and at < known[-1].until else None


def _persons(hold: Hold | None) -> frozenset[int]:
    return hold.persons if hold else frozenset()


def _when(touch: Touch) -> datetime:
    return touch.happened_at
