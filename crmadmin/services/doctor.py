"""Looks for what must be true and is not: the schema, the database itself, columns that repeat other rows.

Everything here is kept right by the services; what the doctor finds was written past them, or lost by a disk.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, text

from crmadmin.core import clock, schema
from crmadmin.core.db import Database
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.rules import emails, telephones
from crmadmin.services import kpi_marks, maintained, search_check
from crmadmin.services.search_check import batches, stale
from models import (
    Client,
    CuratorPeriod,
    EmailAddress,
    JobRun,
    JournalEntry,
    JournalHead,
    Letter,
    Telephone,
)

BATCH = 500


def faults(session: Database, *, repair: bool = False) -> Iterator[str]:
    """Every fault as one line; ``repair`` puts maintained columns and search texts right."""
    if not schema.is_current():
        yield _("The schema is not current: flask --app wsgi db upgrade")
        return
    yield from _of_database(session)
    yield from search_check.faults(session, BATCH, repair=repair)
    yield from _of_contacts(session, repair)
    yield from _of_curators(session)
    yield from _of_telephones(session)
    yield from _of_emails(session)
    yield from _of_heads(session)
    yield from _of_jobs(session)
    yield from _of_kpi(session, repair)


def _of_database(session: Database) -> Iterator[str]:
    if session.get_bind().dialect.name == "postgresql":
        yield from _of_postgresql(session)
        return
    for (said,) in session.execute(text("PRAGMA integrity_check")):
        if said != "ok":
            yield _("The database file is damaged: %(said)s", said=said)
    for table, row, parent, _key in session.execute(text("PRAGMA foreign_key_check")):
        yield _(
            "%(table)s %(row)s points at a row of %(parent)s that is not there",
            table=table,
            row=row,
            parent=parent,
        )


def _of_postgresql(session: Database) -> Iterator[str]:
    encoding = session.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        yield _("The database keeps its texts in %(encoding)s: it must be UTF8", encoding=encoding)
    elif not session.scalar(text("SELECT 'МОСТ' ILIKE 'мост' AND lower('Ё') = 'ё'")):
        yield _("The database does not know Russian letters: create it with the locale C.UTF-8")


def _of_contacts(session: Database, repair: bool) -> Iterator[str]:
    columns = [getattr(Client, column) for column in maintained.COLUMNS]
    for rows in batches(session, select(Client.id, *columns), Client.id, BATCH):
        true = maintained.truth(session(), [row.id for row in rows])
        wrong = [(row.id, list(_differing(row[1:], true[row.id]))) for row in rows]
        if repair and any(differing for _id, differing in wrong):
            maintained.keep(session(), [id for id, differing in wrong if differing])
        yield from (f"client {id}: {stale(column)}" for id, differing in wrong for column in differing)


def _differing(kept: Iterable[Any], true: Iterable[Any]) -> Iterator[str]:
    pairs = zip(maintained.COLUMNS, kept, true, strict=True)
    return (column for column, is_now, should_be in pairs if is_now != should_be)


def _of_kpi(session: Database, repair: bool) -> Iterator[str]:
    for mark in kpi_marks.wrong(session(), repair=repair):
        yield _(
            "person %(id)s: the figures kept of %(start)s to %(end)s are not what the records say",
            id=mark.person_id,
            start=mark.starts_at,
            end=mark.ends_at,
        )


def _of_curators(session: Database) -> Iterator[str]:
    is_open = (CuratorPeriod.client_id == Client.id) & CuratorPeriod.ended_at.is_(None)
    differ = Client.curator_id.is_distinct_from(CuratorPeriod.curator_id)
    asked = select(Client.id).outerjoin(CuratorPeriod, is_open).where(differ).order_by(Client.id)
    for id in session.scalars(asked):
        yield _("client %(id)s: its curator is not the one of its open curator period", id=id)


def _of_telephones(session: Database) -> Iterator[str]:
    asked = select(Telephone.id, Telephone.typed, Telephone.e164, Telephone.last4)
    for rows in batches(session, asked, Telephone.id, BATCH):
        for id, typed, e164, last4 in rows:
            right = telephones.telephone(typed)
            cut = len(typed) == Telephone.typed.type.length
            if not cut and (right.e164 or "", right.last4) != (e164, last4):
                yield _("telephone %(id)s: %(typed)s is dialled otherwise", id=id, typed=typed)


def _of_emails(session: Database) -> Iterator[str]:
    asked = select(EmailAddress.id, EmailAddress.typed, EmailAddress.normal)
    for rows in batches(session, asked, EmailAddress.id, BATCH):
        for id, typed, normal in rows:
            if _normal(typed) != normal:
                yield _("email_address %(id)s: %(typed)s is written otherwise", id=id, typed=typed)


def _normal(typed: str) -> str | None:
    try:
        return emails.email(typed)
    except DomainError:
        return None


def _of_heads(session: Database) -> Iterator[str]:
    """The ends of the chains only; ``journal verify`` reads every entry."""
    last = (JournalEntry.chain == JournalHead.chain) & (JournalEntry.number == JournalHead.number)
    differ = JournalHead.hash.is_distinct_from(JournalEntry.hash)
    behind = (JournalHead.chain == JournalEntry.chain) & (JournalHead.number >= JournalEntry.number)
    wrong = set(session.scalars(select(JournalHead.chain).outerjoin(JournalEntry, last).where(differ)))
    wrong |= set(
        session.scalars(
            select(JournalEntry.chain)
            .distinct()
            .outerjoin(JournalHead, behind)
            .where(JournalHead.id.is_(None))
        )
    )
    for chain in sorted(wrong):
        yield _("journal: the head of chain %(chain)s is not its last entry", chain=chain)


def _of_jobs(session: Database) -> Iterator[str]:
    """Jobs whose last try failed, and letters of the last week that were given up."""
    failing = or_(JobRun.done_at.is_(None), JobRun.failed_at > JobRun.done_at)
    for name, error in session.execute(
        select(JobRun.name, JobRun.error).where(JobRun.failed_at.is_not(None), failing).order_by(JobRun.name)
    ):
        yield _("job %(name)s fails: %(error)s", name=name, error=error)
    lately = Letter.failed_at > clock.now() - timedelta(days=7)
    for id, to, error in session.execute(
        select(Letter.id, Letter.to, Letter.error).where(lately, Letter.tries > 0).order_by(Letter.id)
    ):
        yield _("letter %(id)s to %(to)s was given up: %(error)s", id=id, to=to, error=error)
