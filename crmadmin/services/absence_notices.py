"""Telling who substitutes, who does no longer, and whoever is back what happened without him."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, select

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.i18n import local
from crmadmin.services import notices
from models import Absence, Notice, User
from models.kinds import NoticeKind

STILL_NEW = timedelta(days=60)  # of an older return nobody is told any more


def named(absence: Absence, *, by: User, but: Collection[int] = ()) -> None:
    """They act for him from then on; and he knows that somebody set it for him."""
    who = [each.substitute for each in absence.substitutions if each.substitute_id not in but]
    _tell([*who, absence.person], NoticeKind.substitution_set, absence, by)


def changed(absence: Absence, before: Collection[int], *, by: User) -> None:
    """New substitutes are told, and those that act no longer."""
    named(absence, by=by)
    acting = {each.substitute_id for each in absence.substitutions}
    _tell_ended(absence, set(before) - acting, by)


def over(absence: Absence, *, by: User, but: Iterable[int] = ()) -> None:
    """It has ended early, or is called off."""
    _tell_ended(absence, {each.substitute_id for each in absence.substitutions} - set(but), by)


def _tell_ended(absence: Absence, ids: Collection[int], by: User) -> None:
    _tell(db.scalars(select(User).where(User.id.in_(ids))).all(), NoticeKind.substitution_ended, absence, by)


def _tell(people: Iterable[User], kind: NoticeKind, absence: Absence, by: User) -> None:
    """Once for the same days."""
    days = {"start": _day(absence.starts_at), "end": _day(absence.ends_at)}
    key = f"absence-{absence.id}-{kind}-{absence.starts_at:%Y%m%d%H%M}-{absence.ends_at:%Y%m%d%H%M}"
    said = {"person": absence.person.name, **days}
    notices.tell(people, kind, key, by=by, subject="absence", subject_id=absence.id, data=said)


def _day(at: Any) -> str:
    return local(at).date().isoformat()


def returns() -> Any:
    """Absences that are over, of which nobody has told whoever is back; one that another follows is none."""
    now = clock.now()
    told = exists().where(
        Notice.person_id == Absence.person_id,
        Notice.kind == NoticeKind.back_again,
        Notice.subject_id == Absence.id,
    )
    next_one = select(Absence).subquery()
    follows = exists().where(
        next_one.c.person_id == Absence.person_id,
        next_one.c.cancelled_at.is_(None),
        next_one.c.starts_at == Absence.ends_at,
    )
    over = (Absence.cancelled_at.is_(None), Absence.ends_at <= now, Absence.ends_at > now - STILL_NEW)
    return select(Absence).where(*over, Absence.ends_at > Absence.starts_at, ~told, ~follows)


def tell_returns(person: User | None = None) -> int:
    """Tell whoever is back since then, each once: how many were told. A job asks for all, a page for one."""
    asked = returns() if person is None else returns().where(Absence.person_id == person.id)
    found = db.scalars(asked.order_by(Absence.id)).all()
    for absence in found:
        days = {"start": _day(absence.starts_at), "end": _day(absence.ends_at)}
        notices.tell(
            [absence.person],
            NoticeKind.back_again,
            f"absence-{absence.id}-back",
            subject="absence",
            subject_id=absence.id,
            data=days,
        )
    return len(found)
