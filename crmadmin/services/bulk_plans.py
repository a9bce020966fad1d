"""Planned contacts for many clients: at one moment, or so many a working day; and calling them off again.

Past the flush, so the events, the texts they are found by and the clients' next contacts are kept here.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from crmadmin.core import clock, i18n
from crmadmin.core.db import actor_of, db
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.core.many_rows import insert_rows
from crmadmin.core.sql import among
from crmadmin.queries.contacts import next_contacts
from crmadmin.rules import working_days
from crmadmin.services.journal import Event
from crmadmin.services.journal_changes import Names
from crmadmin.services.searchable import texts
from models import BulkAct, BulkRow, Client, Interaction
from models.kinds import Direction, InteractionState

_CLIENT: Any = Client.__table__
_PLAN: Any = Interaction.__table__
Named = dict[int, dict[str, Any]]

_PLANNED, _CANCELLED = InteractionState.planned, InteractionState.cancelled


def make(session: Session, act: BulkAct, clients: Sequence[tuple[int, int | None]]) -> list[Event]:
    """A plan for each (client, curator), in order: its event tells its number."""
    rows = _rows(act, clients)
    if not rows:
        return []
    ids = {row.client_id: row.id for row in insert_rows(session, _PLAN, rows, "client_id", "id")}
    _bring_forward(session, rows)
    names = Names(session)
    people = names.of("app_user", {row[role] for row in rows for role in ("person_id", "recorded_by_id")})
    kinds = names.of("interaction_kind", {row["kind_id"] for row in rows})
    alike = {(row["person_id"], row["happened_at"]): _planned(row, people, kinds) for row in rows}
    return [
        Event(
            kind="interaction_planned",
            subject="interaction",
            subject_id=ids[row["client_id"]],
            client_id=row["client_id"],
            data=dict(alike[row["person_id"], row["happened_at"]]),
            happened_at=row["happened_at"],
        )
        for row in rows
    ]


def _rows(act: BulkAct, clients: Sequence[tuple[int, int | None]]) -> list[dict[str, Any]]:
    asked, by_id, note = act.parameters, act.by_id or 0, str(act.parameters.get("note", ""))
    first = datetime.fromisoformat(asked["at"])
    dealt: Counter[str] = Counter(asked.get("dealt", {}))
    rows: list[dict[str, Any]] = []
    same: dict[str, Any] = {
        "kind_id": act.target_id, "recorded_by_id": by_id, "state": _PLANNED, "direction": Direction.outgoing,
        "recorded_at": clock.now(), "note": note, "search_text": texts(note),
    }  # fmt: skip
    for client_id, curator_id in clients:
        person_id = curator_id if asked.get("whose") == "curator" and curator_id else by_id
        at = _moment(first, dealt[str(person_id)], asked.get("per_day"))
        dealt[str(person_id)] += 1
        whose = {"client_id": client_id, "person_id": person_id}
        rows.append({**same, **whose, "happened_at": at, "planned_for": at})
    act.parameters = {**asked, "dealt": dict(dealt)}
    return rows


def _planned(row: dict[str, Any], people: Named, kinds: Named) -> dict[str, list[Any]]:
    """As the flush tells of a plan that is made by its form."""
    return {
        "kind_id": [None, kinds[row["kind_id"]]],
        "person_id": [None, people[row["person_id"]]],
        "recorded_by_id": [None, people[row["recorded_by_id"]]],
        **{name: [None, row[name]] for name in ("state", "direction", "happened_at", "planned_for")},
        **({"note": [None, row["note"]]} if row["note"] else {}),
    }


def _bring_forward(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """A client's next contact is its earliest plan: one more can only make it earlier."""
    moments: dict[datetime, list[int]] = defaultdict(list)
    for row in rows:
        moments[row["happened_at"]].append(row["client_id"])
    for at, ids in moments.items():
        later = or_(_CLIENT.c.next_contact_at.is_(None), _CLIENT.c.next_contact_at > at)
        where = among(_CLIENT.c.id, ids) & later
        session.connection().execute(update(_CLIENT).where(where).values(next_contact_at=at))


def check_spread(act: BulkAct) -> None:
    """So few a day that somebody's last one is years away is a slip of the finger."""
    if not (per_day := act.parameters.get("per_day")):
        return
    most = act.total
    if act.parameters.get("whose") == "curator":
        asked = select(func.count()).select_from(BulkRow).join(Client, Client.id == BulkRow.client_id)
        of_each = asked.where(BulkRow.act_id == act.id).group_by(Client.curator_id)
        most = max(db.scalars(of_each).all(), default=0)
    if most > per_day * working_days.IN_A_YEAR:
        raise DomainError(_("That would go on for more than a year: plan more a day."), field="per_day")


def _moment(first: datetime, number: int, per_day: int | None) -> datetime:
    """When somebody's contact of that number is due: so many a working day, at the same time of day."""
    there = i18n.local(first)
    if not per_day:
        return first
    day = working_days.working_day(there.date(), number // per_day)
    return datetime.combine(day, there.time(), there.tzinfo)


def call_off(session: Session, ids: Sequence[int]) -> list[Event]:
    """The plans stay, as rows that came to nothing: nothing is deleted here."""
    if not ids:
        return []
    reason = _("undone by %(name)s, with the whole act", name=actor_of(session).name)[:500]
    asked = select(_PLAN.c.id, _PLAN.c.client_id, _PLAN.c.happened_at, _PLAN.c.cancel_reason)
    plans = session.execute(asked.where(among(_PLAN.c.id, ids))).all()
    gone = update(_PLAN).where(among(_PLAN.c.id, ids)).values(state=_CANCELLED, cancel_reason=reason)
    session.connection().execute(gone)
    _look_anew(session, [plan.client_id for plan in plans])
    return [
        Event(
            "interaction_cancelled", "interaction", plan.id, plan.client_id,
            {"state": [_PLANNED, _CANCELLED], "cancel_reason": [plan.cancel_reason, reason]},
            plan.happened_at,
        )
        for plan in plans
    ]  # fmt: skip


def _look_anew(session: Session, client_ids: Sequence[int]) -> None:
    """What is the next contact now that some plans are gone."""
    asked = next_contacts().where(among(Interaction.client_id, client_ids))
    left = {client_id: at for client_id, at in session.execute(asked)}  # noqa: C416
    moments: dict[datetime | None, list[int]] = defaultdict(list)
    for client_id in client_ids:
        moments[left.get(client_id)].append(client_id)
    for at, ids in moments.items():
        session.connection().execute(
            update(_CLIENT).where(among(_CLIENT.c.id, ids)).values(next_contact_at=at)
        )
