"""Undoing an act on many clients: what stands as the act left it is put back, and nothing else.

What somebody has changed since is told with who and when, and left alone unless it is picked.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select, update

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import bulk as asked
from crmadmin.queries.bulk_touches import touches
from crmadmin.services import bulk_parameters
from models import BulkAct, BulkRow, Client, JournalEntry, User
from models.kinds import BulkKind, BulkVerdict

SHOWN = 100
_FIELDS = {
    BulkKind.channel: "channel_id",
    BulkKind.tag: "tags",
    BulkKind.untag: "tags",
}


class Touched(NamedTuple):
    """A client that somebody has changed since: who did it, and when, where the journal says so."""

    client: Client
    by_name: str
    at: datetime | None


def may(act: BulkAct, by: User) -> bool:
    """Whoever did it, the head, the admin; none of them without the right to do such an act."""
    if not bulk_parameters.may(act.kind, by):
        return False
    return act.by_id == by.id or allows(by.role, Permission.every_row)


def preview(act: BulkAct, *, by: User) -> dict[BulkVerdict, int]:
    """How many are put back, were touched since, cannot be put back; nothing is changed."""
    return {BulkVerdict(word): number for word, number in db.execute(asked.undo_counted(act, by))}


def touched(act: BulkAct, *, by: User) -> list[Touched]:
    """The first clients that somebody has changed since."""
    found = db.execute(asked.undo_named(act, by, BulkVerdict.touched, SHOWN)).all()
    last: dict[int, JournalEntry] = {}
    made = {row.client_id: row.made_id for row, _client in found}
    for entry in db.scalars(touches(act, list(made))):
        if entry.client_id is not None and _is_about(act, entry, made[entry.client_id]):
            last.setdefault(entry.client_id, entry)
    told = ((client, last.get(client.id)) for _row, client in found)
    return [
        Touched(client, entry.by_name if entry else "", entry and entry.recorded_at) for client, entry in told
    ]


def _is_about(act: BulkAct, entry: JournalEntry, made_id: int | None) -> bool:
    if act.kind is BulkKind.plan:
        return entry.subject_id == made_id
    field = _FIELDS.get(act.kind)
    return (field is None or field in entry.data) and act.id not in entry.data.get("bulk_act", ())


def begin(act: BulkAct, *, picked: Collection[int] = (), by: User) -> None:
    """From now on the act's slices undo it; ``picked`` clients though somebody has changed them since."""
    if not may(act, by):
        raise NotAllowed(_("Only whoever did it, the head and the admin undo it."))
    # What a slice, or another undo, is writing just now is waited for and counted.
    db.get_one(BulkAct, act.id, with_for_update=True, populate_existing=True)
    if act.undo_at and not act.undone_at:
        raise DomainError(_("It is being undone already."))
    was_undone = act.undone_at is not None
    act.undo_at, act.undone_at = clock.now(), None
    _pick(act, picked)
    left = db.scalar(select(func.count()).where(*_of(act))) or 0
    if not left or (was_undone and not _puts_back(act, by)):
        raise DomainError(_("There is nothing to undo."))
    act.undo_by_id, act.undo_by_name = by.id, by.name
    act.total, act.left, act.reached = left, left, 0
    act.parameters = {key: value for key, value in act.parameters.items() if key != "pace"}
    act.finished_at = act.finished_at or clock.now()


def _of(act: BulkAct) -> tuple[ColumnElement[bool], ...]:
    return BulkRow.act_id == act.id, BulkRow.verdict.in_(asked.NOT_UNDONE)


def _pick(act: BulkAct, picked: Collection[int]) -> None:
    """What was ticked for an earlier undoing of the act was ticked for that one only."""
    ticked = BulkRow.client_id.in_(sorted(picked))
    for where, value in ((BulkRow.picked & ~ticked, False), (ticked, True)):
        rows: Any = update(BulkRow).where(*_of(act), where).values(picked=value)
        db.execute(rows)


def _puts_back(act: BulkAct, by: User) -> bool:
    """Undone once more, an act may have nothing left that may be put back."""
    return db.execute(asked.undo_named(act, by, BulkVerdict.undone, 1)).first() is not None
