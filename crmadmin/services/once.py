"""A form that is sent twice, by a double click or a reload, makes one record."""

from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, select

from crmadmin.core import clock, sql
from crmadmin.core.db import db
from models import FormOnce, User

KEPT = timedelta(days=3)


def key_of(secret: str, typed: Iterable[tuple[str, str]], *, by: User) -> str:
    """What marks this sending of a form; typed differently, it is another one. Blank without a secret."""
    if not secret:
        return ""
    return sha256(repr((by.id, secret, sorted(typed))).encode()).hexdigest()


def claim(key: str, *, by: User) -> str:
    """Where the record is that this form has made already; blank where it is the first time.

    Kept or forgotten with the transaction. Whoever comes second at the same moment waits for the first.
    """
    if not key:
        return ""
    db.execute(delete(FormOnce).where(FormOnce.at < clock.now() - KEPT))
    row = {"key": key, "person_id": by.id, "at": clock.now()}
    wanted = sql.insert(db.get_bind(), FormOnce).values(row).on_conflict_do_nothing().returning(FormOnce.id)
    if db.scalar(wanted) is not None:
        return ""
    return db.scalar(select(FormOnce.made).where(FormOnce.key == key)) or ""


def made(key: str, address: str) -> None:
    """The form of this key has made the record at this address."""
    row = db.scalar(select(FormOnce).where(FormOnce.key == key)) if key else None
    if row is not None:
        row.made = address
