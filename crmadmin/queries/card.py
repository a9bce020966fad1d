"""What a client's card tells: who is there, what was said lately, what is planned. None of them runs."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from models import Client, ContactPerson, Interaction
from models.kinds import InteractionState

NEWEST = 20

_TOLD = (
    joinedload(Interaction.kind),
    joinedload(Interaction.person),
    joinedload(Interaction.result),
    selectinload(Interaction.contact_persons),
)


def persons_at(client: Client) -> Select[ContactPerson]:
    """Whom we know there, with their telephones and e-mails."""
    known = (ContactPerson.client_id == client.id, ContactPerson.archived_at.is_(None))
    lines = (selectinload(ContactPerson.telephones), selectinload(ContactPerson.emails))
    return select(ContactPerson).where(*known).options(*lines).order_by(ContactPerson.name, ContactPerson.id)


def planned_with(client: Client) -> Select[Interaction]:
    """What is to happen, the next one first."""
    planned = (Interaction.client_id == client.id, Interaction.state == InteractionState.planned)
    rows = select(Interaction).where(*planned).options(*_TOLD)
    return rows.order_by(Interaction.happened_at, Interaction.id).limit(NEWEST)


def latest_with(client: Client) -> Select[Interaction]:
    """What happened or was called off, the newest first."""
    past = (Interaction.client_id == client.id, Interaction.state != InteractionState.planned)
    rows = select(Interaction).where(*past).options(*_TOLD)
    return rows.order_by(Interaction.happened_at.desc(), Interaction.id.desc()).limit(NEWEST)
