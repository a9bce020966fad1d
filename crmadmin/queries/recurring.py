"""Contacts that come again, and what stands in a calendar. None of them runs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crmadmin.queries.absences import plans_in_ones_hands
from crmadmin.queries.contacts import is_planned
from models import Client, Interaction, RecurringPlan, User
from models.kinds import InteractionState

is_running = RecurringPlan.stopped_at.is_(None)

_LOADS = (
    joinedload(RecurringPlan.client),
    joinedload(RecurringPlan.kind),
    joinedload(RecurringPlan.person),
)


def of_client(client_id: int) -> Select[RecurringPlan]:
    """Those that go on."""
    asked = select(RecurringPlan).where(RecurringPlan.client_id == client_id, is_running)
    return asked.options(*_LOADS).order_by(RecurringPlan.starts_on, RecurringPlan.id)


def running_of(person_id: int | None, most: int) -> Select[RecurringPlan]:
    """Somebody's, or everybody's: whose it is says the plan that stands, else the series."""
    asked = select(RecurringPlan).where(is_running)
    if person_id is not None:
        asked = asked.where(RecurringPlan.person_id == person_id)
    return asked.options(*_LOADS).order_by(RecurringPlan.id).limit(most)


def plan_of(series_id: int) -> Select[Interaction]:
    """The one that is planned of a series."""
    return select(Interaction).where(Interaction.series_id == series_id, is_planned).limit(1)


def entries(
    viewer: User, whose: int | None, start: datetime, end: datetime, at: datetime, *, acting: bool, most: int
) -> Select[Interaction]:
    """What is planned and what was held in that time: of one person, with what he acts for, or of all."""
    asked = select(Interaction).where(
        Interaction.state != InteractionState.cancelled,
        Interaction.happened_at >= start,
        Interaction.happened_at < end,
    )
    if whose is not None:
        mine: ColumnElement[bool] = Interaction.person_id == whose
        if acting and whose == viewer.id:
            mine = or_(mine, and_(is_planned, plans_in_ones_hands(viewer, at)))
        asked = asked.where(mine)
    loads = (
        joinedload(Interaction.kind),
        joinedload(Interaction.person),
        joinedload(Interaction.client).joinedload(Client.group),
        selectinload(Interaction.contact_persons),
    )
    return asked.options(*loads).order_by(Interaction.happened_at, Interaction.id).limit(most)


def standing(series_ids: Sequence[int]) -> Select[int, datetime]:
    """(series, moment) of the plans that stand."""
    return select(Interaction.series_id, Interaction.happened_at).where(  # pyright: ignore[reportReturnType]
        Interaction.series_id.in_(series_ids), is_planned
    )
