"""Which clients: put away, long silent, to be contacted when. None of them runs."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, select

from crmadmin.core import clock, sql
from crmadmin.core.i18n import start_of, today
from crmadmin.formats.client_columns import BETWEEN_VALUES
from crmadmin.queries.contacts import silence
from models import Client, ContactPerson, EmailAddress, Telephone

ALARMING = 1.5

is_archived = Client.archived_at.is_not(None)


def is_alarming(at: datetime) -> ColumnElement[bool]:
    """Silent for so long that somebody must be told."""
    return and_(~is_archived, silence(at) > ALARMING)


def next_contact_overdue() -> ColumnElement[bool]:
    return Client.next_contact_at < clock.now()


def next_contact_within(days: int) -> ColumnElement[bool]:
    """From the beginning of today on, for so many days of the installation."""
    start, end = start_of(today()), start_of(today() + timedelta(days=days))
    return and_(Client.next_contact_at >= start, Client.next_contact_at < end)


def telephones_of(owner: type[Client] | type[ContactPerson]) -> ColumnElement[str]:
    """All telephones of a client's own, or of a contact person, as one cell."""
    rows = select(Telephone.typed).where(_own(Telephone, owner))
    return _in_a_cell(rows.order_by(Telephone.position, Telephone.id), owner)


def emails_of(owner: type[Client] | type[ContactPerson]) -> ColumnElement[str]:
    rows = select(EmailAddress.typed).where(_own(EmailAddress, owner))
    return _in_a_cell(rows.order_by(EmailAddress.position, EmailAddress.id), owner)


def _own(
    line: type[Telephone] | type[EmailAddress], owner: type[Client] | type[ContactPerson]
) -> ColumnElement[bool]:
    if owner is ContactPerson:
        return line.contact_person_id == ContactPerson.id
    return and_(line.client_id == Client.id, line.contact_person_id.is_(None))


def _in_a_cell(rows: Select[str], owner: type[Client] | type[ContactPerson]) -> ColumnElement[str]:
    return sql.joined(rows.correlate(owner), BETWEEN_VALUES)
