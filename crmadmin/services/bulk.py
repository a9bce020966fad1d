"""One act on many clients: begun as a whole, done slice by slice, undone as a whole.

A slice is one transaction, so small that nobody else waits long for his turn to write; up to ``SLICE``
clients the whole act is one. What an interrupted act has left is done, or what it has done is undone, later.
"""

from collections import Counter
from collections.abc import Sequence
from time import perf_counter
from typing import Any

from sqlalchemy import func, insert, literal, select
from sqlalchemy.exc import IntegrityError

from crmadmin.core import clock, turns
from crmadmin.core.db import actor_of, db
from crmadmin.core.errors import DomainError, NotAllowed, NotFound
from crmadmin.core.i18n import _
from crmadmin.core.many_rows import expect_many, sort_in, update_rows
from crmadmin.core.sql import among
from crmadmin.queries import bulk as asked
from crmadmin.queries.bulk import Criteria
from crmadmin.services import (
    bulk_parameters,
    bulk_plans,
    bulk_undo,
    grouping_moves,
    handed_over,
    journal,
)
from crmadmin.services.bulk_changes import WRITERS, Change
from models import BulkAct, BulkRow, Client, Interaction, JournalHead, User
from models.kinds import BulkKind, BulkVerdict

SLICE = 1_000  # clients at most: what a form with so many ticks does is one transaction
FIRST = 300  # of a longer act, before its pace is known
SMALLEST = 100
LOOKED_AT = 4_000  # of the rules of groups: most clients stay where they are, and cost little
_WORKINGS = {"pace", "dealt"}  # parameters nobody has chosen
PAUSES = {"sqlite": 0.12, "postgresql": 0.02}  # seconds between slices: who waits for SQLite looks every 0.1
TAKES = 0.35  # seconds a slice is meant to take, on this machine as it is now: others wait for their turn

_ROW: Any = BulkRow.__table__
_CLIENT: Any = Client.__table__
_PLAN: Any = Interaction.__table__

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


def begin(act: BulkAct, found: Criteria, *, shown: str | None = None, by: User) -> BulkAct:
    """Keep the act, and which clients it is about; the same form sent twice is one act.

    ``shown``: how many clients it was said to change, where that was said; another number begins nothing.
    """
    bulk_parameters.check(act, by=by)
    if known := keep(act, by=by):
        return known
    expect_many(db())
    which = select(literal(act.id), Client.id, literal(BulkVerdict.waiting.value)).where(*found)
    put = insert(_ROW).from_select(["act_id", "client_id", "verdict"], which.order_by(Client.id))
    db.connection().execute(put)
    act.total = act.left = db.scalar(select(func.count()).where(BulkRow.act_id == act.id)) or 0
    act.counts = {BulkVerdict.waiting.value: act.total}
    if not act.total:
        raise DomainError(_("There is no such client any more."))
    bulk_plans.check_spread(act)
    if shown is not None:
        check_shown([act], shown, by=by)
    return act


def keep(act: BulkAct, *, by: User | None) -> BulkAct | None:
    """Sign and keep an act before anything is done; or say which one the same form has made already."""
    if known := _of_key(act.key, by):
        return known
    actor = actor_of(db())
    act.at, act.by_id, act.by_name = clock.now(), by and by.id, by.name if by else actor.name
    act.total = act.left = act.reached = 0
    act.counts = {}
    try:
        with db.begin_nested():
            db.add(act)
    except IntegrityError:  # the other click came first
        if known := _of_key(act.key, by):
            return known
        raise
    return None


def check_shown(acts: Sequence[BulkAct], shown: str, *, by: User) -> None:
    """DomainError where these, begun together, would change another number of clients than was said."""
    due = sum(preview(act, _these(act), by=by).get(BulkVerdict.done, 0) for act in acts)
    if shown != str(due):
        said = _(
            "It would change %(due)s clients now, not %(shown)s as you were shown: look again.",
            due=due,
            shown=shown[:9],
        )
        raise DomainError(said)


def _these(act: BulkAct) -> Criteria:
    return [Client.id.in_(select(BulkRow.client_id).where(BulkRow.act_id == act.id))]


def _of_key(key: str, by: User | None) -> BulkAct | None:
    known = db.scalar(select(BulkAct).where(BulkAct.key == key))
    if known is not None and known.by_id != (by and by.id):
        raise NotAllowed(_("This act is somebody else's."))
    return known


def is_running(act: BulkAct) -> bool:
    """Something is left to do, or to undo."""
    return act.undone_at is None if act.undo_at else act.finished_at is None


def pause() -> float:
    """Seconds until the next slice may be asked for: in these, others take their turn."""
    return PAUSES[db.get_bind().dialect.name]


def may_go_on(act: BulkAct, by: User | None) -> bool:
    """Whoever began an act goes on with it: it is done by his rights. Its undoing: whoever may undo it.

    So what somebody has left half undone, and left, is no dead end. The rules are everybody's who may change
    them, and the program's.
    """
    if act.kind is BulkKind.rules and not act.undo_at:
        return by is None or bulk_parameters.may(act.kind, by)
    if by is None:
        return False
    return bulk_undo.may(act, by) if act.undo_at else by.id == act.by_id


def go_on(act_id: int, *, by: User | None) -> BulkAct:
    """Do, or undo, the next slice; nothing where nothing is left. Signed by the session's actor."""
    act = db.get(BulkAct, act_id, with_for_update=True, populate_existing=True)
    if act is None:
        raise NotFound(_("There is no such act."))
    if not is_running(act):
        return act
    if not may_go_on(act, by):
        raise NotAllowed(_("Only whoever began this goes on with it."))
    if not act.undo_at:
        bulk_parameters.check_rights(act, by=by)
    is_first = not act.reached
    _paced_slice(act, by)
    if not act.left:
        _finish(act)
    db.flush()
    if is_first:
        _tell(act)
    return act


def _paced_slice(act: BulkAct, by: User | None) -> None:
    """As many clients as the last slice says can be done in the time that others may have to wait."""
    looks = act.kind is BulkKind.rules and not act.undo_at
    most = LOOKED_AT if looks else SLICE
    size = min(most, act.parameters.get("pace", SLICE if act.left <= SLICE else FIRST))
    begun = perf_counter()
    ids = db.scalars(asked.waiting(act, size)).all()
    if ids:
        (_look_through if looks else _slice)(act, ids, by)
        pace = int(len(ids) * TAKES / max(perf_counter() - begun, 0.001))
        act.parameters = {**act.parameters, "pace": min(most, max(SMALLEST, pace))}
    if len(ids) < size:
        act.left = 0


def _tell(act: BulkAct) -> None:
    """The act, or its undoing, is told with its first slice.

    And after it: whoever waits for a client holds no chain that everybody else writes into.
    """
    said: dict[str, Any] = {"kind": act.kind.value}
    if act.undo_at:
        data = {"bulk_act": [act.id, None], **{name: [value, None] for name, value in said.items()}}
    else:
        chosen = {name: value for name, value in act.parameters.items() if name not in _WORKINGS}
        said |= {"target_id": act.target_id, "parameters": chosen, "address": act.address, "total": act.total}
        data = {name: [None, value] for name, value in said.items() if value not in (None, "")}
    word = "bulk_undone" if act.undo_at else "bulk_begun"
    journal.note(db, word, data, subject="bulk_act", subject_id=act.id)


def _finish(act: BulkAct) -> None:
    act.left = 0
    if act.undo_at:
        act.undone_at = clock.now()
    else:
        act.finished_at = clock.now()
    if act.kind is BulkKind.curator:
        handed_over.tell(act)


def _look_through(act: BulkAct, ids: Sequence[int], by: User | None) -> None:
    """Those of these clients whom the rules move are rows of the act from now on, and are moved."""
    left = act.left
    if moving := grouping_moves.pick(act, ids):
        act.counts = {**act.counts, BulkVerdict.waiting.value: len(moving)}
        _slice(act, moving, by)
    act.reached, act.left = ids[-1], max(0, left - len(ids))
    _sort_in(act, 0)


def _slice(act: BulkAct, ids: Sequence[int], by: User | None) -> None:
    """The ends of the chains are locked first, in order, as every other change of a client does it."""
    turns.alongside(db(), turns.MANY_CLIENTS)
    expect_many(db())
    heads = select(JournalHead.id).where(among(JournalHead.chain, ids)).order_by(JournalHead.chain)
    db.execute(heads.with_for_update()).all()
    rows = db.execute(asked.slice_of(act, by, ids)).all()
    due = BulkVerdict.undone if act.undo_at else BulkVerdict.done
    changes = {row.id: _change(act, row) for row in rows if row.verdict == due.value}
    told = WRITERS[act.kind](db(), act, [each for each in changes.values() if each.old != each.new])
    which = [act.id, None] if act.undo_at else [None, act.id]  # one for all: it is put into words once
    for event in told:
        event.data["bulk_act"] = which
    journal.write(db(), told)
    update_rows(db(), _ROW, "id", [_kept(act, row, changes.get(row.id)) for row in rows])
    counts = Counter(act.counts)
    counts.subtract(row.was.value for row in rows)
    counts.update(row.verdict for row in rows)
    act.counts = {word: number for word, number in counts.items() if number}
    act.reached, act.left = ids[-1], max(0, act.left - len(ids))
    _sort_in(act, len(told))
    _forget(set(ids))


def _sort_in(act: BulkAct, changed: int) -> None:
    """What changed clients are found by; a few hundred cost as much as a thousand, so these wait for more."""
    waiting = act.parameters.get("unsorted", 0) + changed
    if waiting >= SLICE or not act.left:
        sort_in(db(), _CLIENT, _PLAN)
        waiting = 0
    act.parameters = {**act.parameters, "unsorted": waiting}


def _change(act: BulkAct, row: Any) -> Change:
    """From where the client stands to where the act, or its undoing, would have it."""
    back = act.undo_at is not None
    old, new = row.standing, row.before_id if back else row.given_id or act.target_id
    if act.kind in {BulkKind.tag, BulkKind.untag}:
        old, new = bool(old), (act.kind is BulkKind.tag) is not back
    elif act.kind is BulkKind.archive:
        new = None if back else clock.now()
    elif act.kind is BulkKind.restore:
        new = row.archived_at if back else None
    elif act.kind is BulkKind.plan:  # the curator stands; what is new is a row, made or called off
        old, new = None, row.made_id if back else True
    return Change(row.client_id, old, new, row.standing, carried=row.carried, promised=row.promised,
                  given=row.given)  # fmt: skip


def _kept(act: BulkAct, row: Any, change: Change | None) -> dict[str, Any]:
    kept: dict[str, Any] = {
        "id": row.id,
        "verdict": BulkVerdict(row.verdict),
        "before_id": row.before_id,
        "archived_at": row.archived_at,
        "made_id": row.made_id,
        "carried": row.carried,
        "promised": row.promised,
        "given": row.given,
    }
    if change and not act.undo_at:
        if act.kind in asked.COLUMNS:
            kept["before_id"] = change.old
        if act.kind in {BulkKind.archive, BulkKind.restore}:
            kept["archived_at"] = change.new or change.old
        kept["made_id"], kept["given"] = change.made, change.given
        kept["carried"], kept["promised"] = change.carried, change.promised
    return kept


def _forget(client_ids: set[int]) -> None:
    """Clients of the slice that this session has loaded are read anew when they are next looked at."""
    for row in list(db.identity_map.values()):
        if isinstance(row, Client) and row.id in client_ids:
            db.expire(row)
