"""Writes down every event from inside the flush that makes it, chained to the one before.

What is watched, and under which word, is said in ``journal_subjects``. ``note`` writes an event that changes
no row: an export, a refused sign-in.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, event, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from crmadmin.core import clock
from crmadmin.core.db import Actor, Database, actor_of
from crmadmin.rules import evidence
from crmadmin.services import journal_changes
from crmadmin.services.journal_subjects import WATCHED
from models import Base, JournalEntry, JournalHead, User

NO_CLIENT = 0  # the chain of events that belong to no client

_ORDER = {model: place for place, model in enumerate(WATCHED)}


@dataclass
class Event:
    """Something that happened, before it is numbered and sealed."""

    kind: str
    subject: str
    subject_id: int | None
    client_id: int | None
    data: dict[str, list[Any]]
    happened_at: datetime | None = None
    signature: "Signature | None" = None


Signature = tuple[datetime, Actor]


def sign(session: Database, row: Base, at: datetime, by: User) -> None:
    """When and by whom the next change of this row was written down: for a past that is told afterwards.

    Only seeds tell one; every other change is signed by the clock and the session's actor.
    """
    session.info.setdefault("signatures", {})[row] = (at, Actor(by.id, by.name))


def note(
    session: Session | Database,
    kind: str,
    data: dict[str, list[Any]] | None = None,
    *,
    subject: str = "journal",
    subject_id: int | None = None,
    client_id: int | None = None,
    happened_at: datetime | None = None,
) -> None:
    """Write an event that is no change of a watched row; ``data`` is ``{field: [old, new]}``."""
    told = Event(kind, subject, subject_id, client_id, data or {}, happened_at)
    write(session() if isinstance(session, Database) else session, [told])


def head_of(entry: dict[str, Any]) -> dict[str, Any]:
    """The part of an entry that enters the hash as it is."""
    return {
        "chain": entry["chain"],
        "number": entry["number"],
        "kind": entry["kind"],
        "subject": entry["subject"],
        "subject_id": entry["subject_id"],
        "happened_at": entry["happened_at"],
        "recorded_at": entry["recorded_at"],
        "by_id": entry["by_id"],
        "by_name": entry["by_name"],
    }


def write(session: Session, events: list[Event]) -> None:
    """Number, seal and keep the events, in their order, within the session's transaction."""
    if not events:
        return
    heads = _locked_heads(session, sorted({told.client_id or NO_CLIENT for told in events}))
    here_and_now = (clock.now(), actor_of(session))
    entries: list[dict[str, Any]] = []
    for told in events:
        chain = told.client_id or NO_CLIENT
        number, last = heads[chain]
        now, actor = told.signature or here_and_now
        data = {name: [evidence.plain(value) for value in pair] for name, pair in told.data.items()}
        entry: dict[str, Any] = {
            "chain": chain,
            "number": number + 1,
            "client_id": told.client_id,
            "kind": told.kind,
            "subject": told.subject,
            "subject_id": told.subject_id,
            "happened_at": told.happened_at or now,
            "recorded_at": now,
            "by_id": actor.id,
            "by_name": actor.name,
            "data": data,
            "salt": secrets.token_hex(16),
        }
        sealed = evidence.entry_hash(bytes.fromhex(last), head_of(entry), bytes.fromhex(entry["salt"]), data)
        heads[chain] = (entry["number"], sealed.hex())
        entries.append({**entry, "hash": sealed.hex()})
    session.execute(insert(JournalEntry), entries)
    _keep_heads(session, heads)


def _locked_heads(session: Session, chains: list[int]) -> dict[int, tuple[int, str]]:
    """Last number and hash of each chain; nobody else can add to them until this transaction ends."""
    asked = (
        select(JournalHead.chain, JournalHead.number, JournalHead.hash)
        .where(JournalHead.chain.in_(chains))
        .order_by(JournalHead.chain)
        .with_for_update()
    )
    known = {chain: (number, last) for chain, number, last in session.execute(asked)}
    missing = [chain for chain in chains if chain not in known]
    if not missing:
        return known
    rows = [{"chain": chain, "number": 0, "hash": evidence.BEGINNING.hex()} for chain in missing]
    session.execute(_insert_unless_there(session), rows)
    return {chain: (number, last) for chain, number, last in session.execute(asked)}


def _insert_unless_there(session: Session) -> Any:
    """Two transactions may begin a chain at once; the second then waits for the first and goes on from it."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(JournalHead).on_conflict_do_nothing()


def _keep_heads(session: Session, heads: dict[int, tuple[int, str]]) -> None:
    table = JournalHead.__table__
    session.connection().execute(
        update(table)  # pyright: ignore[reportArgumentType]
        .where(table.c.chain == bindparam("c"))
        .values(number=bindparam("n"), hash=bindparam("h")),
        [{"c": chain, "n": number, "h": last} for chain, (number, last) in heads.items()],
    )


def _place(row: Base) -> tuple[int, int]:
    return _ORDER[type(row)], row.id or 0


def _watched(rows: Iterable[Any]) -> list[Base]:
    return sorted((row for row in rows if type(row) in WATCHED), key=_place)


@event.listens_for(Session, "before_flush")
def _take_turns(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    """Whoever changes a client locks the end of its chain first, so that no two wait for each other.

    Else one locks the client's row and then the chain, as a card does, and another the chain and then the
    row, as a record does. SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    rows = _watched([*session.new, *session.dirty, *session.deleted])
    chains = sorted({chain for row in rows if (chain := _chain_of(row))})
    if chains:
        locked = select(JournalHead.id).where(JournalHead.chain.in_(chains)).order_by(JournalHead.chain)
        session.execute(locked.with_for_update()).all()


def _chain_of(row: Base) -> int | None:
    """The client whose chain a row's change is told in; None before the client has a number."""
    known = WATCHED[type(row)].client_id(row)
    client = getattr(row, "client", None) if known is None else None
    return known if client is None else client.id


@event.listens_for(Session, "do_orm_execute")
def _only_told(state: ORMExecuteState) -> None:
    """A statement that changes watched rows behind the flush would leave no trace: it is a mistake.

    ``execution_options(told=True)`` says that the caller writes the journal himself.
    """
    if not (state.is_update or state.is_delete) or state.execution_options.get("told"):
        return
    mapper = state.bind_mapper
    if mapper is not None and mapper.class_ in WATCHED:
        raise RuntimeError(f"{mapper.class_.__name__} rows are changed through the session, or told by hand")


@event.listens_for(Session, "after_flush")
def _record(session: Session, _context: UOWTransaction) -> None:
    names = journal_changes.Names(session)
    signatures: dict[Base, Signature] = session.info.pop("signatures", {})
    told: list[Event] = []
    for action, rows in (
        ("new", _watched(session.new)),
        ("changed", _watched(session.dirty)),
        ("gone", _watched(session.deleted)),
    ):
        for row in rows:
            watched = WATCHED[type(row)]
            changes = journal_changes.of(row, action, watched)
            if not changes and action != "new":
                continue
            for kind, part in watched.kinds(row, action, changes):
                whose, when = watched.client_id(row), watched.happened_at(row)
                signature = signatures.get(row)
                told.append(Event(kind, watched.subject, row.id, whose, part, when, signature))
    names.fill(event.data for event in told)
    write(session, told)
