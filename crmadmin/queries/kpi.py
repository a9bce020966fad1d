"""The managers' indicators, each said once: what counts of a record, and what is measured of these.

None of them runs. A page, a file, an alarm and the rows behind a number are all made of these.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    and_,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from crmadmin.core import sql
from crmadmin.core.db import Rows
from crmadmin.queries.contacts import is_held
from models import Client, Interaction, InteractionKind, KpiMark

_FOLLOWS = aliased(Interaction)

# What counts of a record that is held. Kind is joined to every question that uses these.

is_contact = InteractionKind.contact.is_(True)


def is_of_kind(code: str) -> ColumnElement[bool]:
    """A contact of that kind: calls, meetings, negotiations, letters."""
    return and_(is_contact, InteractionKind.code == code)


is_proposal = InteractionKind.code == "proposal"

has_result = and_(is_contact, Interaction.result_id.is_not(None))
_is_followed = (
    select(_FOLLOWS.id)
    .where(_FOLLOWS.follows_id == Interaction.id)
    # Where hardly any record follows another, SQLite takes the index for useless, and reads them all.
    .with_hint(_FOLLOWS, "INDEXED BY ix_interaction_follows_id", "sqlite")
    .correlate(Interaction)
    .exists()
)
has_next = and_(is_contact, or_(Interaction.no_next_reason != "", _is_followed))
has_words = and_(is_contact, Interaction.request != "", Interaction.reaction != "")
is_complete = and_(has_result, has_next, has_words)
is_same_day = and_(
    is_contact, sql.local_day(Interaction.happened_at) == sql.local_day(Interaction.recorded_at)
)
is_estimated = and_(is_contact, Interaction.minutes.is_(None))

of_contact = func.coalesce(Interaction.minutes, InteractionKind.usual_minutes)
"""Minutes of one contact; where nobody has said, the usual ones of its kind."""

minutes = case((is_contact, of_contact), else_=0)
"""The same of one record, whatever it is: what is no contact takes none."""

lag = sql.days_between(Interaction.happened_at, Interaction.recorded_at) * 24
"""Hours from happening to recording of one record."""

COUNTED: dict[str, ColumnElement[bool]] = {
    "contacts": is_contact,
    "calls": is_of_kind("call"),
    "meetings": is_of_kind("meeting"),
    "negotiations": is_of_kind("negotiation"),
    "letters": is_of_kind("letter"),
    "proposals": is_proposal,
    "with_result": has_result,
    "with_next": has_next,
    "with_words": has_words,
    "complete": is_complete,
    "same_day": is_same_day,
    "estimated_contacts": is_estimated,
}
"""Numbers of records: key → which of the held ones count."""


def _of_marks(*columns: Any, marks: Collection[int]) -> Rows:
    """Columns of the held records of each of these marks' person within its time."""
    within = and_(
        Interaction.person_id == KpiMark.person_id,
        Interaction.happened_at >= KpiMark.starts_at,
        Interaction.happened_at < KpiMark.ends_at,
        is_held,
    )
    asked = select(KpiMark.id.label("mark"), *columns).select_from(KpiMark).join(Interaction, within)
    asked = asked.join(InteractionKind, InteractionKind.id == Interaction.kind_id)
    return asked.where(KpiMark.id.in_(marks))


def counts(marks: Collection[int]) -> Rows:
    """(mark, a number for each of ``COUNTED``, minutes, estimated minutes)."""
    numbers = [func.count().filter(which).label(key) for key, which in COUNTED.items()]
    estimate = func.coalesce(func.sum(minutes).filter(is_estimated), 0)
    totals = (func.coalesce(func.sum(minutes), 0).label("minutes"), estimate.label("estimated_minutes"))
    return _of_marks(*numbers, *totals, marks=marks).group_by(KpiMark.id)


def clients(marks: Collection[int]) -> Rows:
    """(mark, clients touched; the largest by minutes, its minutes and contacts; the sum of squares of each
    one's minutes): ``top_share`` and ``concentration`` are made of these and of ``minutes``."""
    spent, many = func.sum(minutes), func.count()
    place = func.row_number().over(
        partition_by=KpiMark.id, order_by=(spent.desc(), many.desc(), Interaction.client_id)
    )
    each = _of_marks(
        Interaction.client_id,
        spent.label("minutes"),
        many.label("contacts"),
        place.label("place"),
        marks=marks,
    )
    of = each.where(is_contact).group_by(KpiMark.id, Interaction.client_id).subquery()
    largest = of.c.place == 1
    return select(
        of.c.mark,
        func.count().label("clients_touched"),
        func.max(of.c.client_id).filter(largest).label("top_client"),
        func.max(of.c.minutes).filter(largest).label("top_minutes"),
        func.max(of.c.contacts).filter(largest).label("top_contacts"),
        func.sum(cast(of.c.minutes, Float) * of.c.minutes).label("squares"),
    ).group_by(of.c.mark)


def lags(marks: Collection[int]) -> Rows:
    """(mark, median hours from happening to recording of its contacts)."""
    place = func.row_number().over(partition_by=KpiMark.id, order_by=lag).label("place")
    many = func.count().over(partition_by=KpiMark.id).label("many")
    of = _of_marks(lag.label("hours"), place, many, marks=marks).where(is_contact).subquery()
    middle = or_(
        of.c.place * 2 == of.c.many, of.c.place * 2 == of.c.many + 1, of.c.place * 2 == of.c.many + 2
    )
    of_two = and_(middle, or_(of.c.many % 2 == 0, of.c.place * 2 == of.c.many + 1))
    return select(of.c.mark, func.avg(of.c.hours).label("lag")).where(of_two).group_by(of.c.mark)


def new_clients(marks: Collection[int]) -> Rows:
    """(mark, clients whose first contact ever is that person's, and lies in its time)."""
    his = and_(
        Client.first_contact_by_id == KpiMark.person_id,
        Client.first_contact_at >= KpiMark.starts_at,
        Client.first_contact_at < KpiMark.ends_at,
    )
    asked = select(KpiMark.id.label("mark"), func.count().label("new_clients")).join(Client, his)
    return asked.where(KpiMark.id.in_(marks)).group_by(KpiMark.id)


# Rows behind a number


def records(
    person_ids: Sequence[int] | None, start: datetime, end: datetime, which: ColumnElement[bool]
) -> Rows:
    """Ids of the held records that count, newest first; of these people, or of everybody."""
    asked = select(Interaction.id).join(InteractionKind, InteractionKind.id == Interaction.kind_id)
    asked = asked.where(Interaction.happened_at >= start, Interaction.happened_at < end, is_held, which)
    if person_ids is not None:
        asked = asked.where(Interaction.person_id.in_(person_ids))
    return asked.order_by(Interaction.happened_at.desc(), Interaction.id.desc())


def by_client(person_ids: Sequence[int], start: datetime, end: datetime) -> Rows:
    """(person, client, contacts, minutes, estimated minutes, the last contact): who spent what on whom."""
    estimate = func.coalesce(func.sum(minutes).filter(is_estimated), 0)
    spent = func.sum(minutes)
    asked = select(
        Interaction.person_id,
        Interaction.client_id,
        func.count().label("contacts"),
        spent.label("minutes"),
        estimate.label("estimated_minutes"),
        func.max(Interaction.happened_at).label("last_at"),
    ).join(InteractionKind, InteractionKind.id == Interaction.kind_id)
    within = (Interaction.happened_at >= start, Interaction.happened_at < end, is_held, is_contact)
    asked = asked.where(Interaction.person_id.in_(person_ids), *within)
    grouped = asked.group_by(Interaction.person_id, Interaction.client_id)
    return grouped.order_by(spent.desc(), Interaction.client_id)


def by_day(person_id: int, start: datetime, end: datetime) -> Rows:
    """(day as YYYY-MM-DD, kind, contacts) of one person."""
    day = sql.local_day(Interaction.happened_at).label("day")
    asked = select(day, Interaction.kind_id, func.count().label("contacts"))
    asked = asked.join(InteractionKind, InteractionKind.id == Interaction.kind_id)
    within = (Interaction.happened_at >= start, Interaction.happened_at < end, is_held, is_contact)
    return asked.where(Interaction.person_id == person_id, *within).group_by(day, Interaction.kind_id)


def new_clients_of(person_id: int, start: datetime, end: datetime) -> Rows:
    """Ids of the clients behind ``new_clients``, the newest first."""
    his = (
        Client.first_contact_by_id == person_id,
        Client.first_contact_at >= start,
        Client.first_contact_at < end,
    )
    return select(Client.id).where(*his).order_by(Client.first_contact_at.desc(), Client.id.desc())
