"""Which days somebody has worked: the production calendar, less his absences, from his first to his last."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.i18n import local, start_of, today, zone
from crmadmin.queries import kpi_people
from crmadmin.rules.periods import Period
from crmadmin.rules.working_days import working_days
from models import User

NOON = time(12)
ONE_DAY = timedelta(days=1)


class Days(NamedTuple):
    """Working days of a period that are over, and these with today."""

    done: int
    with_today: int


@dataclass(frozen=True)
class WorkingTime:
    """``worked`` holds each person's working days, in order, from the first day that was asked for."""

    worked: Mapping[int, Sequence[date]]
    today: date

    def days_of(self, person: User, period: Period) -> Sequence[date]:
        """His working days of the period until today, today with them."""
        worked = self.worked[person.id]
        return worked[bisect_left(worked, period.start) : bisect_left(worked, self._after(period))]

    def of(self, person: User, period: Period) -> Days:
        days = self.days_of(person, period)
        return Days(bisect_left(days, self.today), len(days))

    def of_whole(self, person: User, period: Period) -> int:
        """Those to come, too."""
        worked = self.worked[person.id]
        return bisect_left(worked, period.end) - bisect_left(worked, period.start)

    def until_now(self, person: User, period: Period) -> int:
        worked = self.worked[person.id]
        return bisect_left(worked, self._after(period)) - bisect_left(worked, period.start)

    def _after(self, period: Period) -> date:
        tomorrow = self.today + timedelta(days=1)
        return period.end if period.end < tomorrow else max(tomorrow, period.start)


def read(people: Iterable[User], first: date, end: date) -> WorkingTime:
    """Of all these people at once: one question."""
    known = list(people)
    away: dict[int, set[date]] = {person.id: set() for person in known}
    asked = kpi_people.absences(list(away), start_of(first), start_of(end))
    for person_id, start, until in db.execute(asked):
        away[person_id] |= _days_away(start, until, first, end)
    days = working_days(first, end)
    return WorkingTime({person.id: _worked(person, days, away[person.id]) for person in known}, today())


def _worked(person: User, days: Sequence[date], away: set[date]) -> Sequence[date]:
    left = bisect_left(days, local(person.left_at).date() + ONE_DAY) if person.left_at else len(days)
    here = days[bisect_left(days, local(person.created_at).date()) : left]
    return [day for day in here if day not in away] if away else here


def _days_away(start: datetime, until: datetime, first: date, end: date) -> set[date]:
    """A day is missed where the absence goes over its noon: half a day is not counted twice."""
    day, last = max(local(start).date(), first), min(local(until).date(), end)
    found: set[date] = set()
    while day <= last:
        if start <= datetime.combine(day, NOON, zone()) < until:
            found.add(day)
        day += timedelta(days=1)
    return found


def is_over(period: Period) -> bool:
    return start_of(period.end) <= clock.now()
