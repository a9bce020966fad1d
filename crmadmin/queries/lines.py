"""All telephones, e-mails or tags of every client: read once, for a question about very many. None runs."""

from sqlalchemy import Subquery, select

from crmadmin.core import sql
from crmadmin.formats.client_columns import BETWEEN_VALUES
from models import EmailAddress, Tag, Telephone
from models.clients import client_tag


def of_all_clients(line: type[Telephone] | type[EmailAddress]) -> Subquery:
    """(key: a client's id, text: its own lines as one cell); nothing of a client that has none."""
    own = select(line.client_id, line.typed).where(line.contact_person_id.is_(None))
    return sql.joined_by(own.order_by(line.client_id, line.position, line.id), BETWEEN_VALUES)


def tags_of_all_clients() -> Subquery:
    """The same of their tags."""
    own = select(client_tag.c.client_id, Tag.name).join(Tag, Tag.id == client_tag.c.tag_id)
    return sql.joined_by(own.order_by(client_tag.c.client_id, Tag.position, Tag.id), BETWEEN_VALUES)
