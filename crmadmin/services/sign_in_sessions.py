"""Who is signed in where. A browser keeps a secret in its signed cookie, the database the hash of it.

A session ends by signing out, by its age, however much it is used, or with all the others of its person: when
his password changes, and when he is deactivated.
"""

import secrets
from collections.abc import Collection
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmadmin.core import clock
from crmadmin.core.db import db
from models import SignInSession, User

LIFETIME = timedelta(days=7)


def begin(user: User) -> str:
    """Sign him in: what his cookie is to say. Whatever is too old to open anything is forgotten."""
    token = secrets.token_urlsafe(24)
    now = clock.now()
    old = select(SignInSession).where(
        SignInSession.user_id == user.id, SignInSession.started_at <= now - LIFETIME
    )
    for row in db.scalars(old):
        db.delete(row)
    db.add(SignInSession(user_id=user.id, token_hash=_hash(token), started_at=now))
    db.flush()
    return f"{user.get_id()}.{token}"


def whose(cookie: str) -> User | None:
    """The person of a session that is open, while he is active and has not changed his password since."""
    number, _, rest = cookie.partition(".")
    epoch, _, token = rest.partition(".")
    if not (_is_number(number) and _is_number(epoch) and token):
        return None
    asked = (
        select(User)
        .join(SignInSession, SignInSession.user_id == User.id)
        .where(User.id == int(number), User.session_epoch == int(epoch), User.active)
        .where(SignInSession.token_hash == _hash(token), SignInSession.ended_at.is_(None))
        .where(SignInSession.started_at > clock.now() - LIFETIME)
    )
    return db.scalar(asked)


def end(cookie: str) -> None:
    """Whoever has this cookie, or a copy of it, is signed out."""
    token = cookie.rpartition(".")[2]
    row = db.scalar(select(SignInSession).where(SignInSession.token_hash == _hash(token)))
    if row is not None and row.ended_at is None:
        row.ended_at = clock.now()


def end_all(session: Session, people: Collection[int]) -> None:
    """Write down that theirs are over. A new epoch alone shuts them out, one that is just being begun too."""
    theirs = select(SignInSession).where(SignInSession.user_id.in_(people), SignInSession.ended_at.is_(None))
    for row in session.scalars(theirs):
        row.ended_at = clock.now()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
