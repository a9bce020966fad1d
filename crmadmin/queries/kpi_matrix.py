"""Who works with which client, and how much. None of it runs."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text

from crmadmin.core.db import Rows
from crmadmin.queries import kpi
from models import Client, Interaction, InteractionKind, User

_spent = func.coalesce(func.sum(kpi.of_contact), 0)
_estimate = func.coalesce(func.sum(kpi.of_contact).filter(Interaction.minutes.is_(None)), 0)
# As their own index says it: by "state = 'held'" SQLite would look at each record.
_is_held: Any = text("interaction.state <> 'planned' AND interaction.state <> 'cancelled'")
# By the bare column it would go through one kind after another.
_kind = func.coalesce(Interaction.kind_id, 0)


def _of_contacts(*columns: Any, start: datetime, end: datetime) -> Rows:
    asked = select(*columns).select_from(Interaction)
    asked = asked.join(InteractionKind, InteractionKind.id == _kind)
    return asked.where(
        Interaction.happened_at >= start, Interaction.happened_at < end, _is_held, kpi.is_contact
    )


def clients(start: datetime, end: datetime, *, by_minutes: bool) -> Rows:
    """(client, its contacts, its minutes), by whomever; those with most first."""
    many, spent = func.count().label("contacts"), _spent.label("minutes")
    asked = _of_contacts(Interaction.client_id, many, spent, start=start, end=end).group_by(
        Interaction.client_id
    )
    order = (spent.desc(), many.desc()) if by_minutes else (many.desc(), spent.desc())
    return asked.order_by(*order, Interaction.client_id)


def spent(client_ids: Collection[int], start: datetime, end: datetime) -> Rows:
    """(client, person, contacts, minutes, estimated minutes, the last contact) of these clients."""
    asked = _of_contacts(
        Interaction.client_id,
        Interaction.person_id,
        func.count().label("contacts"),
        _spent.label("minutes"),
        _estimate.label("estimated_minutes"),
        func.max(Interaction.happened_at).label("last_at"),
        start=start,
        end=end,
    )
    asked = asked.where(Interaction.client_id.in_(client_ids))
    return asked.group_by(Interaction.client_id, Interaction.person_id)


def all_of_it(start: datetime, end: datetime, *, by_minutes: bool) -> Rows:
    """A row a client and a person, with names: the clients with most first, and of each who spent most."""
    of = clients(start, end, by_minutes=by_minutes).order_by(None).subquery()
    asked = _of_contacts(
        Interaction.client_id,
        Client.name.label("client"),
        User.name.label("person"),
        func.count().label("contacts"),
        _spent.label("minutes"),
        _estimate.label("estimated_minutes"),
        func.max(Interaction.happened_at).label("last_at"),
        start=start,
        end=end,
    )
    asked = asked.join(Client, Client.id == Interaction.client_id)
    asked = asked.join(User, User.id == Interaction.person_id)
    asked = asked.join(of, of.c.client_id == Interaction.client_id)
    order = (of.c.minutes, of.c.contacts) if by_minutes else (of.c.contacts, of.c.minutes)
    keys = (Interaction.client_id, Client.name, Interaction.person_id, User.name)
    grouped = asked.group_by(*keys, of.c.contacts, of.c.minutes)
    return grouped.order_by(
        *(each.desc() for each in order), Interaction.client_id, _spent.desc(), Interaction.person_id
    )
