"""Whose numbers a promise counts in: his who answered for it when it was due, whoever does afterwards.

While it is not due yet it goes along with whoever answers for it. What fell due before a handing over stays
with whoever let it, so that nobody's past is rewritten by what he is given today.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import case, event, inspect
from sqlalchemy.orm import Session, UOWTransaction

from crmadmin.core import clock
from models import Promise

_PROMISE: Any = Promise.__table__


def given_to(person_id: int, now: datetime) -> dict[str, Any]:
    """What changes of promises that go to somebody past the flush."""
    counted = case((_PROMISE.c.due_at > now, person_id), else_=_PROMISE.c.counted_for_id)
    return {"person_id": person_id, "counted_for_id": counted}


@event.listens_for(Session, "before_flush")
def _count(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    for row in session.new:
        if isinstance(row, Promise):
            _count_for_whoever_has(row)
    for row in session.dirty:
        if isinstance(row, Promise) and _is_someone_else_s(row) and row.due_at > clock.now():
            _count_for_whoever_has(row)


def _is_someone_else_s(row: Promise) -> bool:
    """Or due at another time, until which whoever answers for it now has it."""
    attrs = inspect(row).attrs
    return any(attrs[name].history.has_changes() for name in ("person", "person_id", "due_at"))


def _count_for_whoever_has(row: Promise) -> None:
    """Whoever answers for it may be kept in this very flush, and have no number yet."""
    if inspect(row).attrs.person.history.added:
        row.counted_for = row.person
    else:
        row.counted_for_id = row.person_id
