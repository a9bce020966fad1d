"""Telling people: each thing once, in the transaction of what it is about."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple, ParamSpec

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crmadmin.core import clock, sql
from crmadmin.core.db import db
from models import Client, Notice, User
from models.kinds import NoticeKind

BATCH = 500
_What = ParamSpec("_What")


class Telling(NamedTuple):
    """One thing to tell one person."""

    person_id: int
    kind: NoticeKind
    key: str
    client_id: int | None
    subject: str
    subject_id: int | None
    data: dict[str, Any]


def telling(
    people: Iterable[User | None],
    kind: NoticeKind,
    key: str,
    *,
    by: User | None = None,
    client: Client | None = None,
    subject: str = "",
    subject_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> list[Telling]:
    """One thing for each of them who is active, but not for whoever does it: for what is put in one go.

    ``data`` fills the words of the kind, which stand in ``views.notice_words``: names and numbers, no rows.
    """
    who = {each.id for each in people if each is not None and each.active and each is not by}
    said = {"by": by.name if by else "", "client": client.name if client else "", **(data or {})}
    client_id = client.id if client else None
    return [Telling(id, kind, key, client_id, subject, subject_id, said) for id in sorted(who)]


def _at_once(telling: Callable[_What, list[Telling]]) -> Callable[_What, None]:
    def tell(*what: _What.args, **of_it: _What.kwargs) -> None:
        put(db(), telling(*what, **of_it))

    return tell


tell = _at_once(telling)
"""Tell it; what bears the same key is told once."""


def put(session: Session, tellings: Sequence[Telling]) -> None:
    """Tell these, each once: one statement, whose words are the same for one and for hundreds."""
    if tellings:
        put = sql.insert(session.get_bind(), Notice.__table__).on_conflict_do_nothing()
        session.execute(put, _rows(tellings))


def tell_each(tellings: Iterable[Telling]) -> int:
    """Tell many things to many; what was told before is not told again. How many were."""
    told = 0
    for some in _batches(tellings):
        asked = select(Notice.person_id, Notice.key)
        asked = asked.where(Notice.key.in_({each.key for each in some}))
        asked = asked.where(Notice.person_id.in_({each.person_id for each in some}))
        known = {(row.person_id, row.key) for row in db.execute(asked)}
        fresh = [each for each in some if (each.person_id, each.key) not in known]
        told += _told_now(fresh)
    return told


def _told_now(tellings: Sequence[Telling]) -> int:
    if not tellings:
        return 0
    put = sql.insert(db.get_bind(), Notice).values(_rows(tellings)).on_conflict_do_nothing()
    return len(db.scalars(put.returning(Notice.id)).all())


def _rows(tellings: Iterable[Telling]) -> list[dict[str, Any]]:
    return [{**each._asdict(), "at": clock.now()} for each in tellings]


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
