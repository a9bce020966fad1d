"""Rows against the journal: what a table says now must be what was told of it last.

Of interactions, periods as curator and comments: the journal of a client may hold, and yet a row beside it
say something else. Read in batches, each with the entries about its rows.
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
from crmadmin.services.journal_subjects import WATCHED
from models import Comment, CuratorPeriod, Interaction, JournalEntry

BATCH = 500
ONE_ACT = timedelta(minutes=10)  # a row and its entry are written in one transaction, moments apart

_STARTED, _ENDED = "curator_started", "curator_ended"
_COLUMNS: dict[Any, tuple[str, ...]] = {
    Interaction: tuple(WATCHED[Interaction].columns),
    CuratorPeriod: ("curator_id", "reason"),
    Comment: tuple(WATCHED[Comment].columns),
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
            known = told.get((row.client_id, row.id))
            if known is None:
                yield _said(entity, row.client_id, row.id, _("the journal tells nothing of it"))
            elif wrong := ", ".join(_wrong(entity, row, known)):
                said = _("it says something else than the journal: %(fields)s", fields=wrong)
                yield _said(entity, row.client_id, row.id, said)
        last = rows[-1].id


def _rows(entity: Any, chain: int | None, last: int) -> Select[*tuple[Any, ...]]:
    asked = select(entity.__table__).where(entity.id > last).order_by(entity.id).limit(BATCH)
    return asked if chain is None else asked.where(entity.client_id == chain)


def _told(session: Session | Database, entity: Any, rows: Any) -> Mapping[tuple[int, int], _Told]:
    """By client and row; what another client's journal tells of it is nothing."""
    about = JournalEntry.subject == entity.__tablename__
    if entity is CuratorPeriod:  # what ends one may be told with what begins the next
        about &= JournalEntry.chain.in_({row.client_id for row in rows})
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
    chain_of, id_of = JournalEntry.chain, JournalEntry.subject_id
    there = select(entity.id).where(entity.id == id_of, entity.client_id == chain_of)
    told = (JournalEntry.subject == entity.__tablename__) & ~there.exists()
    asked = select(chain_of, id_of).where(told).distinct().order_by(chain_of, id_of)
    if chain is not None:
        asked = asked.where(chain_of == chain)
    for client_id, id in session.execute(asked):
        yield _said(entity, client_id, id, _("the journal tells of it, and it is not there"))


def _said(entity: Any, client_id: int, id: int | None, said: str) -> str:
    where = _("client %(id)s", id=client_id)
    return f"{where}, {entity.__tablename__} {id}: {said}"
