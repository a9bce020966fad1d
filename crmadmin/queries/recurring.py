"""Contacts that come again. None of them runs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crmadmin.queries.contacts import is_planned
from models import Interaction, RecurringPlan

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


def standing(series_ids: Sequence[int]) -> Select[int, datetime]:
    """(series, moment) of the plans that stand."""
    return select(Interaction.series_id, Interaction.happened_at).where(  # pyright: ignore[reportReturnType]
        Interaction.series_id.in_(series_ids), is_planned
    )
