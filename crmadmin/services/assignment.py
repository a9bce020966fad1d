"""Whose client it is: a change of ``Client.curator`` closes one period and opens the next."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import event, insert, inspect, select, update
from sqlalchemy.orm import Session, UOWTransaction

from crmadmin.core import clock
from crmadmin.core.db import actor_of, db
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.services import gaps, handed_over, journal, plans_along, promises_along
from models import Client, CuratorPeriod, User

_PERIOD = CuratorPeriod.__table__


def assign(client: Client, curator: User | None, *, reason: str, by: User) -> None:
    """Make somebody the client's curator from now on; the former period is closed at this moment."""
    if not allows(by.role, Permission.curators_change):
        raise NotAllowed(_("Only the head and the admin change a client's curator."))
    if curator is not None:
        must_be_here(curator)
    client.curator_reason = reason
    client.curator = curator


def must_be_here(curator: User, *, field: str = "curator", at_once: bool = True) -> None:
    """Refuse somebody who has left, or is away and nobody acts for him. Until this transaction ends he
    neither leaves nor goes away, for he would leave clients.

    An import of many is not ``at_once``: it saw who is here when it began.
    """
    here = select(User.active).where(User.id == curator.id).with_for_update(read=True)
    with db.no_autoflush:
        if not curator.active or (at_once and curator.id and not db.scalar(here)):
            raise DomainError(_("%(name)s has left: choose somebody else.", name=curator.name), field=field)
        if at_once and curator.id and (told := gaps.told_of(db(), curator)):
            raise DomainError(told, field=field)


def curator_before(client: Client) -> int | None:
    """Who curated the client before what this session is about to write; None for a new client."""
    history = inspect(client).attrs.curator_id.history
    if history.deleted:
        return history.deleted[0]
    if history.added:
        return None
    by_row = inspect(client).attrs.curator.history
    if by_row.deleted:
        return by_row.deleted[0].id if by_row.deleted[0] else None
    return None if by_row.added else client.curator_id


@event.listens_for(Session, "after_flush")
def _keep_periods(session: Session, _context: UOWTransaction) -> None:
    """Statements rather than rows: the old period must be closed before the new one is opened."""
    changed = [
        row
        for row in session.dirty
        if isinstance(row, Client) and inspect(row).attrs.curator_id.history.has_changes()
    ]
    begun = [
        row for row in [*session.new, *changed] if isinstance(row, Client) and row.curator_id is not None
    ]
    now = clock.now()  # one moment ends the old period and begins the new one
    moved = {client.id: (client, _former(client), client.curator_reason) for client in changed}
    told = [*_closed(session, changed, now), *_opened(session, begun, now)]
    journal.write(session, [*told, *_along(session, moved)])
    _tell(session, moved, told)


def _former(client: Client) -> int | None:
    deleted = inspect(client).attrs.curator_id.history.deleted
    return deleted[0] if deleted else None


_Moved = dict[int, tuple[Client, int | None, str]]


def _along(session: Session, moved: _Moved) -> list[journal.Event]:
    """What the former curators had planned with them and owed, for each reason by itself."""
    told: list[journal.Event] = []
    for reason in sorted({reason for _client, _former, reason in moved.values()}):
        moves = {
            id: (former, client.curator_id)
            for id, (client, former, why) in moved.items()
            if why == reason and former and client.curator_id
        }
        if moves:
            told += plans_along.carry(session, moves, reason=reason)[1]
            told += promises_along.carry(session, moves, reason=reason)[1]
    return told


def _tell(session: Session, moved: _Moved, told: list[journal.Event]) -> None:
    """One notice for all that go from one to the same other in this flush."""
    pairs: dict[tuple[int | None, int | None, str], list[int]] = defaultdict(list)
    for id, (client, former, reason) in moved.items():
        pairs[former, client.curator_id, reason].append(id)
    periods = {event.client_id: event.subject_id for event in told}
    for (former, new, reason), ids in pairs.items():
        moves = handed_over.Moved(len(ids), min(ids), former, new)
        key = f"period-{periods.get(min(ids))}"
        handed_over.tell_one(session, moves, key, subject="curator_period", data={"reason": reason})


def _closed(session: Session, clients: list[Client], now: datetime) -> list[journal.Event]:
    if not clients:
        return []
    is_open = _PERIOD.c.client_id.in_([client.id for client in clients]) & _PERIOD.c.ended_at.is_(None)
    asked = select(_PERIOD.c.id, _PERIOD.c.client_id, User.id, User.name).join(
        User, User.id == _PERIOD.c.curator_id
    )
    found = session.execute(asked.where(is_open).order_by(_PERIOD.c.id)).all()
    session.connection().execute(update(CuratorPeriod).where(is_open).values(ended_at=now))
    return [
        journal.Event(
            "curator_ended",
            "curator_period",
            period_id,
            client_id,
            {"curator_id": [{"id": id, "name": name}, None]},
        )
        for period_id, client_id, id, name in found
    ]


def _opened(session: Session, clients: list[Client], now: datetime) -> list[journal.Event]:
    if not clients:
        return []
    actor = actor_of(session)
    rows = [
        {
            "client_id": client.id,
            "curator_id": client.curator_id,
            "started_at": now,
            "reason": client.curator_reason,
            "by_id": actor.id,
            "by_name": actor.name,
        }
        for client in clients
    ]
    kept = session.scalars(
        insert(CuratorPeriod).returning(CuratorPeriod.id, sort_by_parameter_order=True), rows
    )
    names = _names(session, {client.curator_id for client in clients})
    told: list[journal.Event] = []
    for client, period_id in zip(clients, kept.all(), strict=True):
        who = {"id": client.curator_id, "name": names[client.curator_id]}
        data: dict[str, list[Any]] = {"curator_id": [None, who]}
        if client.curator_reason:
            data["reason"] = [None, client.curator_reason]
        told.append(journal.Event("curator_started", "curator_period", period_id, client.id, data))
        client.curator_reason = ""
    return told


def _names(session: Session, ids: set[int | None]) -> dict[int | None, str]:
    found = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {id: name for id, name in found}  # noqa: C416 - dict() does not understand rows


def open_period(client: Client) -> CuratorPeriod | None:
    """Since when, why and by whom the present curator has the client."""
    return db.scalar(
        select(CuratorPeriod).where(CuratorPeriod.client_id == client.id, CuratorPeriod.ended_at.is_(None))
    )
