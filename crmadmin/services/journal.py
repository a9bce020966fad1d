"""Writes down every event from inside the flush that makes it, chained to the one before.

What is watched, and under which word, is said in ``journal_subjects``. ``note`` writes an event that changes
no row: an export, a refused sign-in.
"""

import secrets
from collections.abc import Callable, Collection, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from crmadmin.core import clock, sql
from crmadmin.core.db import Actor, Database, actor_of
from crmadmin.core.many_rows import insert_rows, update_rows
from crmadmin.core.sql import among
from crmadmin.rules import evidence
from crmadmin.services import journal_changes
from crmadmin.services.journal_subjects import WATCHED
from models import Base, JournalEntry, JournalHead, User

NO_CLIENT = 0  # the chain of events that belong to no client

_ENTRIES: Any = JournalEntry.__table__
_HEADS: Any = JournalHead.__table__
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
Listener = Callable[[Session, list[Event]], None]

LISTENERS: list[Listener] = []
"""Told of every event that is kept, whatever door it came by, in its own transaction."""

Said = tuple[list[Any], bytes]


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


@contextmanager
def put_off(session: Session | Database) -> Generator[list[Event]]:
    """What is told inside of no client is listed, not written: the caller writes it at his transaction's end.

    Everybody's events stand in that one chain, so nobody holds it for long; and whoever writes about clients
    too does that first, so that no two wait for each other.
    """
    later: list[Event] = []
    session.info["put_off"] = later
    try:
        yield later
    finally:
        del session.info["put_off"]


def write(session: Session, events: list[Event]) -> None:
    """Number, seal and keep the events, in their order, within the session's transaction."""
    later: list[Event] | None = session.info.get("put_off")
    if later is not None:
        later += [told for told in events if told.client_id is None]
        events = [told for told in events if told.client_id is not None]
    if not events:
        return
    heads = _locked_heads(session, sorted({told.client_id or NO_CLIENT for told in events}))
    here_and_now = (clock.now(), actor_of(session))
    entries: list[dict[str, Any]] = []
    known: dict[int, Said] = {}
    for told in events:
        chain = told.client_id or NO_CLIENT
        number, last = heads[chain]
        now, actor = told.signature or here_and_now
        said = {name: _said(pair, known) for name, pair in told.data.items()}
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
            "data": {name: pair for name, (pair, _canonical) in said.items()},
            "salt": secrets.token_hex(16),
            "form": evidence.FORM,
        }
        hidden = evidence.Secrets(bytes.fromhex(entry["salt"]))
        commitments = [hidden.committed(name, said[name][1]) for name in sorted(said)]
        sealed = evidence.sealed(bytes.fromhex(last), evidence.head(entry, hidden, said), commitments)
        heads[chain] = (entry["number"], sealed.hex())
        entries.append({**entry, "hash": sealed.hex()})
    insert_rows(session, _ENTRIES, entries)
    ends = [{"chain": chain, "number": number, "hash": last} for chain, (number, last) in heads.items()]
    update_rows(session, _HEADS, "chain", ends)
    for listener in LISTENERS:
        listener(session, events)


def _said(pair: list[Any], known: dict[int, Said]) -> Said:
    """A pair as it is kept and as it is hashed; one that many events share is put into words once."""
    if id(pair) not in known:
        plain = [evidence.plain(value) for value in pair]
        known[id(pair)] = plain, evidence.canonical(plain)
    return known[id(pair)]


def _locked_heads(session: Session, chains: list[int]) -> dict[int, tuple[int, str]]:
    """Last number and hash of each chain; nobody else can add to them until this transaction ends."""
    asked = (
        select(JournalHead.chain, JournalHead.number, JournalHead.hash)
        .where(among(JournalHead.chain, chains))
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
    return sql.insert(session.get_bind(), JournalHead).on_conflict_do_nothing()


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
    rows = _watched([*session.new, *session.dirty, *session.deleted])
    hold(session, {chain for row in rows if (chain := _chain_of(row))})


def hold(session: Session, chains: Collection[int]) -> None:
    """Nobody else changes these clients until this transaction ends: all who do lock their chains first."""
    if chains and session.get_bind().dialect.name == "postgresql":
        locked = select(JournalHead.id).where(JournalHead.chain.in_(sorted(chains)))
        session.execute(locked.order_by(JournalHead.chain).with_for_update()).all()


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


def _gone(context: Any) -> set[Any]:
    """What this flush removes: what somebody deleted, and what went with the collection it belonged to.

    The session itself knows of the first only: a telephone that is taken off a card would leave no trace.
    """
    states = context.states.items()
    return {state.obj() for state, (is_deleted, only_listed) in states if is_deleted and not only_listed}


@event.listens_for(Session, "after_flush")
def _record(session: Session, context: UOWTransaction) -> None:
    names = journal_changes.Names(session)
    signatures: dict[Base, Signature] = session.info.pop("signatures", {})
    told: list[Event] = []
    gone = _gone(context)
    for action, rows in (
        ("new", _watched(session.new)),
        ("changed", _watched(row for row in session.dirty if row not in gone)),
        ("gone", _watched(gone)),
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
