"""Rows against the journal: what a table says now must be what was told of it last.

Of clients and all that is a client's: his journal may hold, and yet a row beside it say something else.
Read in batches, each with the entries about its rows.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, inspect, select
from sqlalchemy.orm import Session

from crmadmin.core.db import Database
from crmadmin.core.i18n import _
from crmadmin.core.sql import among
from crmadmin.rules import evidence
from crmadmin.services.journal_subjects import OF_CLIENTS, WATCHED
from models import (
    Client,
    ClientTask,
    Comment,
    CuratorPeriod,
    EmailAddress,
    FirstTouchDecision,
    HandoverOffer,
    Interaction,
    JournalEntry,
    Promise,
    RecurringPlan,
    SilenceTalk,
    Telephone,
    Wish,
)

BATCH = 500
ONE_ACT = timedelta(minutes=1)  # a row and its entry are written in one transaction, moments apart

_STARTED, _ENDED = "curator_started", "curator_ended"
_COLUMNS: dict[Any, tuple[str, ...]] = {
    **{entity: tuple(WATCHED[entity].columns) for entity in OF_CLIENTS},
    CuratorPeriod: ("curator_id", "reason"),
    Telephone: ("typed",),  # of a line only what was typed is told; the rest is made of it
    EmailAddress: ("typed",),
}
_SIGNED: dict[Any, tuple[tuple[str, str], ...]] = {  # when, and by whom; "" where the row keeps nobody
    CuratorPeriod: (("started_at", "by_id"), ("ended_at", "")),
    Interaction: (("recorded_at", ""),),
    ClientTask: (("opened_at", "opened_by_id"),),
    Comment: (("written_at", "by_id"),),
    HandoverOffer: (("offered_at", ""), ("decided_at", "decided_by_id")),
    FirstTouchDecision: (("decided_at", "decided_by_id"),),
    Promise: (("made_at", "made_by_id"), ("settled_at", "settled_by_id")),
    Wish: (("made_at", "made_by_id"), ("closed_at", "closed_by_id")),
    SilenceTalk: (("opened_at", "opened_by_id"), ("answered_at", "answered_by_id")),
    RecurringPlan: (("made_at", "made_by_id"),),
}


@dataclass
class _Told:
    """What the journal of the row's client tells of it."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    signed: list[tuple[datetime, int | None]] = field(default_factory=list[tuple[datetime, int | None]])
    ended: bool = False

    def add(self, entry: Row[Any]) -> None:
        if entry.kind == _ENDED:
            self.end(entry)
        else:
            self.signed.append((entry.recorded_at, entry.by_id))
            self.values |= {name: pair[1] for name, pair in entry.data.items()}

    def end(self, entry: Row[Any]) -> None:
        self.ended = True
        self.signed.append((entry.recorded_at, entry.by_id))


@dataclass(frozen=True)
class Fault:
    """Of which client what is not as his journal tells it, and how. ``where``: the table and the row."""

    chain: int
    where: str
    said: str

    @property
    def key(self) -> str:
        return f"chain-{self.chain}-{self.where.replace(' ', '-')}"

    @property
    def data(self) -> dict[str, Any]:
        """What a notice tells of it."""
        return {"row": self.where}

    def __str__(self) -> str:
        return f"{_('client %(id)s', id=self.chain)}, {self.where}: {self.said}"


def faults(session: Session | Database, chains: Collection[int] | None = None) -> Iterator[Fault]:
    """Each row of which the journal tells something else, or nothing; and each that is not there any more.

    Of all clients, or of those that are named: a few, whose rows are read at once.
    """
    for entity in _COLUMNS:
        yield from _differing(session, entity, chains)
        yield from _missing(session, entity, chains)


def _differing(session: Session | Database, entity: Any, chains: Collection[int] | None) -> Iterator[Fault]:
    for rows in _batches(session, entity, chains):
        told = _told(session, entity, rows)
        listed = {name: _listed(session, entity, name, rows) for name in _collections(entity)}
        for row in rows:
            known = told.get((row.chain, row.id))
            if known is None:
                yield _fault(entity, row, _("the journal tells nothing of it"))
                continue
            wrong = [*_wrong(entity, row, known)]
            wrong += [name for name, of in listed.items() if of[row.id] != _ids(known.values.get(name))]
            if wrong:
                said = _("it says something else than the journal: %(fields)s", fields=", ".join(wrong))
                yield _fault(entity, row, said)


def _batches(session: Session | Database, entity: Any, chains: Collection[int] | None) -> Iterator[Any]:
    asked = select(entity.__table__, _chain(entity).label("chain"))
    if chains is not None:
        some = asked.where(among(_chain(entity), chains)).order_by(_chain(entity), entity.id)
        yield from session.execute(some).partitions(BATCH)
        return
    last = 0
    while rows := session.execute(asked.where(entity.id > last).order_by(entity.id).limit(BATCH)).all():
        yield rows
        last = rows[-1].id


def _collections(entity: Any) -> tuple[str, ...]:
    return WATCHED[entity].collections if entity in WATCHED else ()


def _listed(session: Session | Database, entity: Any, name: str, rows: Any) -> Mapping[int, set[int]]:
    """Of each row the ids of what is tied to it."""
    relation = inspect(entity).relationships[name]
    ((_id, whose),), ((_other, what),) = relation.synchronize_pairs, relation.secondary_synchronize_pairs
    found: dict[int, set[int]] = defaultdict(set)
    for id, other in session.execute(select(whose, what).where(whose.in_([row.id for row in rows]))):
        found[id].add(other)
    return found


def _ids(listed: list[dict[str, Any]] | None) -> set[int]:
    return {each["id"] for each in listed or ()}


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
            if former := last.get(entry.chain):
                former.end(entry)
            last[entry.chain] = told
    return found


def _wrong(entity: Any, row: Row[Any], told: _Told) -> Iterator[str]:
    for name in _COLUMNS[entity]:
        if _plain(getattr(row, name)) != _plain(told.values.get(name)):
            yield name
    for at, by in _SIGNED.get(entity, ()):
        if not _is_signed(getattr(row, at), getattr(row, by) if by else None, by, told):
            yield at
    if entity is CuratorPeriod and (row.ended_at is not None) != told.ended:
        yield "ended_at"


def _is_signed(at: datetime | None, by_id: int | None, by: str, told: _Told) -> bool:
    """Some entry was written by that one, then."""
    return at is None or any(
        abs(at - then) <= ONE_ACT and (not by or by_id == actor) for then, actor in told.signed
    )


def _plain(value: Any) -> Any:
    """A row's value and the journal's are the same then: of what it points at the id, of nothing None."""
    if isinstance(value, dict):
        return cast(dict[str, Any], value).get("id")
    return None if value == "" else evidence.plain(value)


def _missing(session: Session | Database, entity: Any, chains: Collection[int] | None) -> Iterator[Fault]:
    """What was taken away by the program leaves nothing of its fields in the journal."""
    chain_of, id_of = JournalEntry.chain.label("chain"), JournalEntry.subject_id.label("id")
    there = select(entity.id).where(entity.id == id_of, _chain(entity) == chain_of)
    told = (JournalEntry.subject == _subject(entity)) & ~there.exists()
    asked = select(chain_of, id_of).where(told).distinct().order_by(chain_of, id_of)
    if chains is not None:
        asked = asked.where(among(JournalEntry.chain, chains))
    for rows in session.execute(asked).partitions(BATCH):
        known = _told(session, entity, rows)
        for row in rows:
            if any(_plain(value) is not None for value in known[row.chain, row.id].values.values()):
                yield _fault(entity, row, _("the journal tells of it, and it is not there"))


def _fault(entity: Any, row: Any, said: str) -> Fault:
    return Fault(row.chain, f"{entity.__tablename__} {row.id}", said)
