"""What we owe clients, and they us. None of them runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, literal_column, or_, select
from sqlalchemy.orm import joinedload

from crmadmin.queries.absences import in_ones_hands
from crmadmin.queries.visibility import (
    promise_reopenable_by,
    promise_settleable_by,
    promise_visible_to,
)
from models import Client, ContactPerson, CuratorPeriod, Promise, User
from models.kinds import PromiseState

BROKEN_STAY = timedelta(days=90)  # on the card, for whoever picks up the telephone
ON_A_CARD = 20

# Literal, for an index that holds only these is used where the statement says the same.
is_open = Promise.state == literal_column("'open'")


def is_overdue(at: datetime) -> ColumnElement[bool]:
    """Still open, and its last moment is past."""
    return and_(is_open, Promise.due_at < at)


def in_hands(viewer: User, at: datetime) -> ColumnElement[bool]:
    """What he answers for, and what absent curators do with the clients that he acts for meanwhile."""
    return or_(Promise.person_id == viewer.id, instead_of_others(viewer, at))


def instead_of_others(viewer: User, at: datetime) -> ColumnElement[bool]:
    """What absent curators answer for with the clients that he acts for meanwhile."""
    his = select(Client.id).where(in_ones_hands(viewer, at))
    curator = select(Client.curator_id).where(Client.id == Promise.client_id).correlate(Promise)
    return and_(Promise.client_id.in_(his), Promise.person_id == curator.scalar_subquery())


_SHOWN = (
    joinedload(Promise.client).load_only(Client.name, Client.group_id).joinedload(Client.group),
    joinedload(Promise.person).load_only(User.name),
    joinedload(Promise.contact_person).load_only(ContactPerson.name),
)


def listed(viewer: User, where: Sequence[ColumnElement[bool]], *, newest: bool = False) -> Select[int]:
    """Ids of promises, the nearest due time first, or the latest."""
    order = (Promise.due_at.desc(), Promise.id.desc()) if newest else (Promise.due_at, Promise.id)
    return select(Promise.id).where(promise_visible_to(viewer), *where).order_by(*order)


def told(viewer: User, ids: Sequence[int]) -> Select[Promise, bool, bool]:
    """(promise, whether the viewer may say what became of it, whether he may take that back) of these."""
    may_settle = promise_settleable_by(viewer).label("may_settle")
    asked = select(Promise, may_settle, promise_reopenable_by(viewer).label("may_reopen"))
    return asked.where(Promise.id.in_(ids)).options(*_SHOWN)


def of_card(client: Client, viewer: User, at: datetime) -> Select[Promise, bool]:
    """(promise, whether the viewer may take back what became of it): open ones of both sides and those broken
    lately, the nearest due time first."""
    broken = and_(Promise.state == PromiseState.broken, Promise.due_at > at - BROKEN_STAY)
    asked = select(Promise, promise_reopenable_by(viewer).label("may_reopen"))
    asked = asked.where(Promise.client_id == client.id, or_(is_open, broken))
    loads = (joinedload(Promise.person), joinedload(Promise.contact_person))
    return asked.options(*loads).order_by(Promise.due_at, Promise.id).limit(ON_A_CARD)


def open_of(client_ids: Sequence[int]) -> Select[Promise]:
    """Open ones of these clients, the nearest due time first."""
    asked = select(Promise).where(Promise.client_id.in_(client_ids), is_open)
    return asked.options(joinedload(Promise.person)).order_by(Promise.due_at, Promise.id)


def of_interactions(ids: Sequence[int]) -> Select[Promise]:
    """What was promised in these records."""
    return select(Promise).where(Promise.interaction_id.in_(ids)).order_by(Promise.id)


def moved_to(promise: Promise) -> Select[Promise]:
    """The one that has the new time of a promise that was moved."""
    return select(Promise).where(Promise.moved_from_id == promise.id).order_by(Promise.id.desc()).limit(1)


def curated_by_its_person(promise: Promise) -> Select[int]:
    """The period, if any, in which whoever answers for it curated the client when it was settled."""
    theirs = (CuratorPeriod.client_id == promise.client_id, CuratorPeriod.curator_id == promise.person_id)
    ended = CuratorPeriod.ended_at
    then = (CuratorPeriod.started_at <= promise.settled_at, or_(ended.is_(None), ended > promise.settled_at))
    return select(CuratorPeriod.id).where(*theirs, *then)
