"""Whoever is back confirms what happened without him, line by line: what he was shown, nothing else."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import literal, select

from crmadmin.core import clock, sql
from crmadmin.core.db import db
from crmadmin.core.errors import NotAllowed
from crmadmin.core.i18n import _
from crmadmin.queries import returns as asked
from crmadmin.services import journal
from models import Absence, Interaction, SeenAfterAbsence, User
from models.base import UtcDateTime

LONGEST_CHAIN = 20  # absences that went over into each other


def span(absence: Absence) -> tuple[datetime, datetime]:
    """From the beginning of the first of the absences that went over into this one, to now at the latest."""
    first = absence
    for _n in range(LONGEST_CHAIN):
        earlier = db.scalars(asked.before(first)).first()
        if earlier is None:
            break
        first = earlier
    return first.starts_at, min(absence.ends_at, clock.now())


def confirm(absence: Absence, ids: Collection[int], *, by: User) -> int:
    """He has read these lines: how many of them he had not before."""
    if by.id != absence.person_id:
        raise NotAllowed(_("Only whoever was away confirms what he has read."))
    where = asked.unseen(absence, *span(absence))
    which = select(
        literal(absence.id), Interaction.id, literal(clock.now(), UtcDateTime)
    ).where(*where, Interaction.id.in_(list(ids)))  # fmt: skip
    columns = ["absence_id", "interaction_id", "seen_at"]
    put = sql.insert(db.get_bind(), SeenAfterAbsence).from_select(columns, which)
    number = len(db.scalars(put.on_conflict_do_nothing().returning(SeenAfterAbsence.interaction_id)).all())
    if number:
        journal.note(db, "absence_read", {"lines": [None, number]}, subject="absence", subject_id=absence.id)
    return number
