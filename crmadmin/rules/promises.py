"""What becomes of a promise, by its due time; and how long that may be taken back."""

from datetime import datetime, timedelta

from models.kinds import PromiseState

TAKEN_BACK_WITHIN = timedelta(days=14)  # as long as a record may be set back


def outcome(due_at: datetime, now: datetime) -> PromiseState:
    """Kept in time, up to its last moment; or late."""
    return PromiseState.kept if now <= due_at else PromiseState.kept_late


def may_be_taken_back(settled_at: datetime, now: datetime) -> bool:
    """What became of it, by whoever may say what becomes of it."""
    return now <= settled_at + TAKEN_BACK_WITHIN
