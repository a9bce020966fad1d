"""Pages of numbers that go out by themselves, and what became of them. None of it runs."""

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from models import Letter, ReportLetter

_WHOLE = (
    selectinload(ReportLetter.readers),
    joinedload(ReportLetter.person),
    joinedload(ReportLetter.made_by),
)


def active() -> Select[ReportLetter]:
    return select(ReportLetter).where(ReportLetter.active).options(*_WHOLE).order_by(ReportLetter.id)


def every() -> Select[ReportLetter]:
    """Those that go first, the newest of them first."""
    order = (ReportLetter.active.desc(), ReportLetter.id.desc())
    return select(ReportLetter).options(*_WHOLE).order_by(*order)


def letters(people: Collection[int], keys: Collection[str]) -> Select[Letter]:
    """What was written to these people under these keys."""
    asked = select(Letter).where(Letter.person_id.in_(people), Letter.key.in_(keys))
    return asked.order_by(Letter.id)
