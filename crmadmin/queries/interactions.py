"""What a file says of an interaction beside its own columns. None of them runs."""

from sqlalchemy import ColumnElement, select

from crmadmin.core import sql
from crmadmin.formats.client_columns import BETWEEN_VALUES
from models import ContactPerson, Interaction, User
from models.interactions import interaction_contact_person, interaction_participant


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
