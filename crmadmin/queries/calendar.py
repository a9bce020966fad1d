"""What stands on the days of a calendar: how much on each, and the first of it. None of them runs.

A day of a large department has a thousand entries: they are counted in an index, and what is shown is read.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import CTE, ColumnElement, Integer, Select, and_, bindparam, func, select, text
from sqlalchemy.orm import joinedload, load_only

from crmadmin.core.db import Rows
from crmadmin.queries.absences import plans_in_ones_hands
from models import Client, Interaction, User
from models.base import UtcDateTime
from models.kinds import InteractionState


class Stretch(NamedTuple):
    """A day, numbered by its place, from its first moment to the last one, both included."""

    first: datetime
    last: datetime


def of_person(person_id: int | None) -> ColumnElement[bool]:
    """What is planned and what was held: of one person, or of all."""
    stands = Interaction.state != InteractionState.cancelled
    return stands if person_id is None else and_(stands, Interaction.person_id == person_id)


def acted_for(viewer: User, at: datetime) -> ColumnElement[bool]:
    """What those who are away have planned, and the viewer does for them."""
    return and_(plans_in_ones_hands(viewer, at), Interaction.person_id != viewer.id)


def counted(days: Sequence[Stretch], which: ColumnElement[bool]) -> Select[int, int]:
    """(number of the day, how many)."""
    day = _days(days)
    # Said so that a whole department's days are counted in the index of states, and no row is looked at.
    stands = Interaction.state.in_((InteractionState.planned, InteractionState.held))
    asked = select(func.count()).select_from(Interaction).where(which, stands, _on(day)).correlate(day)
    return select(day.c.number, asked.scalar_subquery())


def nth_moments(days: Sequence[Stretch], which: ColumnElement[bool], n: int) -> Select[int, datetime | None]:
    """(number of the day, when the n-th of it is)."""
    day = _days(days)
    asked = select(Interaction.happened_at).where(which, _on(day)).correlate(day)
    nth = asked.order_by(Interaction.happened_at, Interaction.id).offset(n - 1).limit(1)
    return select(day.c.number, nth.scalar_subquery())


def ids(days: Sequence[Stretch], which: ColumnElement[bool]) -> Rows:
    """(number of the day, moment, id) of all that is within these stretches."""
    day = _days(days)
    asked = select(day.c.number, Interaction.happened_at, Interaction.id)
    return asked.select_from(day).join(Interaction, and_(_on(day), which))


def entries(found: Sequence[int]) -> Select[Interaction]:
    """With what a calendar says of each, and what says whether it may be moved."""
    loads = (
        load_only(*_SAID),
        joinedload(Interaction.kind),
        joinedload(Interaction.person).load_only(User.name),
        joinedload(Interaction.client).load_only(Client.name, Client.curator_id, Client.group_id),
    )
    asked = select(Interaction).where(Interaction.id.in_(found)).options(*loads)
    return asked.order_by(Interaction.happened_at, Interaction.id)


_SAID = (
    Interaction.client_id, Interaction.kind_id, Interaction.person_id, Interaction.recorded_by_id,
    Interaction.state, Interaction.happened_at,
)  # fmt: skip


def _days(days: Sequence[Stretch]) -> CTE:
    """Words of ours: a statement with VALUES would be put together anew each time, which takes longer than
    its answer."""
    rows = (f"SELECT {n} AS number, :first_{n} AS first, :last_{n} AS last" for n in range(len(days)))
    ends = [(f"{name}_{n}", getattr(day, name)) for n, day in enumerate(days) for name in ("first", "last")]
    told = text(" UNION ALL ".join(rows)).bindparams(
        *(bindparam(name, moment, UtcDateTime) for name, moment in ends)
    )
    return told.columns(number=Integer, first=UtcDateTime, last=UtcDateTime).cte("day")


def _on(day: CTE) -> ColumnElement[bool]:
    return and_(Interaction.happened_at >= day.c.first, Interaction.happened_at <= day.c.last)
