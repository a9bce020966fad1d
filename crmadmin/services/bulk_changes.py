"""What an act on many clients writes: one statement for many rows, and one event for each client.

Past the flush, which would load every client with all it is found by. So the events are told here.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from crmadmin.core import clock
from crmadmin.core.db import actor_of
from crmadmin.core.i18n import _
from crmadmin.core.many_rows import insert_rows
from crmadmin.core.sql import among
from crmadmin.queries.bulk import COLUMNS
from crmadmin.services import plans_along, promises_along, standings
from crmadmin.services.bulk_plans import call_off, make
from crmadmin.services.journal import Event
from crmadmin.services.journal_changes import Names
from models import BulkAct, Client, CuratorPeriod, Tag
from models.clients import client_tag
from models.kinds import BulkKind

_CLIENT: Any = Client.__table__
_PERIOD: Any = CuratorPeriod.__table__
_POINTS = {"group_id": "client_group", "curator_id": "app_user", "channel_id": "channel"}
_WORDS = {"group_id": "group_moved", "channel_id": "client_changed"}


@dataclass
class Change:
    """One client, from what to what; ``standing`` is how it stood, ``made`` a row made for it,
    ``carried`` the plans that went along, or go back, ``promised`` the promises, ``given`` what moved it: see
    ``BulkRow``."""

    client_id: int
    old: Any
    new: Any
    standing: Any = None
    made: int | None = None
    carried: list[int] | None = None
    promised: list[int] | None = None
    given: dict[str, Any] | None = None


Data = dict[str, list[Any]]
Writer = Callable[[Session, BulkAct, Sequence[Change]], list[Event]]


def reason_of(act: BulkAct) -> str:
    return _("an act on many clients undone") if act.undo_at else str(act.parameters.get("reason", ""))


def _set(session: Session, column: str, changes: Sequence[Change]) -> None:
    """As many statements as there are values."""
    values: dict[Any, list[int]] = defaultdict(list)
    for change in changes:
        values[change.new].append(change.client_id)
    for value, ids in values.items():
        session.connection().execute(update(_CLIENT).where(among(_CLIENT.c.id, ids)).values({column: value}))


def _told(
    session: Session, column: str, act: BulkAct, changes: Sequence[Change]
) -> list[dict[str, list[Any]]]:
    """From which row to which each client goes, by their names; and why."""
    ids = {value for each in changes for value in (each.old, each.new) if value is not None}
    names = Names(session).of(_POINTS[column], ids)
    reason = {"reason": [None, said]} if (said := reason_of(act)) else {}
    ways = {(each.old, each.new) for each in changes}
    pairs = {(old, new): [names.get(old), names.get(new)] for old, new in ways}
    return [{column: pairs[each.old, each.new], **reason} for each in changes]


def _move(session: Session, act: BulkAct, changes: Sequence[Change]) -> list[Event]:
    """Another group, another channel."""
    column = COLUMNS[act.kind]
    _set(session, column, changes)
    return [
        Event(
            kind=_WORDS[column],
            subject="client",
            subject_id=each.client_id,
            client_id=each.client_id,
            data=data,
        )
        for each, data in zip(changes, _told(session, column, act, changes), strict=True)
    ]


def _regroup(session: Session, act: BulkAct, changes: Sequence[Change]) -> list[Event]:
    """Another group, by hand or by a rule; each client remembers why, and an undoing puts that back, too."""
    told = _move(session, act, changes)
    by_rule = act.kind is BulkKind.rules
    if act.undo_at:
        standings.put(session, {each.client_id: (each.given or {}).get("was") for each in changes})
        return told
    was = standings.standing_now(session, [each.client_id for each in changes])
    now: dict[int, dict[str, Any] | None] = {}
    for each, event in zip(changes, told, strict=True):
        each.given = given = {**(each.given or {}), "was": was.get(each.client_id)}
        now[each.client_id] = standings.by_rule(given) if by_rule else standings.by_hand(reason_of(act))
        if by_rule:
            event.data["reason"] = [None, given["said"]]
            event.data["rule_id"] = [None, {"id": given["rule"], "name": given["name"]}]
            event.data["rule_version"] = [None, given["version"]]
    standings.put(session, now)
    return told


def _hand_over(session: Session, act: BulkAct, changes: Sequence[Change]) -> list[Event]:
    """One period ends and the next begins: one event, that tells both. Plans of the former one go along."""
    now, actor = clock.now(), actor_of(session)
    is_open = among(_PERIOD.c.client_id, [each.client_id for each in changes]) & _PERIOD.c.ended_at.is_(None)
    found = session.execute(select(_PERIOD.c.id, _PERIOD.c.client_id).where(is_open))
    closed = {client_id: id for id, client_id in found}
    session.connection().execute(update(_PERIOD).where(is_open).values(ended_at=now))
    signed = {"started_at": now, "reason": reason_of(act), "by_id": actor.id, "by_name": actor.name}
    begun = [each for each in changes if each.new is not None]
    rows = [{"client_id": each.client_id, "curator_id": each.new, **signed} for each in begun]
    opened = {row.client_id: row.id for row in insert_rows(session, _PERIOD, rows, "client_id", "id")}
    _set(session, "curator_id", changes)
    handed = [
        Event(
            kind="curator_ended" if each.new is None else "curator_started",
            subject="curator_period",
            subject_id=opened.get(each.client_id) or closed.get(each.client_id),
            client_id=each.client_id,
            data=data,
        )
        for each, data in zip(changes, _told(session, "curator_id", act, changes), strict=True)
    ]
    return handed + _along(session, act, changes)


def _along(session: Session, act: BulkAct, changes: Sequence[Change]) -> list[Event]:
    """What the former curator had planned and owed; an undoing takes back what went along, no more."""
    moves = {each.client_id: (each.old, each.new) for each in changes if each.old and each.new}
    back, why = act.undo_at is not None, reason_of(act)
    only = {id for each in changes for id in each.carried or ()} if back else None
    plans, told = plans_along.carry(session, moves, only=only, reason=why)
    only = {id for each in changes for id in each.promised or ()} if back else None
    promises, owed = promises_along.carry(session, moves, only=only, reason=why)
    for each in changes:
        each.carried, each.promised = plans.get(each.client_id), promises.get(each.client_id)
    return told + owed


def _tag(session: Session, act: BulkAct, changes: Sequence[Change]) -> list[Event]:
    """Told as a client's form tells it: all tags before, all tags after."""
    before: dict[int, list[dict[str, Any]]] = defaultdict(list)
    ids = [each.client_id for each in changes]
    asked = select(client_tag.c.client_id, Tag.id, Tag.name_ru).join(Tag, Tag.id == client_tag.c.tag_id)
    for client_id, id, name in session.execute(
        asked.where(among(client_tag.c.client_id, ids)).order_by(Tag.id)
    ):
        before[client_id].append({"id": id, "name": name})
    given = [each.client_id for each in changes if each.new]
    taken = [each.client_id for each in changes if not each.new]
    rows = [{"client_id": client_id, "tag_id": act.target_id} for client_id in given]
    insert_rows(session, client_tag, rows)
    if taken:
        where = among(client_tag.c.client_id, taken) & (client_tag.c.tag_id == act.target_id)
        session.connection().execute(delete(client_tag).where(where))
    tag = session.get_one(Tag, act.target_id)
    own = {"id": tag.id, "name": tag.name_ru}

    def after(change: Change) -> list[dict[str, Any]]:
        others = [each for each in before[change.client_id] if each["id"] != own["id"]]
        return sorted([*others, own] if change.new else others, key=lambda each: each["id"])

    return [
        Event(
            "client_changed", "client", each.client_id, each.client_id,
            {"tags": [before[each.client_id], after(each)]},
        )
        for each in changes
    ]  # fmt: skip


def _archive(session: Session, _act: BulkAct, changes: Sequence[Change]) -> list[Event]:
    _set(session, "archived_at", changes)
    return [
        Event(
            kind="client_archived" if each.new else "client_restored",
            subject="client",
            subject_id=each.client_id,
            client_id=each.client_id,
            data={"archived_at": [each.old, each.new]},
        )
        for each in changes
    ]


def _plan(session: Session, act: BulkAct, changes: Sequence[Change]) -> list[Event]:
    if act.undo_at:
        return call_off(session, [each.new for each in changes])
    told = make(session, act, [(each.client_id, each.standing) for each in changes])
    for each, event in zip(changes, told, strict=True):
        each.made = event.subject_id
    return told


WRITERS: dict[BulkKind, Writer] = {
    BulkKind.group: _regroup,
    BulkKind.rules: _regroup,
    BulkKind.channel: _move,
    BulkKind.curator: _hand_over,
    BulkKind.tag: _tag,
    BulkKind.untag: _tag,
    BulkKind.archive: _archive,
    BulkKind.restore: _archive,
    BulkKind.plan: _plan,
}
