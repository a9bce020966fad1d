"""What somebody had planned with a client goes along to its new curator: told plan by plan."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crmadmin.services.journal import Event
from crmadmin.services.journal_changes import Names
from models import Interaction, RecurringPlan
from models.kinds import InteractionState

_PLAN: Any = Interaction.__table__
_SERIES: Any = RecurringPlan.__table__

Moves = Mapping[int, tuple[int, int]]
"""Of each client the former and the new curator."""


def carry(
    session: Session, moves: Moves, *, only: Collection[int] | None = None, reason: str = ""
) -> tuple[dict[int, list[int]], list[Event]]:
    """Move the former curators' plans with these clients, or ``only`` those: (ids by client, events).

    Past the flush, as the change of the curator itself: the caller keeps the events.
    """
    told = (_PLAN.c.id, _PLAN.c.client_id, _PLAN.c.person_id, _PLAN.c.happened_at, _PLAN.c.series_id)
    asked = select(*told).where(_PLAN.c.client_id.in_(list(moves)), _PLAN.c.state == InteractionState.planned)
    found = session.execute(asked.order_by(_PLAN.c.client_id, _PLAN.c.happened_at, _PLAN.c.id)).all()
    plans = [
        plan for plan in found
        if plan.person_id == moves[plan.client_id][0] and (only is None or plan.id in only)
    ]  # fmt: skip
    _give(session, Interaction, plans, moves)
    moved: dict[int, list[int]] = defaultdict(list)
    for plan in plans:
        moved[plan.client_id].append(plan.id)
    names = Names(session).of("app_user", {person for pair in moves.values() for person in pair})
    why = {"reason": [None, reason]} if reason else {}
    events = [
        Event(
            "plan_changed", "interaction", plan.id, plan.client_id,
            {"person_id": [names[each] for each in moves[plan.client_id]], **why}, plan.happened_at,
        )
        for plan in plans
    ]  # fmt: skip
    return dict(moved), [*events, *_carry_what_comes_again(session, plans, moves, names)]


def _carry_what_comes_again(session: Session, plans: Any, moves: Moves, names: Any) -> list[Event]:
    """A plan that comes again takes its series along: else all that is to come would stay the former's."""
    asked = select(_SERIES.c.id, _SERIES.c.client_id, _SERIES.c.person_id).where(
        _SERIES.c.id.in_([plan.series_id for plan in plans if plan.series_id is not None])
    )
    found = [
        row
        for row in session.execute(asked.order_by(_SERIES.c.id))
        if row.person_id == moves[row.client_id][0]
    ]
    _give(session, RecurringPlan, found, moves)
    return [
        Event(
            "recurring_changed", "recurring_plan", row.id, row.client_id,
            {"person_id": [names[each] for each in moves[row.client_id]]},
        )
        for row in found
    ]  # fmt: skip


def _give(
    session: Session, entity: type[Interaction] | type[RecurringPlan], rows: Sequence[Any], moves: Moves
) -> None:
    """Rows of (id, client_id, …) become the new curators'; what this session has loaded says so at once."""
    table: Any = entity.__table__
    to: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        to[moves[row.client_id][1]].append(row.id)
    for person_id, ids in to.items():
        session.connection().execute(update(table).where(table.c.id.in_(ids)).values(person_id=person_id))
    given = {row.id for row in rows}
    for row in list(session.identity_map.values()) if given else ():
        if isinstance(row, entity) and row.id in given:
            session.expire(row, ["person_id", "person"])
