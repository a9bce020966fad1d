"""A job has one holder at a time, however many processes there are: a row in the database says who.

It is taken by one statement and for a time. Whoever breaks off in the middle keeps it from the others until
that time is over, and no longer; whoever takes longer says so in time, or finds that it is not his any more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update

from crmadmin.core import clock, sql
from crmadmin.core.db import db
from models import JobRun

LENGTH = timedelta(minutes=10)
PAUSE = timedelta(minutes=5)  # after a failure


class Lost(Exception):
    """The lease ran out meanwhile, and somebody else has the job."""


@dataclass(frozen=True)
class Lease:
    """``since``: when the job was last begun and done, if it ever was."""

    name: str
    holder: str
    at: datetime
    since: datetime | None


def known() -> dict[str, JobRun]:
    """As they stand now, whatever this session has read before."""
    rows = db.scalars(select(JobRun).execution_options(populate_existing=True))
    return {row.name: row for row in rows}


def take(name: str, holder: str, due: datetime) -> Lease | None:
    """The job, unless somebody has it, or it was begun and done after ``due``. To be kept at once."""
    now = clock.now()
    if db.scalar(select(JobRun.id).where(JobRun.name == name)) is None:
        db.execute(sql.insert(db.get_bind(), JobRun).values(name=name).on_conflict_do_nothing())
    wanted = update(JobRun).where(
        JobRun.name == name,
        or_(JobRun.held_until.is_(None), JobRun.held_until <= now),
        or_(JobRun.done_at.is_(None), JobRun.done_at <= due),
    )
    mine = wanted.values(holder=holder, held_until=now + LENGTH, started_at=now).returning(JobRun.done_at)
    row = db.execute(mine, execution_options={"synchronize_session": False}).first()
    return Lease(name, holder, now, row.done_at) if row else None


def hold(lease: Lease) -> None:
    """So much longer, from now on."""
    _change(lease, held_until=clock.now() + LENGTH)


def done(lease: Lease) -> None:
    """Done as of the moment it was begun: what has happened since then is the next one's."""
    _change(lease, holder="", held_until=None, done_at=lease.at, error="")


def failed(lease: Lease, error: str) -> None:
    """Anybody may try again, after a pause."""
    now = clock.now()
    _change(lease, holder="", held_until=now + PAUSE, failed_at=now, error=error[:500])


def _change(lease: Lease, **values: object) -> None:
    changed = update(JobRun).where(_is(lease)).values(**values).returning(JobRun.id)
    if db.scalar(changed, execution_options={"synchronize_session": False}) is None:
        raise Lost(lease.name)


def _is(lease: Lease) -> ColumnElement[bool]:
    return (JobRun.name == lease.name) & (JobRun.holder == lease.holder)
