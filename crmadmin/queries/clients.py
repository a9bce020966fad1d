"""Which clients: put away, long silent, to be contacted when. None of them runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, select

from crmadmin.core import clock, sql
from crmadmin.core.i18n import start_of, today
from crmadmin.formats.client_columns import BETWEEN_VALUES
from crmadmin.queries.contacts import silence
from models import Client, ContactPerson, EmailAddress, Tag, Telephone
from models.clients import client_tag

ALARMING = 1.5

is_archived = Client.archived_at.is_not(None)


def is_alarming(at: datetime) -> ColumnElement[bool]:
    """Silent for so long that somebody must be told."""
    return and_(~is_archived, silence(at) > ALARMING)


def group_of(client_id: Any) -> ScalarSelect[int]:
    """The group of the client that a row names: asked of each row, where rows come in an order of their own.

    To look for the rows of all clients of a group would be to read most of them.
    """
    return select(Client.group_id).where(Client.id == client_id).scalar_subquery()


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


def tags_of() -> ColumnElement[str]:
    """All tags of a client as one cell."""
    rows = select(Tag.name).join(client_tag, client_tag.c.tag_id == Tag.id)
    return _in_a_cell(rows.where(client_tag.c.client_id == Client.id).order_by(Tag.position, Tag.id), Client)


def has_tag(ids: Sequence[int]) -> ColumnElement[bool]:
    """Clients that bear one of these tags."""
    return Client.id.in_(select(client_tag.c.client_id).where(client_tag.c.tag_id.in_(ids)))


def is_untagged() -> ColumnElement[bool]:
    return Client.id.not_in(select(client_tag.c.client_id))


def _own(
    line: type[Telephone] | type[EmailAddress], owner: type[Client] | type[ContactPerson]
) -> ColumnElement[bool]:
    if owner is ContactPerson:
        return line.contact_person_id == ContactPerson.id
    return and_(line.client_id == Client.id, line.contact_person_id.is_(None))


def _in_a_cell(rows: Select[str], owner: type[Client] | type[ContactPerson]) -> ColumnElement[str]:
    return sql.joined(rows.correlate(owner), BETWEEN_VALUES)
