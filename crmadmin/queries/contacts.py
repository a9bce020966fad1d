"""What counts as a contact, when a client was last spoken to, and when it is next. None of them runs."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from crmadmin.core import sql
from models import Client, ClientGroup, Interaction, InteractionKind
from models.kinds import InteractionState

is_held = Interaction.state == InteractionState.held
is_planned = Interaction.state == InteractionState.planned


def is_contact() -> ColumnElement[bool]:
    """Held, and of a kind that is a contact: a mailing, a card change or a plan is none."""
    return and_(is_held, is_of_contact_kind())


def is_of_contact_kind() -> ColumnElement[bool]:
    return Interaction.kind_id.in_(select(InteractionKind.id).where(InteractionKind.contact))


def last_contacts() -> Select[int, datetime, int, int]:
    """(client, happened_at, person, kind) of each client's last contact; a later record wins a tie."""
    later = aliased(Interaction)
    newest = (
        select(later.id)
        .join(InteractionKind, InteractionKind.id == later.kind_id)
        .where(
            later.client_id == Client.id,
            later.state == InteractionState.held,
            InteractionKind.contact,
        )
        .order_by(later.happened_at.desc(), later.id.desc())
        .limit(1)
        .correlate(Client)
        .scalar_subquery()
    )
    return (
        select(Interaction.client_id, Interaction.happened_at, Interaction.person_id, Interaction.kind_id)
        .select_from(Client)
        .join(Interaction, Interaction.id == newest)  # asked once a client, not once an interaction
    )


def next_contacts() -> Select[int, datetime]:
    """(client id, moment) of each client's earliest planned interaction."""
    return (
        select(Interaction.client_id, func.min(Interaction.happened_at))
        .where(is_planned)
        .group_by(Interaction.client_id)
    )


def next_plan(client_id: int) -> Select[Interaction]:
    """The client's earliest planned interaction."""
    asked = select(Interaction).where(Interaction.client_id == client_id, is_planned)
    return asked.order_by(Interaction.happened_at, Interaction.id).limit(1)


def rhythm_days() -> ColumnElement[int | None]:
    """The days a client may go without a contact: its own rhythm, else its group's."""
    of_group = select(ClientGroup.rhythm_days).where(ClientGroup.id == Client.group_id).scalar_subquery()
    return func.coalesce(Client.rhythm_days, of_group)


def silent_since() -> ColumnElement[datetime]:
    """The last contact, or the client's creation where there was none."""
    return func.coalesce(Client.last_contact_at, Client.created_at)


def silence(at: datetime) -> ColumnElement[float]:
    """Days since the last contact (or creation) / rhythm; over 1 is silent; NULL without a rhythm."""
    return sql.days_between(silent_since(), at) / rhythm_days()


def silent_longer_than(days: int, at: datetime) -> ColumnElement[bool]:
    """Not spoken to for more days than that, whatever the rhythm."""
    return silent_since() < at - timedelta(days=days)


def silent_days(at: datetime) -> ColumnElement[float]:
    """Whole days without a contact."""
    return func.round(sql.days_between(silent_since(), at) - 0.499999)  # a whole day is over, not nearly


def is_silent(at: datetime) -> ColumnElement[bool]:
    return and_(Client.archived_at.is_(None), silence(at) > 1)
