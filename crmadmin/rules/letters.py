"""When a letter that was not taken is tried again, and when it is given up."""

from datetime import datetime, timedelta

PAUSES = tuple(timedelta(minutes=each) for each in (1, 2, 5, 15, 30, 60, 120, 180))
PATIENCE = timedelta(days=1)


def next_try(made_at: datetime, tries: int, now: datetime) -> datetime | None:
    """After so many tries: the moment of the next one, or None where it is to be given up."""
    if now - made_at >= PATIENCE:
        return None
    return now + PAUSES[min(tries, len(PAUSES)) - 1]
