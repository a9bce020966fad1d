"""Contacts that come again. None of them runs."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Label, Select, func, select
from sqlalchemy.orm import joinedload

from crmadmin.core.db import Rows
from crmadmin.queries.contacts import is_planned
from models import Client, Interaction, RecurringPlan, User

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


def coming(person_id: int | None, most: int) -> Rows:
    """Of somebody's, or everybody's, what their days are reckoned of, with what ``standing`` tells.
    Of clients that are not put away."""
    asked = select(
        RecurringPlan.id,
        RecurringPlan.rule,
        RecurringPlan.starts_on,
        RecurringPlan.until_on,
        RecurringPlan.minute,
        *standing(),
    ).join(Client, Client.id == RecurringPlan.client_id)
    asked = asked.where(is_running, Client.archived_at.is_(None))
    if person_id is not None:
        asked = asked.where(RecurringPlan.person_id == person_id)
    return asked.order_by(RecurringPlan.id).limit(most)


def standing() -> tuple[Label[datetime], Label[date]]:
    """Of each series: ``stands``, when its plan is, and ``stands_on``, for which day of the rule.

    Among the client's plans, which are few: whether few are of a series is not known to every planner.
    """
    of_it = (Interaction.client_id == RecurringPlan.client_id, Interaction.series_id == RecurringPlan.id)
    plan, day = (
        select(func.max(each)).where(*of_it, is_planned).correlate(RecurringPlan).scalar_subquery()
        for each in (Interaction.happened_at, Interaction.series_on)
    )
    return plan.label("stands"), day.label("stands_on")


def told(ids: Iterable[int]) -> Select[RecurringPlan]:
    """With what a calendar says of each."""
    client, kind, person = _LOADS
    loads = (client.load_only(Client.name), kind, person.load_only(User.name))
    return select(RecurringPlan).where(RecurringPlan.id.in_(ids)).options(*loads)


def plan_of(series_id: int) -> Select[Interaction]:
    """The one that is planned of a series."""
    return select(Interaction).where(Interaction.series_id == series_id, is_planned).limit(1)
