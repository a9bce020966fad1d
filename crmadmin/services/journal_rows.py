"""Rows against the journal: what a table says now must be what was told of it last.

Of clients and all that is a client's: his journal may hold, and yet a row beside it say something else.
Read in batches, each with the entries about its rows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from crmadmin.core.db import Database
from crmadmin.core.i18n import _
from crmadmin.rules import evidence
from crmadmin.services.journal_subjects import OF_CLIENTS, WATCHED
from models import Client, CuratorPeriod, EmailAddress, Interaction, JournalEntry, Telephone

BATCH = 500
ONE_ACT = timedelta(minutes=10)  # a row and its entry are written in one transaction, moments apart

_STARTED, _ENDED = "curator_started", "curator_ended"
_COLUMNS: dict[Any, tuple[str, ...]] = {
    **{entity: tuple(WATCHED[entity].columns) for entity in OF_CLIENTS},
    CuratorPeriod: ("curator_id", "reason"),
    Telephone: ("typed",),  # of a line only what was typed is told; the rest is made of it
    EmailAddress: ("typed",),
}


@dataclass
class _Told:
    """What the journal of the row's client tells of it."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    moments: list[datetime] = field(default_factory=list[datetime])
    ended: bool = False

    def add(self, entry: Row[Any]) -> None:
        self.moments.append(entry.recorded_at)
        if entry.kind == _ENDED:
            self.ended = True
        else:
            self.values |= {name: pair[1] for name, pair in entry.data.items()}


def faults(session: Session | Database, chain: int | None = None) -> Iterator[str]:
    """Each row of which the journal tells something else, or nothing; and each that is not there any more."""
    for entity in _COLUMNS:
        yield from _differing(session, entity, chain)
        yield from _missing(session, entity, chain)


def _differing(session: Session | Database, entity: Any, chain: int | None) -> Iterator[str]:
    last = 0
    while rows := session.execute(_rows(entity, chain, last)).all():
        told = _told(session, entity, rows)
        for row in rows:
            known = told.get((row.chain, row.id))
            if known is None:
                yield _said(entity, row.chain, row.id, _("the journal tells nothing of it"))
            elif wrong := ", ".join(_wrong(entity, row, known)):
                said = _("it says something else than the journal: %(fields)s", fields=wrong)
                yield _said(entity, row.chain, row.id, said)
        last = rows[-1].id


def _rows(entity: Any, chain: int | None, last: int) -> Select[*tuple[Any, ...]]:
    asked = select(entity.__table__, _chain(entity).label("chain")).where(entity.id > last)
    asked = asked.order_by(entity.id).limit(BATCH)
    return asked if chain is None else asked.where(_chain(entity) == chain)


def _chain(entity: Any) -> Any:
    return Client.id if entity is Client else entity.client_id


def _subject(entity: Any) -> str:
    return WATCHED[entity].subject if entity in WATCHED else entity.__tablename__


def _told(session: Session | Database, entity: Any, rows: Any) -> Mapping[tuple[int, int], _Told]:
    """By client and row; what another client's journal tells of it is nothing. ``rows``: (chain, id, …)."""
    about = JournalEntry.subject == _subject(entity)
    if entity is CuratorPeriod:  # what ends one may be told with what begins the next
        about &= JournalEntry.chain.in_({row.chain for row in rows})
    else:
        about &= JournalEntry.subject_id.in_([row.id for row in rows])
    asked = select(*JournalEntry.__table__.columns).where(about)
    found: dict[tuple[int, int], _Told] = {}
    last: dict[int, _Told] = {}
    for entry in session.execute(asked.order_by(JournalEntry.chain, JournalEntry.number)):
        told = found.setdefault((entry.chain, entry.subject_id), _Told())
        told.add(entry)
        if entry.kind == _STARTED:
            last.get(entry.chain, told).ended = True
            last[entry.chain], told.ended = told, False
    return found


def _wrong(entity: Any, row: Row[Any], told: _Told) -> Iterator[str]:
    for name in _COLUMNS[entity]:
        if _plain(getattr(row, name)) != _plain(told.values.get(name)):
            yield name
    if entity is Interaction and all(abs(row.recorded_at - at) > ONE_ACT for at in told.moments):
        yield "recorded_at"
    if entity is CuratorPeriod and (row.ended_at is not None) != told.ended:
        yield "ended_at"


def _plain(value: Any) -> Any:
    """A row's value and the journal's are the same then: of what it points at the id, of nothing None."""
    if isinstance(value, dict):
        return cast(dict[str, Any], value).get("id")
    return None if value == "" else evidence.plain(value)


def _missing(session: Session | Database, entity: Any, chain: int | None) -> Iterator[str]:
    """What was taken away by the program leaves nothing of its fields in the journal."""
    chain_of, id_of = JournalEntry.chain.label("chain"), JournalEntry.subject_id.label("id")
    there = select(entity.id).where(entity.id == id_of, _chain(entity) == chain_of)
    told = (JournalEntry.subject == _subject(entity)) & ~there.exists()
    asked = select(chain_of, id_of).where(told).distinct().order_by(chain_of, id_of)
    if chain is not None:
        asked = asked.where(chain_of == chain)
    for rows in session.execute(asked).partitions(BATCH):
        known = _told(session, entity, rows)
        for row in rows:
            if any(_plain(value) is not None for value in known[row.chain, row.id].values.values()):
                yield _said(entity, row.chain, row.id, _("the journal tells of it, and it is not there"))


def _said(entity: Any, client_id: int, id: int | None, said: str) -> str:
    where = _("client %(id)s", id=client_id)
    return f"{where}, {entity.__tablename__} {id}: {said}"
