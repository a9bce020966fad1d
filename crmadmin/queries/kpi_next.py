"""What waits at somebody now, as numbers: what he might do next. Nothing runs."""

from datetime import datetime

from sqlalchemy import ScalarSelect, func, select

from crmadmin.core.db import Rows
from crmadmin.queries.contacts import is_planned
from crmadmin.queries.requests import is_unanswered
from crmadmin.queries.today import numbers
from models import Client, Interaction, User


def waiting(person: User, at: datetime, end: datetime) -> Rows:
    """(plans up to the end of today, promises due by then, those overdue, silent clients; plans that are
    past, requests of his clients without an answer)."""
    plans, due, late, silent = numbers(person, at, end)
    return select(
        plans.label("plans"), due.label("due"), late.label("late"), silent.label("silent"),
        _past_plans(person, at).label("past"), _unanswered(person).label("unanswered"),
    )  # fmt: skip


def _past_plans(person: User, at: datetime) -> ScalarSelect[int]:
    asked = select(func.count()).where(
        is_planned, Interaction.person_id == person.id, Interaction.happened_at < at
    )
    return asked.scalar_subquery()


def _unanswered(person: User) -> ScalarSelect[int]:
    asked = select(func.count()).select_from(Interaction).join(Client, Client.id == Interaction.client_id)
    return asked.where(is_unanswered, Client.curator_id == person.id).scalar_subquery()
