"""What somebody has let go, so that it is an alarm: silent clients, broken promises, problems told again and
again, requests without an answer. None of it runs.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, literal, or_, select
from sqlalchemy.orm import joinedload

from crmadmin.core.db import Rows
from crmadmin.core.i18n import today
from crmadmin.core.permissions import Permission, roles_with
from crmadmin.queries.contacts import is_contact, rhythm_days, silence, silent_days, silent_since
from crmadmin.queries.requests import is_unanswered
from models import (
    Absence,
    Alarm,
    Client,
    ClientGroup,
    ClientTask,
    CuratorPeriod,
    Interaction,
    Promise,
    SilenceTalk,
    User,
)
from models.kinds import AlarmKind, PromiseSide, PromiseState

SHOWN = 10  # of what stands behind an alarm; it says how many there are
KEY = "key"  # the group whose clients are told one by one
TAKEN_OVER = timedelta(days=14)  # in which nobody is asked about what another has let go

# Who is asked: whoever sells, and is with us.
is_asked = and_(User.active, User.role.in_(roles_with(Permission.alarms_see)))


def _numbered(person: Any, of: Any, *order: Any) -> tuple[Any, Any]:
    """(how many there are of that person and part, the place among them)."""
    parts = [person, of]
    return (
        func.count().over(partition_by=parts).label("many"),
        func.row_number().over(partition_by=parts, order_by=order).label("place"),
    )


def _first(asked: Any, most: int) -> Rows:
    found = asked.subquery()
    return select(found).where(found.c.place <= most).order_by(found.c.person, found.c.place)


def silent(at: datetime, percent: int, alone: int) -> Rows:
    """(person, client, its name, days, rhythm, whether it is a key client, many, place), the longest first.

    Not those that the head has asked about already, or lets be: until the day of the answer is past, and
    until somebody speaks with them again. Nor those that the curator took over lately.
    """
    quiet = silence(at)
    is_key = Client.group_id.in_(select(ClientGroup.id).where(ClientGroup.code == KEY))
    dealt_with = exists().where(
        SilenceTalk.client_id == Client.id,
        or_(
            and_(
                SilenceTalk.closed_at.is_(None),
                or_(SilenceTalk.act_on.is_(None), SilenceTalk.act_on >= today()),
            ),
            and_(SilenceTalk.waiver != "", SilenceTalk.opened_at >= silent_since()),
        ),
    )
    lately = exists().where(
        CuratorPeriod.client_id == Client.id,
        CuratorPeriod.ended_at > at - TAKEN_OVER,
        CuratorPeriod.curator_id != Client.curator_id,
    )
    many, place = _numbered(Client.curator_id, is_key, quiet.desc(), Client.id)
    asked = select(
        Client.curator_id.label("person"), Client.id.label("client"), Client.name,
        silent_days(at).label("days"), rhythm_days().label("rhythm"), is_key.label("is_key"), many, place,
    )  # fmt: skip
    asked = asked.join(User, User.id == Client.curator_id)
    here = (is_asked, Client.archived_at.is_(None))
    asked = asked.where(*here, quiet > percent / 100, ~dealt_with, ~lately)
    return _first(asked, max(SHOWN, alone))


def broken(at: datetime, days: int, since: datetime) -> Rows:
    """(person, promise, its text, due, settled, client, its name) of what we promised and did not keep.

    Said to be broken since then, or overdue for so many days; not what fell due while he was away. The
    oldest first.
    """
    late = timedelta(days=days)
    is_broken = and_(Promise.state == PromiseState.broken, Promise.settled_at > since)
    is_late = and_(
        Promise.state == PromiseState.open, Promise.due_at <= at - late, Promise.due_at > since - late
    )
    away = exists().where(
        Absence.person_id == Promise.person_id,
        Absence.cancelled_at.is_(None),
        Absence.starts_at <= Promise.due_at,
        Absence.ends_at > Promise.due_at,
    )
    asked = select(
        Promise.person_id.label("person"), Promise.id.label("promise"), Promise.text,
        Promise.due_at.label("due"), Client.id.label("client"), Client.name,
        Promise.settled_at,
    )  # fmt: skip
    asked = asked.join(Client, Client.id == Promise.client_id).join(User, User.id == Promise.person_id)
    asked = asked.where(is_asked, Promise.side == PromiseSide.ours, or_(is_broken, is_late), ~away)
    return asked.order_by(Promise.person_id, Promise.due_at, Promise.id)


def told_many(colleagues: int) -> Select[ClientTask]:
    """Open tasks, nothing proposed, of clients to whom so many of us have spoken since, or one less: whoever
    wrote the task down may be another one."""
    spoken = (
        select(func.count(Interaction.person_id.distinct()))
        .where(
            Interaction.client_id == ClientTask.client_id,
            is_contact(),
            Interaction.happened_at >= ClientTask.opened_at,
        )
        .correlate(ClientTask)
        .scalar_subquery()
    )
    is_waiting = (ClientTask.closed_at.is_(None), ClientTask.proposed_at.is_(None))
    asked = select(ClientTask).where(*is_waiting, spoken >= colleagues - 1)
    return asked.options(joinedload(ClientTask.client).joinedload(Client.curator)).order_by(ClientTask.id)


def unanswered(before: datetime) -> Rows:
    """(person, record, what was asked, when, client, its name, many, place) of requests that wait.

    Since before that moment; the person is the client's curator, else whoever spoke. The oldest first.
    """
    person = func.coalesce(Client.curator_id, Interaction.person_id)
    many, place = _numbered(person, literal(1), Interaction.happened_at, Interaction.id)
    asked = select(
        person.label("person"), Interaction.id.label("record"), Interaction.request,
        Interaction.happened_at.label("at"), Client.id.label("client"), Client.name, many, place,
    )  # fmt: skip
    asked = asked.join(Client, Client.id == Interaction.client_id).join(User, User.id == person)
    return _first(asked.where(is_asked, is_unanswered, Interaction.happened_at < before), SHOWN)


def away_lately(at: datetime, since: datetime) -> Select[int, datetime, datetime]:
    """(person, from, until) of absences that go on, or ended since then."""
    asked = select(Absence.person_id, Absence.starts_at, Absence.ends_at)
    asked = asked.where(Absence.cancelled_at.is_(None), Absence.starts_at <= at, Absence.ends_at > since)
    return asked.order_by(Absence.id)


def names(person_ids: Collection[int]) -> Select[int, str]:
    return select(User.id, User.name).where(User.id.in_(person_ids)).order_by(User.name, User.id)


def told_of_promises(since: datetime) -> Select[str, datetime]:
    """(key, when it was raised last) of alarms of broken promises."""
    of = (Alarm.kind == AlarmKind.promise, Alarm.raised_at > since)
    return select(Alarm.key, func.max(Alarm.raised_at)).where(*of).group_by(Alarm.key)


def of_those_asked(person_ids: Collection[int]) -> Select[int]:
    return select(User.id).where(User.id.in_(person_ids), is_asked)
