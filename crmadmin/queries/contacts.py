"""What counts as a contact, when a client was last spoken to, and when it is next. None of them runs."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Integer, ScalarSelect, Select, and_, case, cast, func, select

from crmadmin.core import sql
from crmadmin.core.db import Rows
from models import Client, ClientGroup, Interaction, InteractionKind
from models.kinds import InteractionState

Moment = datetime | ColumnElement[datetime]

is_held = Interaction.state == InteractionState.held
is_planned = Interaction.state == InteractionState.planned


def is_contact() -> ColumnElement[bool]:
    """Held, and of a kind that is a contact: a mailing, a card change or a plan is none."""
    return and_(is_held, is_of_contact_kind())


def is_of_contact_kind() -> ColumnElement[bool]:
    return Interaction.kind_id.in_(select(InteractionKind.id).where(InteractionKind.contact))


def turning_points() -> Rows:
    """(client, first_contact_at and first_contact_by_id as kept, ids of its first and its last contact, its
    earliest plan). Of two at one moment the first is the one written down first, the last the later one."""
    earliest = select(func.min(Interaction.happened_at)).where(Interaction.client_id == Client.id, is_planned)
    return select(
        Client.id,
        Client.first_contact_at,
        Client.first_contact_by_id,
        _contact_at_an_end(newest=False),
        _contact_at_an_end(newest=True),
        earliest.correlate(Client).scalar_subquery(),
    )


def _contact_at_an_end(*, newest: bool) -> ScalarSelect[int]:
    order = (Interaction.happened_at.desc(), Interaction.id.desc())
    asked = (
        select(Interaction.id)
        .join(InteractionKind, InteractionKind.id == Interaction.kind_id)
        .where(Interaction.client_id == Client.id, is_held, InteractionKind.contact)
    )
    asked = asked.order_by(*(order if newest else (Interaction.happened_at, Interaction.id))).limit(1)
    return asked.correlate(Client).scalar_subquery()


def told(ids: Collection[int]) -> Rows:
    """(id, happened_at, person, kind) of interactions."""
    columns = (Interaction.happened_at, Interaction.person_id, Interaction.kind_id)
    return select(Interaction.id, *columns).where(Interaction.id.in_(ids))


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


def _days_silent(at: Moment) -> ColumnElement[float]:
    """Days, with their fraction; none where a contact lies ahead by as much as clocks differ."""
    days = sql.days_between(silent_since(), at)
    return case((days > 0, days), else_=0.0)


def silence(at: Moment) -> ColumnElement[float]:
    """Days since the last contact (or creation) / rhythm; over 1 is silent; NULL without a rhythm."""
    return _days_silent(at) / rhythm_days()


def silent_longer_than(days: int, at: datetime) -> ColumnElement[bool]:
    """Not spoken to for more days than that, whatever the rhythm."""
    return silent_since() < at - timedelta(days=days)


def silent_days(at: datetime) -> ColumnElement[int]:
    """Whole days without a contact."""
    whole = func.round(_days_silent(at) - 0.499999)  # a whole day is over, not nearly
    return cast(whole, Integer)


def is_silent(at: Moment) -> ColumnElement[bool]:
    return and_(Client.archived_at.is_(None), silence(at) > 1)
