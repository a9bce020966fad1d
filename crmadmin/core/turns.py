"""Acts that must not happen at once, though they change no row in common: one waits for the other."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from crmadmin.core.db import db

MANY_CLIENTS = "many clients"
"""Acts on many clients take them by their numbers, an import as its file does: these wait for each other."""


def take_turns(*names: str) -> None:
    """Until this transaction ends, nobody else gets past his own call with any of these names.

    SQLite has one writer at a time anyway: there a transaction that writes has waited for its turn.
    """
    for key in sorted({_number(name) for name in names}):  # in one order, so that no two wait for each other
        _wait(db(), func.pg_advisory_xact_lock, key)


def alone(session: Session, name: str) -> None:
    """Until this transaction ends, nobody else gets past ``alone`` or ``alongside`` with this name."""
    _wait(session, func.pg_advisory_xact_lock, _number(name))


def alongside(session: Session, name: str) -> None:
    """Together with others who call this, but with nobody who is ``alone``."""
    _wait(session, func.pg_advisory_xact_lock_shared, _number(name))


def _wait(session: Session, lock: Callable[[Any], Any], key: int) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(lock(cast(key, BigInteger))))


def _number(name: str) -> int:
    return int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
