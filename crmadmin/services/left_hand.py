"""The left hand knows: whoever speaks with somebody else's client, the curator is told, whatever the door.

So is he whose plan another moves or calls off.
And a client who has to tell its open task to a second and a third of us is a hint, then an alarm.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from crmadmin.core import clock
from crmadmin.core.db import actor_of
from crmadmin.core.permissions import Permission, roles_with
from crmadmin.queries.tasks import open_tasks
from crmadmin.queries.told_to import told_their_task
from crmadmin.services import department, notices
from crmadmin.services.notices import Telling
from models import Client, ClientTask, Interaction, User
from models.kinds import InteractionState, NoticeKind, Role

HINT = 2  # colleagues a client has told its task to, without a proposal or a decision; so many are an alarm:
ALARM = department.COLLEAGUES
NEWS = timedelta(days=14)  # what is older is history, and nobody is waked by it

HEADS = [role for role in roles_with(Permission.curators_change) if role is not Role.admin]


@event.listens_for(Session, "after_flush")
def _remember(session: Session, _context: UOWTransaction) -> None:
    """The notices themselves are written after the flush: they need rows, and rows have ids only then."""
    fresh = [row for row in session.new if isinstance(row, Interaction) and _is_news(row)]
    fresh += [row for row in session.dirty if isinstance(row, Interaction) and _became_held(row)]
    session.info.setdefault("spoken", []).extend(fresh)
    moved = [_of_plan(row) for row in session.dirty if isinstance(row, Interaction)]
    session.info.setdefault("plans_changed", []).extend(filter(None, moved))


@event.listens_for(Session, "after_flush_postexec")
def _tell(session: Session, _context: UOWTransaction) -> None:
    spoken: list[Interaction] = session.info.pop("spoken", [])
    told = [said for row in spoken for said in _to_curator(session, row)]
    if (changed := session.info.pop("plans_changed", [])) and (actor := actor_of(session).id):
        by = session.get(User, actor)
        told += [said for row, what in changed for said in _to_its_person(row, what, by)]
    if spoken:
        told += _of_tasks(session, spoken)
    if told:
        notices.put(session, told)


def _is_news(row: Interaction) -> bool:
    return row.state is InteractionState.held and row.happened_at > clock.now() - NEWS


def _became_held(row: Interaction) -> bool:
    return bool(inspect(row).attrs.state.history.deleted) and _is_news(row)


def _to_curator(session: Session, row: Interaction) -> list[Telling]:
    """Whoever wrote it down decides: what another writes in the curator's name is news to him, too."""
    client: Client = row.client
    wrote = _who_writes(session, row)
    if client.curator_id in (None, wrote.id):
        return []
    said = {"person": row.person.name, "in_your_name": row.person_id == client.curator_id}
    kind = NoticeKind.recorded_with_yours
    return _of_row(row, client.curator, kind, f"recorded-{row.id}", by=wrote, data=said)


def _of_plan(row: Interaction) -> tuple[Interaction, dict[str, Any]] | None:
    """What is told of a plan that is moved or called off; nothing of one that goes to somebody else."""
    attrs = inspect(row).attrs
    was = attrs.state.history.deleted[0] if attrs.state.history.deleted else row.state
    if was is not InteractionState.planned or attrs.person_id.history.deleted:
        return None
    before = attrs.happened_at.history.deleted[0] if attrs.happened_at.history.deleted else row.happened_at
    if row.state is InteractionState.cancelled:
        return row, {"at": before.isoformat(), "why": row.cancel_reason}
    if row.state is InteractionState.planned and before != row.happened_at:
        return row, {"at": before.isoformat(), "to": row.happened_at.isoformat()}
    return None


def _to_its_person(row: Interaction, said: dict[str, Any], by: User | None) -> list[Telling]:
    key = f"plan-{row.id}-{clock.now():%Y%m%d%H%M%S}"
    return _of_row(row, row.person, NoticeKind.plan_changed, key, by=by, data=said)


def _of_row(
    row: Interaction, to: User | None, kind: NoticeKind, key: str, *, by: User | None, data: dict[str, Any]
) -> list[Telling]:
    named = {"kind": {"ru": row.kind.name_ru, "en": row.kind.name_en or row.kind.name_ru}}
    about: dict[str, Any] = {"client": row.client, "subject": "interaction", "subject_id": row.id}
    return notices.telling([to], kind, key, by=by, data=named | data, **about)


def _who_writes(session: Session, row: Interaction) -> User:
    """Whoever acts; where the program itself does, an import or a job, whoever the row says."""
    actor = actor_of(session).id
    return (session.get(User, actor) if actor else None) or row.recorded_by


def _of_tasks(session: Session, spoken: Sequence[Interaction]) -> Iterator[Telling]:
    """Of each client once, however many of its rows were written in one go."""
    clients = {row.client_id: row.client for row in spoken}
    for task in session.scalars(open_tasks(list(clients))).all():
        if task.proposed_at is None:
            yield from _of_task(session, task, clients[task.client_id])


def _of_task(session: Session, task: ClientTask, client: Client) -> list[Telling]:
    number = len(list(session.scalars(told_their_task(task))))
    tell = partial(
        notices.telling, client=client, subject="client_task", subject_id=task.id, data={"number": number}
    )
    alarm = department.value_of(ALARM)
    if number >= alarm:
        heads = session.scalars(select(User).where(User.role.in_(HEADS), User.active)).all()
        return tell([client.curator, *heads], NoticeKind.told_three, f"told-{alarm}-{task.id}")
    if number == HINT:
        return tell([client.curator], NoticeKind.told_two, f"told-{HINT}-{task.id}")
    return []
