"""Which entries of a client's journal a dispute report is of. None of them runs."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from crmadmin.core.db import Rows
from models import Client, CuratorPeriod, Interaction, InteractionKind, JournalEntry, User

REPORT = "report_made"
_INTERACTION = Interaction.__tablename__


def in_period(client_id: int, start: datetime | None, end: datetime | None, upto: int) -> Select[int]:
    """Numbers of what happened in the period, up to an entry; with each interaction all that became of it."""
    within = [JournalEntry.happened_at >= start] if start else []
    within += [JournalEntry.happened_at < end] if end else []
    of_it = (JournalEntry.chain == client_id, JournalEntry.number <= upto)
    whole = or_(_all(within), _of_interactions(client_id, within)) if within else JournalEntry.id.is_not(None)
    asked = select(JournalEntry.number).where(*of_it, JournalEntry.kind != REPORT, whole)
    return asked.order_by(JournalEntry.number)


def _all(within: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    first, *rest = within
    for each in rest:
        first = first & each
    return first


def _of_interactions(client_id: int, within: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    subjects = select(JournalEntry.subject_id).where(
        JournalEntry.chain == client_id, JournalEntry.subject == _INTERACTION, *within
    )
    return (JournalEntry.subject == _INTERACTION) & JournalEntry.subject_id.in_(subjects)


def entries(client_id: int, first: int, last: int) -> Rows:
    """The entries themselves, from the one to the other."""
    return _between(JournalEntry.__table__.columns, client_id, first, last)


def heads(client_id: int, first: int, last: int) -> Rows:
    """The same without what they say, which is most of it."""
    columns = [each for each in JournalEntry.__table__.columns if each.key not in ("data", "salt")]
    return _between(columns, client_id, first, last)


def _between(columns: Iterable[Any], client_id: int, first: int, last: int) -> Rows:
    within = (JournalEntry.chain == client_id, JournalEntry.number.between(first, last))
    return select(*columns).where(*within).order_by(JournalEntry.number)


def entries_about(client_id: int, first: int, last: int, subject_ids: Collection[int]) -> Rows:
    """The entries about rows with these numbers, of whatever table, or about none."""
    about = or_(JournalEntry.subject_id.in_(subject_ids), JournalEntry.subject_id.is_(None))
    return entries(client_id, first, last).where(about)


def entry(client_id: int, number: int) -> Select[JournalEntry]:
    return select(JournalEntry).where(JournalEntry.chain == client_id, JournalEntry.number == number)


def internal_kinds() -> Select[int]:
    return select(InteractionKind.id).where(InteractionKind.internal)


def curators(client_id: int, start: datetime | None, end: datetime | None) -> Rows:
    """(name, started_at, ended_at) of each curator of the period, the first one first."""
    asked = select(User.name, CuratorPeriod.started_at, CuratorPeriod.ended_at)
    asked = asked.join(User, User.id == CuratorPeriod.curator_id).where(CuratorPeriod.client_id == client_id)
    if start:
        asked = asked.where(or_(CuratorPeriod.ended_at.is_(None), CuratorPeriod.ended_at > start))
    if end:
        asked = asked.where(CuratorPeriod.started_at < end)
    return asked.order_by(CuratorPeriod.started_at, CuratorPeriod.id)


def reports_on(client: Client) -> Select[JournalEntry]:
    """The reports that were made of a client, the newest first."""
    asked = select(JournalEntry).where(JournalEntry.chain == client.id, JournalEntry.kind == REPORT)
    return asked.order_by(JournalEntry.number.desc())
