"""Open promises go along with their client to its new curator, as plans do: told promise by promise."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crmadmin.core import clock
from crmadmin.services.journal import Event
from crmadmin.services.journal_changes import Names
from crmadmin.services.plans_along import Moves
from crmadmin.services.promise_numbers import given_to
from models import Promise
from models.kinds import PromiseState

_PROMISE: Any = Promise.__table__


def carry(
    session: Session, moves: Moves, *, only: Collection[int] | None = None, reason: str = ""
) -> tuple[dict[int, list[int]], list[Event]]:
    """What the former curators answer for with these clients, or ``only`` that: (ids by client, events).

    Past the flush, as the change of the curator itself: the caller keeps the events.
    """
    is_open = (_PROMISE.c.client_id.in_(list(moves)), _PROMISE.c.state == PromiseState.open)
    asked = select(_PROMISE.c.id, _PROMISE.c.client_id, _PROMISE.c.person_id).where(*is_open)
    found = session.execute(asked.order_by(_PROMISE.c.client_id, _PROMISE.c.due_at, _PROMISE.c.id)).all()
    promises = [
        each for each in found
        if each.person_id == moves[each.client_id][0] and (only is None or each.id in only)
    ]  # fmt: skip
    if not promises:
        return {}, []
    moved: dict[int, list[int]] = defaultdict(list)
    to: dict[int, list[int]] = defaultdict(list)
    for each in promises:
        moved[each.client_id].append(each.id)
        to[moves[each.client_id][1]].append(each.id)
    for person_id, ids in to.items():
        session.connection().execute(
            update(_PROMISE).where(_PROMISE.c.id.in_(ids)).values(given_to(person_id, clock.now()))
        )
    _look_anew(session, {each.id for each in promises})
    names = Names(session).of("app_user", {person for pair in moves.values() for person in pair})
    why = {"reason": [None, reason]} if reason else {}
    return dict(moved), [
        Event(
            "promise_changed", "promise", each.id, each.client_id,
            {"person_id": [names[person] for person in moves[each.client_id]], **why},
        )
        for each in promises
    ]  # fmt: skip


def _look_anew(session: Session, ids: Collection[int]) -> None:
    """Promises that this session has loaded say at once whose they are."""
    for row in list(session.identity_map.values()):
        if isinstance(row, Promise) and row.id in ids:
            session.expire(row, ["person_id", "person", "counted_for_id"])
