"""Whose numbers somebody may see, and what they are measured by. None of it runs."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true

from crmadmin.core.permissions import Permission, allows
from crmadmin.core.sql import checked
from crmadmin.queries.contacts import is_held
from models import Absence, Interaction, Norm, User
from models.kinds import Role


def person_visible_to(viewer: User) -> ColumnElement[bool]:
    """The head and the admin see everybody's numbers, others their own."""
    if allows(viewer.role, Permission.kpi_see_team):
        return true()
    return User.id == viewer.id


def measured(start: datetime, end: datetime) -> Select[User]:
    """The managers there are, and whoever else, or whoever has left, held something in that time; by name."""
    worked = exists().where(
        Interaction.person_id == User.id,
        Interaction.happened_at >= start,
        Interaction.happened_at < end,
        checked(is_held),  # of each person by his index, not all that was held in that time for each
    )
    here = and_(User.active, User.role == Role.manager)
    return select(User).where(or_(here, worked)).order_by(User.name, User.id)


def norms(first: date, last: date) -> Select[Norm]:
    """Those in force on a day from the first to the last, the latest first."""
    until = or_(Norm.valid_until.is_(None), Norm.valid_until > first)
    return select(Norm).where(Norm.valid_from <= last, until).order_by(Norm.valid_from.desc(), Norm.id.desc())


def absences(person_ids: Collection[int], start: datetime, end: datetime) -> Select[int, datetime, datetime]:
    """(person, from, until) of absences that share a moment with that time."""
    asked = select(Absence.person_id, Absence.starts_at, Absence.ends_at)
    shares = (Absence.cancelled_at.is_(None), Absence.starts_at < end, Absence.ends_at > start)
    return asked.where(Absence.person_id.in_(person_ids), *shares)
