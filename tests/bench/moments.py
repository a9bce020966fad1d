"""Moments by the million: the text of a day is made once."""

from datetime import timedelta

from tests.bench.chains import Field, Moment
from tests.bench.plan import BEGINNING, DAY, DAYS

_DATES = [f"{BEGINNING + timedelta(days=each):%Y-%m-%d}" for each in range(DAYS + 90)]
_TIMES = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60)]


def moment(second: int) -> Moment:
    """A second since the beginning as SQLite and PostgreSQL take it, and as the journal hashes it."""
    day, left = divmod(second, DAY)
    minute, left = divmod(left, 60)
    date, time = _DATES[day], _TIMES[minute]
    return Moment(f"{date} {time}:{left:02}.000000", f"{date}T{time}:{left:02}.000000+00:00")


def at(name: bytes, when: Moment) -> Field:
    return name, b'[null,"' + when.said.encode() + b'"]'
