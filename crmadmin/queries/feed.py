"""What stands in somebody's calendar: contacts, promises, wishes, and what comes again. None of them runs."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, union
from sqlalchemy.orm import joinedload, selectinload

from crmadmin.core.db import Rows
from crmadmin.queries.absences import plans_in_ones_hands
from crmadmin.queries.contacts import is_held, is_planned
from crmadmin.queries.recurring import is_running, standing
from crmadmin.queries.wishes import in_hands
from models import Client, Interaction, JournalEntry, Promise, RecurringPlan, User, Wish
from models.interactions import interaction_participant
from models.kinds import PromiseState, WishState

MOST = 2_000


def contacts(person: User, at: datetime, start: datetime, end: datetime) -> Select[Interaction]:
    """What he has planned, or was planned and took place; what he takes part in; what he substitutes for.

    Each of the three is looked for by its own index: together they would be looked for in all there is.
    """
    when = (Interaction.happened_at >= start, Interaction.happened_at < end)
    stands = or_(is_planned, is_held & Interaction.planned_for.is_not(None))
    taking_part = interaction_participant.c.user_id == person.id
    with_him = select(Interaction.id).join(interaction_participant).where(taking_part, stands, *when)
    own = select(Interaction.id).where(Interaction.person_id == person.id, stands, *when)
    instead = select(Interaction.id).where(plans_in_ones_hands(person, at), *when)
    asked = select(Interaction).where(Interaction.id.in_(union(own, with_him, instead)))
    asked = asked.options(*_with_client(Interaction.client))
    asked = asked.options(joinedload(Interaction.kind), selectinload(Interaction.contact_persons))
    return asked.order_by(Interaction.happened_at, Interaction.id).limit(MOST)


def promises(person: User, start: datetime, end: datetime) -> Select[Promise]:
    his = (Promise.person_id == person.id, Promise.state == PromiseState.open)
    asked = select(Promise).where(*his, Promise.due_at >= start, Promise.due_at <= end)
    return asked.options(*_with_client(Promise.client)).order_by(Promise.due_at, Promise.id).limit(MOST)


def wishes(person: User, at: datetime, start: date, end: date) -> Select[Wish]:
    """Of clients he curates or substitutes for."""
    asked = select(Wish).where(Wish.state == WishState.open)
    asked = asked.where(in_hands(person, at), Wish.come_back_on >= start, Wish.come_back_on < end)
    return asked.options(*_with_client(Wish.client)).order_by(Wish.come_back_on, Wish.id).limit(MOST)


def series(person: User) -> Rows:
    """(his series that goes on, the moment of its plan that is a row, the day of the rule it stands for);
    with clients that are not put away."""
    asked: Any = select(RecurringPlan, *standing())
    asked = asked.join(Client, Client.id == RecurringPlan.client_id).where(Client.archived_at.is_(None))
    asked = asked.where(RecurringPlan.person_id == person.id, is_running)
    asked = asked.options(*_with_client(RecurringPlan.client), joinedload(RecurringPlan.kind))
    return asked.order_by(RecurringPlan.id).limit(MOST)


def changes(subject: str, ids: Collection[int]) -> Rows:
    """(id, how often the journal tells of it, when last)."""
    told = (JournalEntry.subject == subject, JournalEntry.subject_id.in_(ids))
    last = func.max(JournalEntry.recorded_at).label("last")
    asked = select(JournalEntry.subject_id.label("id"), func.count().label("number"), last)
    return asked.where(*told).group_by(JournalEntry.subject_id)


def _with_client(way: Any) -> tuple[Any, ...]:
    return (joinedload(way).selectinload(Client.telephones),)
