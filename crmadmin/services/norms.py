"""Norms: between which bounds a number of somebody, or of everybody in a role, is to lie, and from when on.

What has been in force is history: it is ended, and another one is set from the next day on. Only until the
end of the day on which it was set, or before it begins, a norm is changed or called off.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed, NotFound, all_hold
from crmadmin.core.i18n import _, local, today
from crmadmin.core.permissions import Permission, allows
from crmadmin.core.turns import take_turns
from crmadmin.queries import norms as asked
from crmadmin.reports.indicators import INDICATORS, Shown
from crmadmin.services.meanwhile import hold
from models import Norm, User
from models.kinds import Role

ROLES = (Role.manager, Role.head, Role.colleague)  # whose work may have a norm
MOST: dict[Shown, float] = {
    Shown.share: 1.0,
    Shown.number: 100_000,
    Shown.minutes: 100_000,
    Shown.hours: 10_000,
}
BACK = timedelta(days=366)  # a norm may begin so long ago
AHEAD = timedelta(days=3 * 366)


@dataclass(frozen=True)
class Wanted:
    """A norm as somebody wants it: of a person or of a role, from the first to the last day, both in it."""

    indicator: str
    person: User | None
    role: Role | None
    low: float | None
    high: float | None
    first: date | None
    last: date | None

    @property
    def until(self) -> date | None:
        return self.last and self.last + timedelta(days=1)


class Overlap(DomainError):
    """There is a norm for these days already; ``may_end``: it can end the day before the new one begins."""

    def __init__(self, message: str, *, may_end: bool) -> None:
        super().__init__(message, field="first")
        self.may_end = may_end


def known(id: int, by: User) -> Norm:
    """The norm, where this one may see it."""
    found = db.scalar(asked.one(by, id))
    if found is None:
        raise NotFound(_("There is no such norm."))
    return found


def may_change(norm: Norm) -> bool:
    """It has not been in force for a whole day since somebody set it."""
    return norm.valid_from > today() or local(norm.set_at).date() == today()


def is_over(norm: Norm) -> bool:
    return norm.valid_until is not None and norm.valid_until <= today()


def add(wanted: Wanted, *, ends_earlier: bool = False, by: User) -> Norm:
    """``ends_earlier``: the one before it ends the day before, where there is one."""
    _may(by)
    check(wanted)
    take_turns(f"norm-{wanted.indicator}")
    _make_room(wanted, ends_earlier)
    norm = Norm(set_at=clock.now(), set_by=by)
    _fill(norm, wanted)
    db.add(norm)
    db.flush()
    return norm


def change(norm: Norm, wanted: Wanted, *, by: User) -> None:
    """What was typed wrong, before it counts."""
    _may(by)
    check(wanted, but=norm)
    take_turns(f"norm-{wanted.indicator}")
    hold(norm)
    _is_young(norm)
    _make_room(wanted, False, but=norm)
    _fill(norm, wanted)
    db.flush()


def end(norm: Norm, last: date | None, *, by: User) -> None:
    """Its last day, today at the earliest; none, and it goes on without an end."""
    _may(by)
    take_turns(f"norm-{norm.indicator}")
    hold(norm)
    if is_over(norm):
        raise DomainError(_("This norm is over: what is past stays as it was."), field="last")
    if last is not None and last < max(today(), norm.valid_from):
        raise DomainError(_("It has been in force: today is the earliest last day."), field="last")
    if last is not None and last > today() + AHEAD:
        raise DomainError(_("That is too far ahead."), field="last")
    until = last and last + timedelta(days=1)
    meeting = asked.meeting(norm.indicator, norm.person_id, norm.role, norm.valid_from, until, norm.id)
    if other := db.scalars(meeting).first():
        raise DomainError(_said(other), field="last")
    norm.valid_until = until
    db.flush()


def call_off(norm: Norm, *, by: User) -> None:
    """It never was in force; the journal keeps that somebody wanted it."""
    _may(by)
    hold(norm)
    _is_young(norm)
    db.delete(norm)
    db.flush()


def check(wanted: Wanted, but: Norm | None = None) -> None:
    """What must hold of a norm whoever saves it, but that it meets no other one."""
    all_hold(
        lambda: _check_of(wanted, but),
        lambda: _check_bounds(wanted),
        lambda: _check_days(wanted),
    )


def _check_of(wanted: Wanted, but: Norm | None) -> None:
    if wanted.indicator not in INDICATORS:
        raise DomainError(_("Choose one."), field="indicator")
    if (wanted.person is None) is (wanted.role is None) or (wanted.role and wanted.role not in ROLES):
        raise DomainError(_("Choose one."), field="whose")
    is_his = but is not None and wanted.person is not None and but.person_id == wanted.person.id
    if wanted.person and not wanted.person.active and not is_his:
        raise DomainError(
            _("%(name)s has left: choose somebody else.", name=wanted.person.name), field="whose"
        )


def _check_bounds(wanted: Wanted) -> None:
    if wanted.low is None and wanted.high is None:
        raise DomainError(_("Say at least one bound."), field="low")
    each = INDICATORS.get(wanted.indicator)
    most = MOST[each.shown] if each else max(MOST.values())
    for field, bound in (("low", wanted.low), ("high", wanted.high)):
        if bound is not None and not 0 <= bound <= most:
            shown = 100 if each and each.shown is Shown.share else int(most)
            raise DomainError(_("A number from 0 to %(most)s.", most=shown), field=field)
    if wanted.low is not None and wanted.high is not None and wanted.low > wanted.high:
        raise DomainError(_("This bound is below the lower one."), field="high")


def _check_days(wanted: Wanted) -> None:
    if wanted.first is None:
        raise DomainError(_("Say from which day on."), field="first")
    if not today() - BACK <= wanted.first <= today() + AHEAD:
        raise DomainError(_("From a year ago to three years ahead."), field="first")
    if wanted.last is not None and wanted.last < wanted.first:
        raise DomainError(_("It ends before it begins."), field="last")
    if wanted.last is not None and wanted.last > today() + AHEAD:
        raise DomainError(_("That is too far ahead."), field="last")


def _make_room(wanted: Wanted, ends_earlier: bool, but: Norm | None = None) -> None:
    first = wanted.first or today()
    person = wanted.person.id if wanted.person else None
    found = list(
        db.scalars(
            asked.meeting(wanted.indicator, person, wanted.role, first, wanted.until, but.id if but else None)
        )
    )
    if not found:
        return
    may_end = len(found) == 1 and found[0].valid_from < first and (first >= today() or may_change(found[0]))
    if not (may_end and ends_earlier):
        raise Overlap(_said(found[0]), may_end=may_end and but is None)
    found[0].valid_until = first
    db.flush()


def _said(other: Norm) -> str:
    start = f"{other.valid_from:%d.%m.%Y}"
    if other.valid_until is None:
        return _("There is a norm for it from %(start)s on, without an end.", start=start)
    last = f"{other.valid_until - timedelta(days=1):%d.%m.%Y}"
    return _("There is a norm for it from %(start)s to %(last)s.", start=start, last=last)


def _fill(norm: Norm, wanted: Wanted) -> None:
    norm.indicator, norm.person, norm.role = wanted.indicator, wanted.person, wanted.role
    norm.low, norm.high = wanted.low, wanted.high
    norm.valid_from, norm.valid_until = wanted.first or today(), wanted.until


def _is_young(norm: Norm) -> None:
    if not may_change(norm):
        raise DomainError(_("It has been in force: end it, and set another one from the day after."))


def _may(by: User) -> None:
    if not allows(by.role, Permission.norms_change):
        raise NotAllowed(_("Only the head and the admin set norms."))
