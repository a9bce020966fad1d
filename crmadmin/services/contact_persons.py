"""Acts on contact persons, and the check every door runs."""

from datetime import date

from sqlalchemy import inspect

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.core.i18n import _, today
from crmadmin.core.permissions import Permission, allows
from crmadmin.services.clients import may_change
from models import ContactPerson, User

OLDEST = 120


def check(person: ContactPerson, *, by: User, is_new: bool = False) -> None:
    """What must hold whoever saves a contact person: he belongs to a client whose card one may change."""
    with db.no_autoflush:
        if is_new:
            person.created_at = clock.now()
        if person.client is None:  # pyright: ignore[reportUnnecessaryComparison]
            raise DomainError(_("Choose the client this person is at."), field="client")
        if not is_new and inspect(person).attrs.client.history.deleted:
            raise DomainError(_("A contact person stays with his client."), field="client")
        if not allows(by.role, Permission.contact_persons_change) or not may_change(person.client, by):
            raise NotAllowed(
                _("This client is somebody else's: only its curator, the head and the admin change it.")
            )
        person.name = " ".join((person.name or "").split())
        if not person.name:
            raise DomainError(_("A contact person needs a name."), field="name")
        if person.birthday:
            _check_birthday(person.birthday)


def _check_birthday(born: date) -> None:
    now = today()
    if born > now:
        raise DomainError(_("A birthday lies in the past."), field="birthday")
    if now.year - born.year - ((now.month, now.day) < (born.month, born.day)) > OLDEST:
        raise DomainError(_("Nobody is older than %(num)d years.", num=OLDEST), field="birthday")
