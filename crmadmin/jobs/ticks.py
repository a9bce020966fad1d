"""What the program does by itself: each job in its turn, by whichever process comes first.

Every job may be done a second time, or late: it repeats nothing that was done, and does what was missed.
"""

import logging
import os
import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.config import Settings
from crmadmin.core.db import db, is_busy, let_go, transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import LazyString, at_minute, today
from crmadmin.core.permissions import Permission, roles_with
from crmadmin.services import leases, notices
from crmadmin.services.leases import Lease
from models import JobRun, User
from models.kinds import NoticeKind

log = logging.getLogger("crmadmin.jobs")

TICK = "tick"
EVERY = timedelta(minutes=1)
SLACK = timedelta(seconds=5)  # ticks are not to the second
MISSED = timedelta(hours=1)


@dataclass(frozen=True)
class Place:
    """Where the program runs: its settings, and the file of its anchors."""

    settings: Settings
    anchors: Path


@dataclass(frozen=True)
class Work:
    """A job that is being done: begun ``at``, done before as of ``since``; ``hold`` asks for more time."""

    place: Place
    at: datetime
    since: datetime | None
    hold: Callable[[], None]


@dataclass(frozen=True)
class Job:
    """``act`` keeps what it does in transactions of its own, and says what it did where that is worth a word.

    It is due so long after the last time; or, with ``minute``, once a day from that minute on.
    """

    name: str
    title: LazyString
    act: Callable[[Work], str]
    every: timedelta = EVERY
    minute: int | None = None

    def due(self) -> datetime:
        """Whatever was done by this moment is to be done again."""
        if self.minute is None:
            return clock.now() - self.every + SLACK
        moment = at_minute(today(), self.minute)
        if moment > clock.now():
            moment = at_minute(today() - timedelta(days=1), self.minute)
        return moment - timedelta(microseconds=1)


@dataclass(frozen=True)
class Said:
    """What became of a job in a tick: ``done`` with a word, not yet due, held by somebody, or failed."""

    job: Job
    what: str
    words: str = ""


def tick(jobs: Sequence[Job], place: Place, go_on: Callable[[], bool] = lambda: True) -> list[Said]:
    """Each job that is due, one after the other, until ``go_on`` says no; one that fails stops no other."""
    with transaction():
        kept = leases.known()
        _tell_gap(kept.get(TICK))
        if lease := leases.take(TICK, _holder(), clock.now()):
            leases.done(lease)  # before the jobs, of which one may take long
    return [_one(job, kept.get(job.name), place) for job in jobs if go_on()]


def _one(job: Job, kept: JobRun | None, place: Place) -> Said:
    now = clock.now()
    if kept and kept.done_at and kept.done_at > job.due():
        return Said(job, "early")
    if kept and kept.held_until and kept.held_until > now:
        return Said(job, "held" if kept.holder else "pause", kept.error)
    with transaction():
        lease = leases.take(job.name, _holder(), job.due())
    if lease is None:
        return Said(job, "held")
    try:
        with let_go():
            words = job.act(Work(place, lease.at, lease.since, partial(_hold, lease)))
        with transaction():
            leases.done(lease)
    except leases.Lost:
        return Said(job, "held")
    except Exception as error:  # whatever it is, the others are done
        return _failed(job, lease, error)
    return Said(job, "done", words)


def _hold(lease: Lease) -> None:
    with transaction():
        leases.hold(lease)


def _failed(job: Job, lease: Lease, error: Exception) -> Said:
    busy = is_busy(error)  # pyright: ignore[reportArgumentType] - anything else is not
    log.log(logging.WARNING if busy else logging.ERROR, "job %s", job.name, exc_info=None if busy else error)
    words = str(error) if isinstance(error, DomainError | OSError) else type(error).__name__
    try:
        with transaction():
            leases.failed(lease, words)
            late = lease.since is None or lease.at - lease.since > max(MISSED, job.every)
            if late and not busy:
                _tell_admins(f"job-{job.name}-{today()}", {"job": job.name})
    except leases.Lost:
        pass
    return Said(job, "failed", words)


def _tell_gap(last: JobRun | None) -> None:
    """The admins are told of every time in which nothing was done, once it is over."""
    now = clock.now()
    if last and last.done_at and now - last.done_at > MISSED:
        span = {"from": last.done_at.isoformat(), "until": now.isoformat()}
        _tell_admins(f"gap-{last.done_at:%Y%m%d%H%M%S}", span)


def _tell_admins(key: str, data: dict[str, str]) -> None:
    roles = roles_with(Permission.people_manage)
    admins = db.scalars(select(User).where(User.role.in_(roles), User.active)).all()
    notices.tell(admins, NoticeKind.job_missed, key, subject="job", data=data)


def _holder() -> str:
    """Of this process and this time: a process that was killed and comes again is another one."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(8)}"
