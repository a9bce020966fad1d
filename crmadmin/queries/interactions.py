"""What is said of an interaction beside its own columns: in a file, in the journal. None of them runs."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, select

from crmadmin.core import sql
from crmadmin.formats.client_columns import BETWEEN_VALUES
from models import ContactPerson, Interaction, InteractionKind, JournalEntry, User
from models.interactions import interaction_contact_person, interaction_participant
from models.kinds import InteractionState


def contact_persons_of_interaction() -> ColumnElement[str]:
    """With whom there, as one cell."""
    links = interaction_contact_person.c
    rows = select(ContactPerson.name).join(
        interaction_contact_person, links.contact_person_id == ContactPerson.id
    )
    rows = rows.where(links.interaction_id == Interaction.id).order_by(ContactPerson.name, ContactPerson.id)
    return sql.joined(rows.correlate(Interaction), BETWEEN_VALUES)


def participants_of_interaction() -> ColumnElement[str]:
    """Others of ours, as one cell."""
    links = interaction_participant.c
    rows = select(User.name).join(interaction_participant, links.user_id == User.id)
    rows = rows.where(links.interaction_id == Interaction.id).order_by(User.name, User.id)
    return sql.joined(rows.correlate(Interaction), BETWEEN_VALUES)


def was_held(interaction_id: int) -> Select[bool]:
    """Whether the journal tells of it as of something that took place, whatever became of it since."""
    told = exists().where(
        JournalEntry.subject == Interaction.__tablename__,
        JournalEntry.subject_id == interaction_id,
        JournalEntry.kind.in_(("interaction_recorded", "interaction_held")),
    )
    return select(told)


def is_of_contact_kind(interaction_id: int) -> Select[bool]:
    """Whether it is a contact by the kind that it has in the database."""
    asked = select(InteractionKind.contact).join(Interaction, Interaction.kind_id == InteractionKind.id)
    return asked.where(Interaction.id == interaction_id)


def next_planned(client_id: int, since: datetime, *, but: Collection[int]) -> Select[datetime]:
    """When the client's first contact is that is planned for then or later, of all but these."""
    planned = (Interaction.client_id == client_id, Interaction.state == InteractionState.planned)
    later = (Interaction.happened_at >= since, Interaction.id.not_in(but))
    asked = select(Interaction.happened_at).where(*planned, *later)
    return asked.order_by(Interaction.happened_at).limit(1)
