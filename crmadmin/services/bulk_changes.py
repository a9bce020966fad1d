"""What an act on many clients writes: one statement for many rows, and one event for each client.

Past the flush, which would load every client with all it is found by. So the events are told here.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from crmadmin.core import clock
from crmadmin.core.db import actor_of
from crmadmin.core.i18n import _
from crmadmin.queries.bulk import COLUMNS
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
    """One client, from what to what; ``standing`` is how it stood, ``made`` a row made for it."""

    client_id: int
    old: Any
    new: Any
    standing: Any = None
    made: int | None = None


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
        session.connection().execute(update(_CLIENT).where(_CLIENT.c.id.in_(ids)).values({column: value}))


def _told(
    session: Session, column: str, act: BulkAct, changes: Sequence[Change]
) -> list[dict[str, list[Any]]]:
    """From which row to which each client goes, by their names; and why."""
    ids = {value for each in changes for value in (each.old, each.new) if value is not None}
    names = Names(session).of(_POINTS[column], ids)
    reason = {"reason": [None, said]} if (said := reason_of(act)) else {}
    return [{column: [names.get(each.old), names.get(each.new)], **reason} for each in changes]


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


def _hand_over(session: Session, act: BulkAct, changes: Sequence[Change]) -> list[Event]:
    """One period ends and the next begins: one event, that tells both."""
    now, actor = clock.now(), actor_of(session)
    is_open = _PERIOD.c.client_id.in_([each.client_id for each in changes]) & _PERIOD.c.ended_at.is_(None)
    found = session.execute(select(_PERIOD.c.id, _PERIOD.c.client_id).where(is_open))
    closed = {client_id: id for id, client_id in found}
    session.connection().execute(update(_PERIOD).where(is_open).values(ended_at=now))
    signed = {"started_at": now, "reason": reason_of(act), "by_id": actor.id, "by_name": actor.name}
    begun = [each for each in changes if each.new is not None]
    rows = [{"client_id": each.client_id, "curator_id": each.new, **signed} for each in begun]
    opened: dict[int, int] = {}
    if rows:
        put = insert(CuratorPeriod).returning(CuratorPeriod.client_id, CuratorPeriod.id)
        opened = {client_id: id for client_id, id in session.execute(put, rows)}  # noqa: C416
    _set(session, "curator_id", changes)
    return [
        Event(
            kind="curator_ended" if each.new is None else "curator_started",
            subject="curator_period",
            subject_id=opened.get(each.client_id) or closed.get(each.client_id),
            client_id=each.client_id,
            data=data,
        )
        for each, data in zip(changes, _told(session, "curator_id", act, changes), strict=True)
    ]


def _tag(session: Session, act: BulkAct, changes: Sequence[Change]) -> list[Event]:
    """Told as a client's form tells it: all tags before, all tags after."""
    before: dict[int, list[dict[str, Any]]] = defaultdict(list)
    ids = [each.client_id for each in changes]
    asked = select(client_tag.c.client_id, Tag.id, Tag.name_ru).join(Tag, Tag.id == client_tag.c.tag_id)
    for client_id, id, name in session.execute(asked.where(client_tag.c.client_id.in_(ids)).order_by(Tag.id)):
        before[client_id].append({"id": id, "name": name})
    given = [each.client_id for each in changes if each.new]
    taken = [each.client_id for each in changes if not each.new]
    if given:
        rows = [{"client_id": client_id, "tag_id": act.target_id} for client_id in given]
        session.connection().execute(insert(client_tag), rows)
    if taken:
        where = client_tag.c.client_id.in_(taken) & (client_tag.c.tag_id == act.target_id)
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
    BulkKind.group: _move,
    BulkKind.channel: _move,
    BulkKind.curator: _hand_over,
    BulkKind.tag: _tag,
    BulkKind.untag: _tag,
    BulkKind.archive: _archive,
    BulkKind.restore: _archive,
    BulkKind.plan: _plan,
}
