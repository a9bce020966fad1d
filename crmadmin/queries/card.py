"""What a client's card tells beside its timeline: who is there. It does not run."""

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from models import Client, ContactPerson


def persons_at(client: Client) -> Select[ContactPerson]:
    """Whom we know there, with their telephones and e-mails."""
    known = (ContactPerson.client_id == client.id, ContactPerson.archived_at.is_(None))
    lines = (selectinload(ContactPerson.telephones), selectinload(ContactPerson.emails))
    return select(ContactPerson).where(*known).options(*lines).order_by(ContactPerson.name, ContactPerson.id)
