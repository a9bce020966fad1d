"""Telling people: each thing once, in the transaction of what it is about."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crmadmin.core import clock
from crmadmin.core.db import db
from models import Client, Notice, User
from models.kinds import NoticeKind

BATCH = 500


class Telling(NamedTuple):
    """One thing to tell one person."""

    person_id: int
    kind: NoticeKind
    key: str
    client_id: int | None
    subject: str
    subject_id: int | None
    data: dict[str, Any]


def tell(
    people: Iterable[User | None],
    kind: NoticeKind,
    key: str,
    *,
    by: User | None = None,
    client: Client | None = None,
    subject: str = "",
    subject_id: int | None = None,
    data: dict[str, Any] | None = None,
    within: Session | None = None,
) -> None:
    """Tell each of them who is active, but not whoever does it; what bears the same key is told once.

    ``data`` fills the words of the kind, which stand in ``views.notice_words``: names and numbers, no rows.
    ``within`` is the session of a flush that tells of itself.
    """
    who = {each.id for each in people if each is not None and each.active and each is not by}
    said = {"by": by.name if by else "", "client": client.name if client else "", **(data or {})}
    rows = [
        {
            "person_id": id, "kind": kind, "at": clock.now(), "key": key, "subject": subject,
            "subject_id": subject_id, "client_id": client.id if client else None, "data": said,
        }
        for id in sorted(who)
    ]  # fmt: skip
    if rows:
        session = within or db()
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        session.execute(dialect.insert(Notice).values(rows).on_conflict_do_nothing())


def tell_each(tellings: Iterable[Telling]) -> int:
    """Tell many things to many; what was told before is not told again. How many were."""
    told = 0
    for some in _batches(tellings):
        asked = select(Notice.person_id, Notice.key)
        asked = asked.where(Notice.key.in_({each.key for each in some}))
        asked = asked.where(Notice.person_id.in_({each.person_id for each in some}))
        known = {(row.person_id, row.key) for row in db.execute(asked)}
        fresh = [each for each in some if (each.person_id, each.key) not in known]
        told += _put(fresh)
    return told


def _put(tellings: Sequence[Telling]) -> int:
    if not tellings:
        return 0
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    rows = [{**each._asdict(), "at": clock.now()} for each in tellings]
    put = dialect.insert(Notice).values(rows).on_conflict_do_nothing().returning(Notice.id)
    return len(db.scalars(put).all())


def _batches(tellings: Iterable[Telling]) -> Iterator[list[Telling]]:
    rest = iter(tellings)
    while some := list(islice(rest, BATCH)):
        yield some


def hush(people: Iterable[User], kind: NoticeKind, key: str) -> None:
    """What was told them by this key was taken back: that it was told stays, and its words go."""
    told = (Notice.person_id.in_([each.id for each in people]), Notice.kind == kind, Notice.key == key)
    for row in db.scalars(select(Notice).where(*told)):
        row.data = {**row.data, "text": ""}


def read_before(moment: datetime, *, by: User) -> None:
    """What was told before that moment he has seen."""
    asked = update(Notice).where(Notice.person_id == by.id, Notice.read_at.is_(None), Notice.at < moment)
    db.execute(asked.values(read_at=moment))


def read(ids: Iterable[int] | None, *, by: User) -> None:
    """He has seen these notices of his; all of them for None."""
    asked = update(Notice).where(Notice.person_id == by.id, Notice.read_at.is_(None))
    if ids is not None:
        asked = asked.where(Notice.id.in_(list(ids)))
    db.execute(asked.values(read_at=clock.now()))
