"""How somebody's clients stood at a moment: coverage and silence. None of it runs.

A client's rhythm is the one it has now. Its curator, its last contact and whether it was archived are
those of the moment.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from crmadmin.core import sql
from crmadmin.core.db import Rows
from crmadmin.queries.contacts import is_contact, rhythm_days, silence
from crmadmin.rules.radar import ALARMING
from models import Client, ClientGroup, CuratorPeriod, Interaction, KpiMark, User
from models.base import UtcDateTime


def _last_contact(at: Any) -> ColumnElement[datetime | None]:
    """Before that moment. The one kept with the client is it, unless somebody has spoken since."""
    looked_up = (
        select(Interaction.happened_at)
        .where(Interaction.client_id == Client.id, is_contact(), Interaction.happened_at < at)
        .order_by(Interaction.happened_at.desc(), Interaction.id.desc())
        .limit(1)
        .correlate(Client, KpiMark)
        .scalar_subquery()
    )
    return case((Client.last_contact_at < at, Client.last_contact_at), else_=looked_up)


def _curated(at: Any) -> ColumnElement[bool]:
    """By the period that was open then: of a moment between two hands it is the one that ended there."""
    return and_(
        CuratorPeriod.started_at < at,
        or_(CuratorPeriod.ended_at.is_(None), CuratorPeriod.ended_at >= at),
        Client.created_at < at,
        or_(Client.archived_at.is_(None), Client.archived_at >= at),
    )


def _standing(marks: Collection[int]) -> Any:
    """(mark, client, silence at the mark's end, whether there was a contact) of each client with a rhythm."""
    last, rhythm = _last_contact(KpiMark.ends_at), rhythm_days()
    quiet = sql.days_between(func.coalesce(last, Client.created_at), KpiMark.ends_at) / rhythm
    return (
        select(
            KpiMark.id.label("mark"),
            Client.id.label("client"),
            quiet.label("silence"),
            last.is_not(None).label("spoken"),
        )
        .select_from(KpiMark)
        .join(CuratorPeriod, CuratorPeriod.curator_id == KpiMark.person_id)
        .join(Client, Client.id == CuratorPeriod.client_id)
        .where(KpiMark.id.in_(marks), _curated(KpiMark.ends_at), rhythm.is_not(None))
    )


def standing(marks: Collection[int]) -> Rows:
    """(mark, clients with a rhythm, those with a contact within it, silent ones, alarming ones)."""
    of = _standing(marks).cte().prefix_with("MATERIALIZED")  # else the last contact is looked up at each use
    return select(of.c.mark, *_measured(of.c.silence, of.c.spoken)).group_by(of.c.mark)


def standing_now(
    person_ids: Collection[int] | Select[int], groups: Iterable[ClientGroup], at: datetime
) -> Rows:
    """The same of people, now: from what is kept with the clients.

    In two parts, added up: those with the rhythm of their group, counted in the index of somebody's clients
    by group and last contact, where only those that count are read; and the few with a rhythm of their own.
    """
    found = union_all(_with_own_rhythm(at), *_by_group(groups, at)).subquery()
    person, *numbers = found.c
    # PostgreSQL would answer a sum of numbers with decimals
    asked = select(person, *(cast(func.sum(each), Integer).label(each.name) for each in numbers))
    return asked.where(person.in_(person_ids)).group_by(person)


def _with_own_rhythm(at: datetime) -> Rows:
    whose = func.coalesce(Client.curator_id, 0).label("person")  # else all clients are read for their order
    here = (Client.archived_at.is_(None), Client.rhythm_days.is_not(None))
    return (
        select(whose, *_measured(silence(at), Client.last_contact_at.is_not(None)))
        .where(*here)
        .group_by(whose)
    )


def _by_group(groups: Iterable[ClientGroup], at: datetime) -> list[Rows]:
    latest = [
        select(
            literal(each.id).label("group_id"),
            literal(at - timedelta(days=each.rhythm_days), UtcDateTime).label("silent"),
            literal(at - timedelta(days=each.rhythm_days * ALARMING), UtcDateTime).label("alarming"),
        )
        for each in groups
        if each.rhythm_days
    ]
    if not latest:
        return []
    of = union_all(*latest).cte("latest")
    theirs = (Client.curator_id == User.id, Client.group_id == of.c.group_id)
    his = select(func.count()).where(*theirs, Client.archived_at.is_(None), Client.rhythm_days.is_(None))
    his = his.correlate(User, of)
    spoken, never = Client.last_contact_at, Client.last_contact_at.is_(None)

    def longer_than(moment: Any) -> Any:
        lately = his.where(spoken < moment).scalar_subquery()
        return lately + his.where(never, Client.created_at < moment).scalar_subquery()

    return [
        select(
            User.id.label("person"),
            his.scalar_subquery().label("with_rhythm"),
            his.where(spoken >= of.c.silent).scalar_subquery().label("within"),
            longer_than(of.c.silent).label("silent"),
            longer_than(of.c.alarming).label("alarming"),
        ).join(of, true())
    ]


def curated_now(groups: Iterable[ClientGroup]) -> tuple[ColumnElement[bool], ...]:
    """Clients that have a rhythm and are not put away."""
    with_rhythm = [each.id for each in groups if each.rhythm_days]
    return (
        Client.archived_at.is_(None),
        or_(Client.group_id.in_(with_rhythm), Client.rhythm_days.is_not(None)),
    )


def past(groups: Iterable[ClientGroup], at: datetime, times: float = 1) -> ColumnElement[bool]:
    """Whether a client with a rhythm is silent for more than so many of it.

    Of one with the rhythm of its group, which nearly all have, two moments are compared: that is ten times as
    quick as to reckon how many rhythms ago the last contact was.
    """
    since = func.coalesce(Client.last_contact_at, Client.created_at)
    latest = {
        each.id: literal(at - timedelta(days=each.rhythm_days * times), UtcDateTime)
        for each in groups
        if each.rhythm_days
    }
    by_group = since < case(latest, value=Client.group_id) if latest else false()
    return case((Client.rhythm_days.is_(None), by_group), else_=silence(at) > times)


def _measured(quiet: Any, spoken: Any) -> tuple[Any, ...]:
    return (
        func.count().label("with_rhythm"),
        func.count().filter(spoken, quiet <= 1).label("within"),
        func.count().filter(quiet > 1).label("silent"),
        func.count().filter(quiet > ALARMING).label("alarming"),
    )


def clients_standing(person_ids: Collection[int], at: datetime, *, silent: bool | None) -> Rows:
    """(client, its curator then, silence, the last contact) behind the numbers, the longest silent first.

    ``silent`` False: those spoken to within their rhythm.
    """
    last, rhythm = _last_contact(at), rhythm_days()
    quiet = sql.days_between(func.coalesce(last, Client.created_at), at) / rhythm
    asked = select(
        Client.id.label("client"),
        CuratorPeriod.curator_id.label("person"),
        quiet.label("silence"),
        last.label("last_at"),
    ).join(CuratorPeriod, CuratorPeriod.client_id == Client.id)
    asked = asked.where(CuratorPeriod.curator_id.in_(person_ids), _curated(at), rhythm.is_not(None))
    if silent is not None:
        asked = asked.where(quiet > 1 if silent else and_(quiet <= 1, last.is_not(None)))
    return asked.order_by(quiet.desc(), Client.id)


def clients_standing_now(
    person_ids: Collection[int], groups: Sequence[ClientGroup], at: datetime, *, silent: bool | None
) -> Rows:
    """The same, now."""
    asked = select(
        Client.id.label("client"),
        Client.curator_id.label("person"),
        silence(at).label("silence"),
        Client.last_contact_at.label("last_at"),
    ).where(Client.curator_id.in_(person_ids), *curated_now(groups))
    if silent is not None:
        is_silent = past(groups, at)
        asked = asked.where(is_silent if silent else and_(~is_silent, Client.last_contact_at.is_not(None)))
    return asked.order_by(silence(at).desc(), Client.id)


def by_group(standing: Rows) -> Rows:
    """(group, clients with a rhythm, those spoken to within it, silent ones) of clients as they stand."""
    of = standing.order_by(None).subquery()
    is_silent = of.c.silence > 1
    return (
        select(
            Client.group_id.label("group"),
            func.count().label("with_rhythm"),
            func.count().filter(~is_silent, of.c.last_at.is_not(None)).label("within"),
            func.count().filter(is_silent).label("silent"),
        )
        .join(Client, Client.id == of.c.client)
        .group_by(Client.group_id)
    )
