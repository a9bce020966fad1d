"""Days on which the invented company works, and how busy they are."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from crmadmin.core.i18n import zone
from crmadmin.rules.working_days import is_working

_SLOW = {1: 1.45, 5: 1.15, 7: 1.3, 8: 1.25, 12: 0.9, 2: 0.95, 3: 0.9, 9: 0.85, 10: 0.85, 11: 0.9}

MORNING, EVENING = time(9, 10), time(18, 40)


def working_before(day: date) -> date:
    """The last working day before the day."""
    day -= timedelta(days=1)
    while not is_working(day):
        day -= timedelta(days=1)
    return day


def slowness(day: date) -> float:
    """How much longer than usual the next contact waits: a slump in January and in summer."""
    return _SLOW.get(day.month, 1.0)


def at(day: date, moment: time) -> datetime:
    """The moment of the installation's zone, in UTC."""
    return datetime.combine(day, moment, zone()).astimezone(UTC)


def laid_out(rng: Random, day: date, minutes: list[int]) -> list[datetime]:
    """When each of a day's contacts began: in order, not two at once while the day has room for them."""
    start, end = at(day, MORNING), at(day, EVENING)
    free = (end - start).total_seconds() / 60 - sum(minutes)
    room = max(free, 20.0) / (len(minutes) + 1)
    begun: list[datetime] = []
    now = start
    for lasts in minutes:
        now += timedelta(minutes=int(rng.uniform(0.2, 1.5) * room))
        now = min(now, end - timedelta(minutes=lasts))
        begun.append(now)
        now += timedelta(minutes=lasts)
    return begun
