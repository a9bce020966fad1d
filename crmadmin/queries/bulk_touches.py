"""What somebody has changed since an act on many clients changed it, as the journal tells. None runs.

The value alone does not tell: it may have gone away and come back, by a decision of somebody's own.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from models import BulkAct, BulkRow, Client, CuratorPeriod, Interaction, JournalEntry
from models.kinds import BulkKind, BulkVerdict

_MOVED = ("group_moved", "group_held")

TOUCHES = {
    BulkKind.group: _MOVED,
    BulkKind.rules: _MOVED,
    BulkKind.curator: ("curator_started", "curator_ended"),
    BulkKind.channel: ("client_changed",),
    BulkKind.tag: ("client_changed",),
    BulkKind.untag: ("client_changed",),
    BulkKind.archive: ("client_archived", "client_restored"),
    BulkKind.restore: ("client_archived", "client_restored"),
    BulkKind.plan: ("plan_changed", "interaction_held", "interaction_cancelled", "interaction_corrected"),
}
"""Under which words the journal tells of what an act of that kind changes."""


def touches(act: BulkAct, client_ids: Sequence[int]) -> Select[JournalEntry]:
    """Entries about what the act changed, of these clients, since the act; the newest first."""
    where = (
        JournalEntry.client_id.in_(client_ids),
        JournalEntry.kind.in_(TOUCHES[act.kind]),
        JournalEntry.recorded_at >= act.at,
    )
    return select(JournalEntry).where(*where).order_by(JournalEntry.client_id, JournalEntry.number.desc())


def is_as_left(act: BulkAct) -> ColumnElement[bool]:
    """Nobody has told the journal of it since the act did; for a question over the act's rows and clients.

    An act in between that was undone since, and its undoing, have left nothing behind.
    """
    if act.kind is BulkKind.plan:
        return ~exists().where(
            JournalEntry.subject == Interaction.__tablename__,
            JournalEntry.subject_id == BulkRow.made_id,
            JournalEntry.kind != "interaction_planned",
        )
    own, later, others = aliased(JournalEntry), aliased(JournalEntry), aliased(BulkRow)
    told = select(func.max(own.number)).where(*_about(act, own), _did(own) == act.id)
    gone = exists().where(
        others.act_id == _did(later), others.client_id == Client.id, others.verdict == BulkVerdict.undone
    )
    return ~exists().where(
        *_about(act, later),
        later.number > told.correlate(Client).scalar_subquery(),
        or_(_did(later).is_(None), ~gone),
        later.data[("bulk_act", 0)].as_integer().is_(None),
        _is_changed(act, later),
    )


def _did(entry: type[JournalEntry]) -> ColumnElement[int]:
    """The act that did what the entry tells."""
    return entry.data[("bulk_act", 1)].as_integer()


def _about(act: BulkAct, entry: type[JournalEntry]) -> list[ColumnElement[bool]]:
    """Entries of the client's card since the act, or of its curators: found by what they tell of."""
    subject: Any = Client.__tablename__
    which: Any = entry.subject_id == Client.id
    if act.kind is BulkKind.curator:
        subject = CuratorPeriod.__tablename__
        periods = select(CuratorPeriod.id).where(CuratorPeriod.client_id == Client.id).correlate(Client)
        which = entry.subject_id.in_(periods)
    return [
        entry.subject == subject,
        which,
        entry.kind.in_(TOUCHES[act.kind]),
        entry.recorded_at >= act.at,
    ]


def _is_changed(act: BulkAct, entry: type[JournalEntry]) -> ColumnElement[bool]:
    """The entry tells of the very field, the very tag: a card has others."""
    if act.kind in {BulkKind.tag, BulkKind.untag}:
        return _has(entry, 0, act.target_id) != _has(entry, 1, act.target_id)
    if act.kind is BulkKind.channel:
        return entry.data["channel_id"].as_string().is_not(None)
    return entry.kind.in_(TOUCHES[act.kind])


def _has(entry: type[JournalEntry], place: int, tag_id: int | None) -> ColumnElement[bool]:
    """The tags before, or after, have this one. No name can look so: a quote in it is escaped."""
    listed = func.replace(entry.data[("tags", place)].as_string(), " ", "")
    return func.coalesce(listed, "").contains(f'{{"id":{tag_id},', autoescape=True)
