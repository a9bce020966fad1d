"""When the clocks of a zone were, or will be, set another way: for a database that knows no zones."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

FIRST, LAST = 2000, 2060  # no record is older, nor planned for later


@cache
def offsets(zone: str) -> list[tuple[str, int]]:
    """(since when, in UTC as SQLite keeps it; seconds to add), in order; the first is of before, too."""
    there = ZoneInfo(zone)
    at, end = datetime(FIRST, 1, 1, tzinfo=UTC), datetime(LAST, 1, 1, tzinfo=UTC)
    found = [(_text(at), _seconds(there, at))]
    while at < end:
        later = at + timedelta(days=7)
        if _seconds(there, later) != found[-1][1]:
            change = _change(there, at, later)
            found.append((_text(change), _seconds(there, change)))
        at = later
    return found


def _change(there: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first moment with the later offset, to the minute."""
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) / 2
        middle = middle.replace(second=0, microsecond=0)
        if middle == before:
            break
        if _seconds(there, middle) == _seconds(there, before):
            before = middle
        else:
            after = middle
    return after


def _seconds(there: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(there).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.000000")
