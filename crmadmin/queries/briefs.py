"""What whoever takes clients over should know of them. None of them runs."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from models import Client, ContactPerson, CuratorPeriod, Interaction
from models.kinds import InteractionState

LAST = 5  # held contacts of each client
NEXT = 10  # plans of each client


def clients(ids: Sequence[int]) -> Select[Client]:
    loads = (
        joinedload(Client.group),
        joinedload(Client.curator),
        joinedload(Client.region),
        selectinload(Client.telephones),
        selectinload(Client.emails),
    )
    return select(Client).where(Client.id.in_(ids)).options(*loads).order_by(Client.name_fold, Client.id)


def periods(ids: Sequence[int]) -> Select[CuratorPeriod]:
    """The present ones."""
    return select(CuratorPeriod).where(CuratorPeriod.client_id.in_(ids), CuratorPeriod.ended_at.is_(None))


def persons(ids: Sequence[int]) -> Select[ContactPerson]:
    known = (ContactPerson.client_id.in_(ids), ContactPerson.archived_at.is_(None))
    loads = (selectinload(ContactPerson.telephones), selectinload(ContactPerson.emails))
    return select(ContactPerson).where(*known).options(*loads).order_by(ContactPerson.name, ContactPerson.id)


def plans(ids: Sequence[int]) -> Select[Interaction]:
    first = (Interaction.happened_at, Interaction.id)
    return _of_each(ids, InteractionState.planned, first, NEXT)


def last(ids: Sequence[int]) -> Select[Interaction]:
    newest = (Interaction.happened_at.desc(), Interaction.id.desc())
    return _of_each(ids, InteractionState.held, newest, LAST)


def _of_each(
    ids: Sequence[int], state: InteractionState, order: tuple[Any, Any], most: int
) -> Select[Interaction]:
    """The first so many of each client, read from its own part of the index: some clients have thousands."""
    first = [
        select(Interaction.id)
        .where(Interaction.client_id == id, Interaction.state == state)
        .order_by(*order)
        .limit(most)
        .subquery()
        for id in ids
    ]
    nearest = union_all(*(select(each.c.id) for each in first))
    loads = (
        joinedload(Interaction.kind),
        joinedload(Interaction.person),
        joinedload(Interaction.result),
        selectinload(Interaction.contact_persons),
    )
    return select(Interaction).where(Interaction.id.in_(nearest)).options(*loads).order_by(*order)
