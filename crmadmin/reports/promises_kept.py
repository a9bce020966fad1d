"""The indicator ``promises_kept``: of promises to clients that were due in a period, those kept on time.

They count for whoever answered for them then.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, and_, cast, func, or_, select

from crmadmin.core.db import Rows
from crmadmin.queries.promises import is_overdue
from models import KpiMark, Promise, User
from models.kinds import PromiseSide, PromiseState

_SETTLED = (PromiseState.kept, PromiseState.kept_late, PromiseState.broken)

kept_on_time = func.count().filter(Promise.state == PromiseState.kept)
kept_late = func.count().filter(Promise.state == PromiseState.kept_late)
broken = func.count().filter(Promise.state == PromiseState.broken)


def counts(start: Any, end: Any, at: datetime) -> ColumnElement[bool]:
    """Ours, due in ``[start, end)``, and settled or overdue. One that was moved with consent in time counts
    by the promise it was moved to, at that one's time; moved when it was overdue, it was not kept on time."""
    moved_late = and_(Promise.state == PromiseState.moved, Promise.settled_at > Promise.due_at)
    decided = or_(Promise.state.in_(_SETTLED), moved_late, is_overdue(at))
    ours = Promise.side == PromiseSide.ours
    return and_(ours, Promise.due_at >= start, Promise.due_at < end, decided)


def of_marks(marks: Collection[int], at: datetime) -> Rows:
    """(mark, how many count in its time, those kept on time) of each mark's person."""
    his = and_(Promise.counted_for_id == KpiMark.person_id, counts(KpiMark.starts_at, KpiMark.ends_at, at))
    asked = select(
        KpiMark.id.label("mark"),
        func.count().label("promises_due"),
        kept_on_time.label("promises_kept_on_time"),
    )
    return asked.join(Promise, his).where(KpiMark.id.in_(marks)).group_by(KpiMark.id)


def share() -> ColumnElement[float]:
    """Over rows that count; nothing of none."""
    return cast(kept_on_time, Float) / func.nullif(func.count(), 0)


def by_person(start: datetime, end: datetime, at: datetime) -> Select[User, int, int, int, int, float]:
    """(person, how many count, on time, late, broken, share), by name; the rest are overdue."""
    measured = (
        select(
            Promise.counted_for_id, func.count().label("all"), kept_on_time.label("kept"),
            kept_late.label("late"), broken.label("broken"), share().label("share"),
        )
        .where(counts(start, end, at))
        .group_by(Promise.counted_for_id)
        .subquery()
    )  # fmt: skip
    of = measured.c
    asked = select(User, of["all"], of.kept, of.late, of.broken, of.share).join(
        measured, of.counted_for_id == User.id
    )
    return asked.order_by(User.name, User.id)
