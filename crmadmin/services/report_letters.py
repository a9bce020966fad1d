"""Which pages of numbers go out by themselves, how often, and to whom; ``report_post`` writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed, all_hold
from crmadmin.core.i18n import _, local, today
from crmadmin.core.permissions import Permission, allows
from crmadmin.rules import report_times as rule
from crmadmin.services import meanwhile, report_pages
from crmadmin.services.meanwhile import hold
from crmadmin.services.report_pages import PAGES
from models import ReportLetter, User
from models.kinds import Every

MOST_READERS = 50


@dataclass(frozen=True)
class Wanted:
    """What is typed of one: ``person`` is whose numbers they are, where the page is one person's."""

    page: str
    every: Every
    readers: Sequence[User]
    person: User | None = None


def set_up(wanted: Wanted, *, by: User) -> ReportLetter:
    """The first one goes when the period that goes on now is over."""
    row = ReportLetter(made_at=clock.now(), made_by=by)
    with db.no_autoflush:
        _fill(row, wanted, by)
    row.sent_for = rule.first_day(row.every, today())
    db.add(row)
    db.flush()
    return row


def change(row: ReportLetter, wanted: Wanted, *, seen: str, by: User) -> None:
    """Another page, another rhythm, other readers. ``seen`` is the mark of what the form has shown."""
    hold(row)
    meanwhile.refuse_if_changed(mark(row), seen)
    before = row.every
    with db.no_autoflush:
        _fill(row, wanted, by)
    if row.every is not before:
        row.sent_for = rule.first_day(row.every, today())
    db.flush()


def switch(row: ReportLetter, active: bool, *, by: User) -> None:
    """Stopped, or going on: what fell into the pause is not sent after it."""
    hold(row)
    _may(by)
    if active and not row.active:
        row.sent_for = rule.first_day(row.every, today())
    row.active = active
    db.flush()


def check(row: ReportLetter, *, by: User, is_new: bool = False) -> None:
    """What must hold, whoever saves it."""
    _may(by)
    if row.page not in PAGES:
        raise DomainError(_("Choose a page."), field="page")
    all_hold(partial(_check_person, row), partial(_check_readers, row))


def mark(row: ReportLetter) -> str:
    """Another one as soon as anything of it is."""
    readers = sorted(each.id for each in row.readers)
    return meanwhile.mark(row.page, row.person_id, row.every.value, row.active, readers)


def since(row: ReportLetter) -> date:
    """The first day of what is to be sent next."""
    return row.sent_for or rule.first_day(row.every, local(row.made_at).date())


def hindrance(row: ReportLetter, reader: User) -> str:
    """Why this reader gets none; blank where he does. Asked when it is set, and again when it is sent."""
    if not reader.active:
        return _("is no longer with us")
    if not report_pages.may_read(reader, row.page, row.person_id):
        return _("may not see these numbers")
    return "" if reader.email else _("has no e-mail address here")


def _may(by: User) -> None:
    if not allows(by.role, Permission.report_letters_set):
        raise NotAllowed(_("Setting letters with numbers is not yours to do."))


def _fill(row: ReportLetter, wanted: Wanted, by: User) -> None:
    row.page, row.every, row.person = wanted.page, wanted.every, wanted.person
    row.person_id = wanted.person.id if wanted.person else None
    row.readers = sorted(wanted.readers, key=lambda each: each.id)
    check(row, by=by)


def _check_person(row: ReportLetter) -> None:
    if PAGES[row.page].of_person and row.person_id is None:
        raise DomainError(_("Say whose numbers."), field="person")
    if not PAGES[row.page].of_person and row.person_id is not None:
        raise DomainError(_("This page is not one person's."), field="person")


def _check_readers(row: ReportLetter) -> None:
    if not row.readers:
        raise DomainError(_("Choose at least one reader."), field="readers")
    if len(row.readers) > MOST_READERS:
        raise DomainError(_("At most %(num)d readers.", num=MOST_READERS), field="readers")
    others = [each.name for each in row.readers if not report_pages.may_read(each, row.page, row.person_id)]
    if others:
        said = _("These may not see the numbers of this page: %(names)s.", names=", ".join(others))
        raise DomainError(said, field="readers")
