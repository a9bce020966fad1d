"""What others wrote down with somebody's clients while he was away. None of them runs."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from crmadmin.queries.handover import meanwhile
from models import Absence, Client, Interaction, SeenAfterAbsence


def before(absence: Absence) -> Select[Absence]:
    """The absence that went over into this one."""
    other = aliased(Absence)
    same = (other.person_id == absence.person_id, other.cancelled_at.is_(None))
    return select(other).where(*same, other.ends_at == absence.starts_at, other.id != absence.id)


def is_seen(absence: Absence) -> ColumnElement[bool]:
    seen = exists().where(
        SeenAfterAbsence.absence_id == absence.id, SeenAfterAbsence.interaction_id == Interaction.id
    )
    return seen.correlate(Interaction)


def unseen(
    absence: Absence, start: datetime, end: datetime
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return meanwhile(absence.person_id, start, end), ~is_seen(absence)


def lines(absence: Absence, start: datetime, end: datetime, *, seen: bool, most: int) -> Select[Interaction]:
    """In the order in which they were written down."""
    which = is_seen(absence) if seen else ~is_seen(absence)
    asked = select(Interaction).where(meanwhile(absence.person_id, start, end), which)
    return (
        asked.options(
            joinedload(Interaction.kind),
            joinedload(Interaction.person),
            joinedload(Interaction.result),
            joinedload(Interaction.client).load_only(Client.name),
            selectinload(Interaction.contact_persons),
        )
        .order_by(Interaction.recorded_at, Interaction.id)
        .limit(most)
    )


def counted(absence: Absence, start: datetime, end: datetime) -> Select[int, int]:
    """(all, confirmed)."""
    asked = select(func.count(), func.count().filter(is_seen(absence)))
    return asked.select_from(Interaction).where(meanwhile(absence.person_id, start, end))
