"""Acts that must not happen at once, though they change no row in common: one waits for the other."""

from hashlib import sha256

from sqlalchemy import BigInteger, cast, func, select

from crmadmin.core.db import db


def take_turns(*names: str) -> None:
    """Until this transaction ends, nobody else gets past his own call with any of these names.

    SQLite has one writer at a time anyway: there a transaction that writes has waited for its turn.
    """
    if db.get_bind().dialect.name != "postgresql":
        return
    for key in sorted({_number(name) for name in names}):  # in one order, so that no two wait for each other
        db.execute(select(func.pg_advisory_xact_lock(cast(key, BigInteger))))


def _number(name: str) -> int:
    return int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
