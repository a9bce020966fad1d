"""Hours in which nobody is disturbed. Minutes of the day; a quiet time may go over midnight."""

from datetime import datetime, time, timedelta

DAY = 24 * 60


def minute_of(at: datetime) -> int:
    return at.hour * 60 + at.minute


def is_quiet(minute: int, start: int | None, end: int | None) -> bool:
    """Whether that minute lies in ``[start, end)``; from a minute to the same one is no time at all."""
    if start is None or end is None or start == end:
        return False
    if start < end:
        return start <= minute < end
    return minute >= start or minute < end


def first_loud(at: datetime, start: int | None, end: int | None) -> datetime:
    """The moment itself, or the end of the quiet time it lies in; ``at`` is as clocks on the wall show it."""
    if end is None or not is_quiet(minute_of(at), start, end):
        return at
    day = at.date() if minute_of(at) < end else at.date() + timedelta(days=1)
    return datetime.combine(day, time(*divmod(end, 60)), at.tzinfo)


def minute(text: str) -> int | None:
    """«22:30» as a minute of the day; None for anything else."""
    hours, _, minutes = text.strip().partition(":")
    if not all(part.isascii() and part.isdecimal() and len(part) <= 2 for part in (hours, minutes[:2])):
        return None
    if len(minutes) != 2 or int(hours) > 23 or int(minutes) > 59:
        return None
    return int(hours) * 60 + int(minutes)


def clock_time(minute: int | None) -> str:
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"
