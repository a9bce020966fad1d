"""Telling the new curator, and the former one, that clients went from one to the other."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crmadmin.core.db import actor_of, db
from crmadmin.services import notices
from models import BulkAct, BulkRow, Client, User
from models.kinds import BulkVerdict, NoticeKind


class Moved(NamedTuple):
    """So many clients, one of them by its number, from somebody to somebody."""

    number: int
    client_id: int
    former_id: int | None
    new_id: int | None


def tell(act: BulkAct) -> None:
    """Once for the whole of an act on many clients, when it is finished, or undone."""
    word, mark = (BulkVerdict.undone, act.undo_at) if act.undo_at else (BulkVerdict.done, "")
    asked = select(func.count(), func.min(BulkRow.client_id), BulkRow.before_id)
    mine = (BulkRow.act_id == act.id, BulkRow.verdict == word)
    for number, client_id, before_id in db.execute(asked.where(*mine).group_by(BulkRow.before_id)):
        ends = (act.target_id, before_id) if act.undo_at else (before_id, act.target_id)
        about = {"subject": "bulk_act", "subject_id": act.id, "data": {"reason": _reason(act)}}
        tell_one(db(), Moved(number, client_id, *ends), f"bulk-{act.id}-{before_id or 0}-{mark}", **about)


def _reason(act: BulkAct) -> str:
    return "" if act.undo_at else str(act.parameters.get("reason", ""))


def tell_one(session: Session, moved: Moved, key: str, **about: Any) -> None:
    """The new curator that he has clients more, the former one that he has them no longer."""
    former, new = (_person(session, id) for id in (moved.former_id, moved.new_id))
    client = session.get(Client, moved.client_id) if moved.number == 1 else None
    actor = actor_of(session)
    names = {"number": moved.number, "from": former and former.name, "to": new and new.name, "by": actor.name}
    about = {**about, "client": client, "data": {**names, **about.get("data", {})}}
    given = notices.telling(_others([new], actor.id), NoticeKind.client_given, key[:90] + "-to", **about)
    taken = notices.telling(_others([former], actor.id), NoticeKind.client_taken, key[:90] + "-from", **about)
    notices.put(session, [*given, *taken])


def _person(session: Session, id: int | None) -> User | None:
    return session.get(User, id) if id else None


def _others(people: Iterable[User | None], actor_id: int | None) -> list[User]:
    """Whoever does it knows."""
    return [each for each in people if each is not None and each.id != actor_id]
