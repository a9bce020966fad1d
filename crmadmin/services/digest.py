"""The morning letter: what one has to do today, what is late, whom one has not spoken to for too long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.config import Settings
from crmadmin.core.db import db
from crmadmin.core.i18n import at_minute, local, start_of
from crmadmin.queries import absences, wishes
from crmadmin.queries import reminders as asked
from crmadmin.rules import notice_choices, quiet, working_days
from crmadmin.services import letters
from models import JournalAnchor, Letter, Notice, NoticeTimes, User, Wish
from models.kinds import LetterKind

HOUR = 60  # minutes after his own in which a digest is not late, whatever the quiet hours say
LONGEST = timedelta(days=14)  # an anchor or a trouble older than that stands in no digest


@dataclass(frozen=True)
class Digest:
    """Rows in the order in which they are read; of each kind one more than is shown, where there are more."""

    at: datetime
    contacts: Sequence[Any]
    promises: Sequence[Any]
    silent: Sequence[Any]
    silent_in_all: int
    wishes: Sequence[Wish]
    troubles: Sequence[Notice]
    anchors: Sequence[JournalAnchor]
    shown: int = asked.SHOWN


def minute_of(times: NoticeTimes | None) -> int | None:
    return notice_choices.DIGEST_MINUTE if times is None else times.digest_minute


def write(settings: Settings) -> int:
    """For everybody whose minute has come today and who is at work, once; how many were written."""
    at = clock.now()
    if not settings.mail_url or not working_days.is_working(local(at).date()):
        return 0
    due = [(person, times) for person, times in db.execute(asked.readers()) if _is_due(times, at)]
    if not due:
        return 0
    away = {each.person_id for each in db.scalars(absences.everybody_away(at)).unique()}
    has = select(Letter.person_id).where(Letter.key == _key(at))
    passed = {*db.scalars(has), *away}
    return sum(_put(person, times, at, settings) for person, times in due if person.id not in passed)


def _is_due(times: NoticeTimes | None, at: datetime) -> bool:
    minute = minute_of(times)
    return minute is not None and at >= at_minute(local(at).date(), minute)


def _key(at: datetime) -> str:
    return f"digest-{local(at).date()}"


def _put(person: User, times: NoticeTimes | None, at: datetime, settings: Settings) -> int:
    late = quiet.minute_of(local(at)) - (minute_of(times) or 0) > HOUR
    send_at = letters.after_quiet(at, times) if late else at
    data = {"digest": of(person)}
    return 1 if letters.put(person, LetterKind.digest, _key(at), data, settings, at=send_at) else 0


def trial(person: User, settings: Settings) -> int | None:
    """The digest as it would be now, to be sent at once by whoever asks; one a minute, else None."""
    now = clock.now()
    key, at = f"trial-{now:%Y%m%d%H%M}", now + timedelta(minutes=5)
    return letters.put(person, LetterKind.trial, key, {"digest": of(person)}, settings, at=at)


def of(person: User) -> Digest:
    """What a letter to this person says now."""
    at = clock.now()
    day = local(at).date()
    tomorrow = start_of(day + timedelta(days=1))
    since = max(_last(person) or at - timedelta(days=1), at - LONGEST)
    anchored = min(local(since).date(), day - timedelta(days=1))  # that of today at least
    return Digest(
        at,
        db.scalars(asked.ones_contacts(person, at, tomorrow)).all(),
        db.execute(asked.ones_promises(person, at, tomorrow)).all(),
        db.execute(asked.ones_silent(person, at)).all(),
        db.scalar(asked.how_many_silent(person, at)) or 0,
        db.scalars(wishes.due_in(person, day).limit(asked.SHOWN + 1)).all(),
        db.scalars(asked.troubles_told(person, since)).all(),
        db.scalars(asked.anchors_since(anchored)).all(),
    )


def _last(person: User) -> datetime | None:
    newest = select(Letter.made_at).where(Letter.person_id == person.id, Letter.kind == LetterKind.digest)
    return db.scalar(newest.order_by(Letter.made_at.desc()).limit(1))
