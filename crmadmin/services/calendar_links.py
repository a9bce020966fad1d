"""The secret address of somebody's calendar feed: made anew, switched off, recognised by its hash alone."""

import secrets
from hashlib import sha256

from sqlalchemy import select

from crmadmin.core import clock, sql
from crmadmin.core.db import db
from models import CalendarLink, User


def of(person: User) -> CalendarLink | None:
    return db.scalar(select(CalendarLink).where(CalendarLink.person_id == person.id))


def make(*, by: User) -> str:
    """A new secret, told this once; the one before opens nothing any more."""
    token = secrets.token_urlsafe(32)
    fresh = {"token_hash": _hash(token), "made_at": clock.now()}
    put = sql.insert(db.get_bind(), CalendarLink).values(person_id=by.id, **fresh)
    db.execute(put.on_conflict_do_update(index_elements=[CalendarLink.person_id], set_=fresh))
    return token


def switch_off(*, by: User) -> bool:
    row = of(by)
    if row is None:
        return False
    db.delete(row)
    db.flush()
    return True


def whose(token: str) -> User | None:
    """Whoever this address belongs to, while he is with us.

    The database compares hashes, of which nobody can choose the beginning: how long it takes tells nothing.
    """
    asked = select(User).join(CalendarLink, CalendarLink.person_id == User.id)
    return db.scalar(asked.where(CalendarLink.token_hash == _hash(token), User.active))


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
