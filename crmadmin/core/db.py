"""One engine, one session per thread of work, and the one place that commits."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, Select, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, scoped_session, sessionmaker

if TYPE_CHECKING:
    from models import User

Rows: TypeAlias = Select[*tuple[Any, ...]]  # a statement whose rows are read by name

Answer = TypeVar("Answer")

_TAKE_TURNS = frozenset({"40001", "40P01", "55P03"})  # serialization, deadlock, lock not to be had

_writing: ContextVar[bool] = ContextVar("writing", default=False)


@dataclass(frozen=True)
class Actor:
    """In whose name the journal writes: somebody signed in, or the program itself."""

    id: int | None
    name: str


PROGRAM = Actor(None, "crmadmin")


class Database(scoped_session[Session]):
    """The current session. Flask-Admin looks for it under ``.session``, so it is there too."""

    @property
    def session(self) -> Database:
        return self


db = Database(sessionmaker(expire_on_commit=False))


def connect(url: str) -> Engine:
    """Point the sessions at a database; SQLite is taught its manners on each connection."""
    sqlite = url.startswith("sqlite")
    more: dict[str, Any] = {"connect_args": {"timeout": 30}} if sqlite else {"pool_pre_ping": True}
    engine = create_engine(url, json_serializer=_readable, **more)
    if sqlite:
        event.listen(engine, "do_connect", partial(_keep_private, engine.url.database))
        event.listen(engine, "connect", _teach_sqlite)
        event.listen(engine, "begin", _begin)
    else:
        event.listen(engine, "connect", _teach_postgresql)
    db.remove()
    db.configure(bind=engine)
    return engine


def _keep_private(file: str | None, *_how: Any) -> None:
    """A new file is its owner's only, whatever the command; SQLite gives the same rights to its others."""
    if file and not file.startswith((":memory:", "file:")):
        with suppress(OSError):  # it is there already; or SQLite will say what is wrong
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _readable(value: Any) -> str:
    """JSON that somebody with an SQL console can read: Russian letters stay letters."""
    return json.dumps(value, ensure_ascii=False)


def act_as(person: User | None) -> None:
    """Sign whatever this session changes from now on."""
    db.info["actor"] = Actor(person.id, person.name) if person else PROGRAM


def actor_of(session: Session) -> Actor:
    return session.info.get("actor", PROGRAM)


def ask_once() -> None:
    """From here on, while this session lasts: nothing is changed by it, so that what is asked stays so."""
    db.info["asked"] = {}


def asked_once(what: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The answer; asked again only where something may have been changed meanwhile."""
    known: dict[Hashable, Any] | None = db.info.get("asked")
    if known is None:
        return ask()
    if what not in known:
        known[what] = ask()
    return known[what]


def going_to_write(value: bool) -> None:
    """Whether transactions begun from here on in this thread write.

    SQLite refuses at once, without waiting, a transaction that has read and then wants to write what another
    has written meanwhile; one that takes the write lock from the start waits its turn.
    """
    _writing.set(value)


@contextmanager
def transaction(by: User | None = None) -> Iterator[Database]:
    """Everything inside is kept together or not at all, and is signed by the actor."""
    token = _writing.set(True)
    act_as(by)
    try:
        yield db
        db.commit()
    except BaseException:
        db.rollback()
        raise
    finally:
        _writing.reset(token)


@contextmanager
def let_go() -> Iterator[None]:
    """What is read inside is let go of at the end: on SQLite, who has read cannot begin to write once
    somebody else has written. Nothing may be open yet: what is begun inside holds nobody up."""
    token = _writing.set(False)
    try:
        yield
    finally:
        _writing.reset(token)
        db.rollback()


def is_busy(error: SQLAlchemyError) -> bool:
    """Whether it failed only because somebody else was writing: what was tried may be tried again."""
    cause: Any = getattr(error, "orig", None)
    if getattr(cause, "sqlstate", None) in _TAKE_TURNS:
        return True
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


@contextmanager
def reading(bind: Engine | Connection) -> Iterator[Connection]:
    """A connection that only reads, for an answer still being sent when the request's session is gone."""
    if isinstance(bind, Connection):  # a test holds everything in one
        yield bind
        return
    with bind.connect() as connection:
        token = _writing.set(False)
        connection.begin()
        _writing.reset(token)
        yield connection


@contextmanager
def apart(*, writes: bool = True) -> Iterator[Connection]:
    """A connection of its own, whose one transaction ends here, whatever becomes of the session's.

    For what repeats other rows and may be lost; never inside a transaction that has begun to write.
    """
    bind = db.get_bind()
    if isinstance(bind, Connection):  # a test holds everything in one
        yield bind
        return
    token = _writing.set(writes)
    try:
        with bind.begin() as connection:
            yield connection
    finally:
        _writing.reset(token)


def _teach_postgresql(connection: DBAPIConnection, _record: Any) -> None:
    """A plan is made for what is looked for: one word is in every row, and another in none.

    New rows wait for search indexes in a list that every search reads to its end: it is kept short.
    To compile a question takes ten times as long as to answer those of a page.
    """
    cursor = connection.cursor()
    cursor.execute("SET jit = off")
    cursor.execute("SET plan_cache_mode = force_custom_plan")
    cursor.execute("SET gin_pending_list_limit = '256kB'")
    cursor.close()
    connection.commit()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def _teach_sqlite(connection: DBAPIConnection, _record: Any) -> None:
    raw: Any = connection
    raw.isolation_level = None  # SQLAlchemy says BEGIN itself: savepoints and DDL then work
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "recursive_triggers = ON",  # else REPLACE would delete an entry of the journal unseen
        "busy_timeout = 30000",
        "cache_size = -8000",
        "temp_store = MEMORY",
    ):
        raw.execute(f"PRAGMA {pragma}")
    raw.create_function(
        "lower", 1, lambda text: text and str(text).lower(), deterministic=True
    )  # Cyrillic too
