"""Planned contacts for many clients: at one moment, or so many a working day."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from crmadmin.core import clock, i18n
from crmadmin.core.db import actor_of, db
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from models import BulkAct, BulkRow, Client, Interaction
from models.kinds import Direction, InteractionState

FRIDAY = 4
MOST_DAYS = 260  # working days of a year


def make(session: Session, act: BulkAct, clients: Sequence[tuple[int, int | None]]) -> list[int]:
    """A plan for each (client, curator), in order; returns their ids."""
    asked, by_id = act.parameters, act.by_id or 0
    first = datetime.fromisoformat(asked["at"])
    dealt: Counter[str] = Counter(asked.get("dealt", {}))
    rows: list[Interaction] = []
    for client_id, curator_id in clients:
        person_id = curator_id if asked.get("whose") == "curator" and curator_id else by_id
        at = _moment(first, dealt[str(person_id)], asked.get("per_day"))
        dealt[str(person_id)] += 1
        rows.append(
            Interaction(
                client_id=client_id, kind_id=act.target_id, person_id=person_id, recorded_by_id=by_id,
                state=InteractionState.planned, direction=Direction.outgoing, happened_at=at,
                planned_for=at, recorded_at=clock.now(), note=asked.get("note", ""),
            )
        )  # fmt: skip
    act.parameters = {**asked, "dealt": dict(dealt)}
    session.add_all(rows)
    session.flush()
    made = [row.id for row in rows]
    for row in rows:
        session.expunge(row)
    return made


def check_spread(act: BulkAct) -> None:
    """So few a day that somebody's last one is years away is a slip of the finger."""
    if not (per_day := act.parameters.get("per_day")):
        return
    whose = Client.curator_id if act.parameters.get("whose") == "curator" else literal(0)
    asked = select(func.count()).join(Client, Client.id == BulkRow.client_id).where(BulkRow.act_id == act.id)
    most = max(db.scalars(asked.group_by(whose)).all(), default=0)
    if most > per_day * MOST_DAYS:
        raise DomainError(_("That would go on for more than a year: plan more a day."), field="per_day")


def _moment(first: datetime, number: int, per_day: int | None) -> datetime:
    """When somebody's contact of that number is due: so many a working day, at the same time of day."""
    there = i18n.local(first)
    if not per_day or number < per_day:
        return first
    start = there.date() - timedelta(days=max(0, there.weekday() - FRIDAY))  # a weekend's are one day's, too
    weeks, days = divmod(start.weekday() + number // per_day, FRIDAY + 1)
    day = start - timedelta(days=start.weekday()) + timedelta(weeks=weeks, days=days)
    return datetime.combine(day, there.time(), there.tzinfo)


def call_off(session: Session, act: BulkAct, ids: Sequence[int]) -> None:
    """The plans stay as rows that came to nothing: nothing is deleted here."""
    rows = session.scalars(select(Interaction).where(Interaction.id.in_(ids))).all()
    for row in rows:
        row.state = InteractionState.cancelled
        row.cancel_reason = _("Undone by %(name)s, with the whole act.", name=actor_of(session).name)
    session.flush()
    for row in rows:
        session.expunge(row)
