"""Undoing an act on many clients: what stands as the act left it is put back, and nothing else.

What somebody has changed since is told with who and when, and left alone unless it is picked.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select, update

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import bulk as asked
from crmadmin.services import journal
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
    """Whoever did it, the head, the admin."""
    if not allows(by.role, Permission.clients_change):
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
    for entry in db.scalars(asked.touches(act, list(made))):
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
    if act.undo_at and not act.undone_at:
        raise DomainError(_("It is being undone already."))
    ours = (BulkRow.act_id == act.id, BulkRow.verdict.in_(asked.NOT_UNDONE))
    left = db.scalar(select(func.count()).where(*ours)) or 0
    if not left:
        raise DomainError(_("There is nothing to undo."))
    if picked:
        rows: Any = update(BulkRow).where(*ours, BulkRow.client_id.in_(sorted(picked))).values(picked=True)
        db.execute(rows)
    act.undo_at, act.undone_at = clock.now(), None
    act.undo_by_id, act.undo_by_name = by.id, by.name
    act.total, act.left, act.reached = left, left, 0
    act.parameters = {key: value for key, value in act.parameters.items() if key != "pace"}
    act.finished_at = act.finished_at or clock.now()
    about: dict[str, Sequence[Any]] = {"bulk_act": [act.id, None], "kind": [act.kind.value, None]}
    journal.note(
        db,
        "bulk_undone",
        {key: list(pair) for key, pair in about.items()},
        subject="bulk_act",
        subject_id=act.id,
    )
