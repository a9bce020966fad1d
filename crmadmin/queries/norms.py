"""Norms as rows: whose, of what, from when until when. None of them runs."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import joinedload

from crmadmin.core.permissions import Permission, allows
from models import Norm, User
from models.kinds import Role


def norm_visible_to(viewer: User) -> ColumnElement[bool]:
    """The head and the admin see all, others their own and those of their role."""
    if allows(viewer.role, Permission.norms_change):
        return true()
    return or_(Norm.person_id == viewer.id, Norm.role == viewer.role)


def listed(viewer: User, day: date, *, past: bool) -> Select[Norm]:
    """Those in force on that day or later, roles before people; or those that are over, the latest first."""
    over = Norm.valid_until <= day
    asked = select(Norm).outerjoin(User, User.id == Norm.person_id).where(norm_visible_to(viewer))
    asked = asked.options(joinedload(Norm.person), joinedload(Norm.set_by))
    if past:
        return asked.where(over).order_by(Norm.valid_until.desc(), Norm.id.desc())
    going_on = or_(Norm.valid_until.is_(None), Norm.valid_until > day)
    return asked.where(going_on).order_by(
        Norm.person_id.is_not(None), Norm.role, User.name, Norm.valid_from, Norm.id
    )


def one(viewer: User, id: int) -> Select[Norm]:
    asked = select(Norm).where(Norm.id == id, norm_visible_to(viewer))
    return asked.options(joinedload(Norm.person), joinedload(Norm.set_by))


def meeting(
    indicator: str, person_id: int | None, role: Role | None, first: date, until: date | None, but: int | None
) -> Select[Norm]:
    """Norms of the same indicator and the same person or role that share a day with ``[first, until)``."""
    whose: Any = Norm.person_id == person_id if role is None else Norm.role == role
    asked = select(Norm).where(Norm.indicator == indicator, whose)
    asked = asked.where(or_(Norm.valid_until.is_(None), Norm.valid_until > first))
    if until is not None:
        asked = asked.where(Norm.valid_from < until)
    if but is not None:
        asked = asked.where(Norm.id != but)
    return asked.order_by(Norm.valid_from, Norm.id)
