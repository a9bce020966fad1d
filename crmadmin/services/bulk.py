"""One act on many clients: begun as a whole, done slice by slice, undone as a whole.

A slice is one transaction, so small that nobody else waits long for his turn to write; up to ``SLICE``
clients the whole act is one. What an interrupted act has left is done, or what it has done is undone, later.
"""

from collections import Counter
from collections.abc import Sequence
from time import perf_counter
from typing import Any

from sqlalchemy import bindparam, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed, NotFound
from crmadmin.core.i18n import _
from crmadmin.queries import bulk as asked
from crmadmin.queries.bulk import Criteria
from crmadmin.services import bulk_parameters, bulk_plans, journal
from crmadmin.services.bulk_changes import WRITERS, Change
from models import BulkAct, BulkRow, Client, JournalHead, User
from models.kinds import BulkKind, BulkVerdict

SLICE = 1_000  # clients at most: what a form with so many ticks does is one transaction
SMALLEST = 100
TAKES = 0.35  # seconds a slice is meant to take, on this machine as it is now: others wait for their turn

_ROW: Any = BulkRow.__table__
_KEEP = (
    update(_ROW)
    .where(_ROW.c.id == bindparam("row"))
    .values({name: bindparam(f"new_{name}") for name in ("verdict", "before_id", "archived_at", "made_id")})
)

Counts = dict[BulkVerdict, int]


def preview(act: BulkAct, found: Criteria, *, by: User) -> Counts:
    """How many of the clients found get which verdict; nothing is changed."""
    bulk_parameters.check(act, by=by, to_look=True)
    with db.no_autoflush:
        return {BulkVerdict(word): number for word, number in db.execute(asked.counted(act, by, found))}


def how_many(found: Criteria) -> int:
    return db.scalar(select(func.count()).select_from(Client).where(*found)) or 0


def first_of(act: BulkAct, found: Criteria, word: BulkVerdict, most: int, *, by: User) -> Sequence[Client]:
    with db.no_autoflush:
        return db.scalars(asked.named(act, by, found, word, most)).all()


def begin(act: BulkAct, found: Criteria, *, by: User) -> BulkAct:
    """Keep the act, and which clients it is about; the same form sent twice is one act."""
    bulk_parameters.check(act, by=by)
    if known := _of_key(act.key, by):
        return known
    act.at, act.by_id, act.by_name = clock.now(), by.id, by.name
    act.total = act.left = act.reached = 0
    act.counts = {}
    try:
        with db.begin_nested():
            db.add(act)
    except IntegrityError:  # the other click came first
        if known := _of_key(act.key, by):
            return known
        raise
    which = select(literal(act.id), Client.id, literal(BulkVerdict.waiting.value)).where(*found)
    put = insert(_ROW).from_select(["act_id", "client_id", "verdict"], which.order_by(Client.id))
    db.connection().execute(put)
    act.total = act.left = db.scalar(select(func.count()).where(BulkRow.act_id == act.id)) or 0
    act.counts = {BulkVerdict.waiting.value: act.total}
    if not act.total:
        raise DomainError(_("There is no such client any more."))
    bulk_plans.check_spread(act)
    return act


def _of_key(key: str, by: User) -> BulkAct | None:
    known = db.scalar(select(BulkAct).where(BulkAct.key == key))
    if known is not None and known.by_id != by.id:
        raise NotAllowed(_("This act is somebody else's."))
    return known


def is_running(act: BulkAct) -> bool:
    """Something is left to do, or to undo."""
    return act.undone_at is None if act.undo_at else act.finished_at is None


def may_go_on(act: BulkAct, by: User) -> bool:
    """Whoever began an act, or its undoing, goes on with it: it is done by his rights."""
    return by.id == (act.undo_by_id if act.undo_at else act.by_id)


def go_on(act_id: int, *, by: User) -> BulkAct:
    """Do, or undo, the next slice; nothing where nothing is left. Signed by the session's actor."""
    act = db.get(BulkAct, act_id, with_for_update=True, populate_existing=True)
    if act is None:
        raise NotFound(_("There is no such act."))
    if not is_running(act):
        return act
    if not may_go_on(act, by):
        raise NotAllowed(_("Only whoever began this goes on with it."))
    if not act.undo_at:
        bulk_parameters.check(act, by=by)
    size = min(SLICE, act.parameters.get("pace", SLICE))
    begun = perf_counter()
    ids = db.scalars(asked.waiting(act, size)).all()
    if ids:
        _slice(act, ids, by)
        pace = int(len(ids) * TAKES / max(perf_counter() - begun, 0.001))
        act.parameters = {**act.parameters, "pace": min(SLICE, max(SMALLEST, pace))}
    if len(ids) < size or not act.left:
        act.left = 0
        if act.undo_at:
            act.undone_at = clock.now()
        else:
            act.finished_at = clock.now()
    db.flush()
    return act


def _slice(act: BulkAct, ids: Sequence[int], by: User) -> None:
    """The ends of the chains are locked first, in order, as every other change of a client does it."""
    heads = select(JournalHead.id).where(JournalHead.chain.in_(ids)).order_by(JournalHead.chain)
    db.execute(heads.with_for_update()).all()
    rows = db.execute(asked.slice_of(act, by, ids)).all()
    due = BulkVerdict.undone if act.undo_at else BulkVerdict.done
    changes = {row.id: _change(act, row) for row in rows if row.verdict == due.value}
    told = WRITERS[act.kind](db(), act, [each for each in changes.values() if each.old != each.new])
    for event in told:
        event.data["bulk_act"] = [act.id, None] if act.undo_at else [None, act.id]
    journal.write(db(), told)
    db.connection().execute(_KEEP, [_kept(act, row, changes.get(row.id)) for row in rows])
    counts = Counter(act.counts)
    counts.subtract(row.was.value for row in rows)
    counts.update(row.verdict for row in rows)
    act.counts = {word: number for word, number in counts.items() if number}
    act.reached, act.left = ids[-1], max(0, act.left - len(ids))
    _forget(set(ids))


def _change(act: BulkAct, row: Any) -> Change:
    """From where the client stands to where the act, or its undoing, would have it."""
    back = act.undo_at is not None
    old, new = row.standing, row.before_id if back else act.target_id
    if act.kind in {BulkKind.tag, BulkKind.untag}:
        old, new = bool(old), (act.kind is BulkKind.tag) is not back
    elif act.kind is BulkKind.archive:
        new = None if back else clock.now()
    elif act.kind is BulkKind.restore:
        new = row.archived_at if back else None
    elif act.kind is BulkKind.plan:  # the curator stands; what is new is a row, made or called off
        old, new = None, row.made_id if back else True
    return Change(row.client_id, old, new, row.standing)


def _kept(act: BulkAct, row: Any, change: Change | None) -> dict[str, Any]:
    kept: dict[str, Any] = {
        "before_id": row.before_id,
        "archived_at": row.archived_at,
        "made_id": row.made_id,
    }
    if change and not act.undo_at:
        if act.kind in asked.COLUMNS:
            kept["before_id"] = change.old
        if act.kind in {BulkKind.archive, BulkKind.restore}:
            kept["archived_at"] = change.new or change.old
        kept["made_id"] = change.made
    return {
        "row": row.id,
        "new_verdict": BulkVerdict(row.verdict),
        **{f"new_{key}": kept[key] for key in kept},
    }


def _forget(client_ids: set[int]) -> None:
    """Clients of the slice that this session has loaded are read anew when they are next looked at."""
    for row in list(db.identity_map.values()):
        if isinstance(row, Client) and row.id in client_ids:
            db.expire(row)
