"""How somebody wants to be told: which kinds by which way, and when he is left alone."""

from collections.abc import Collection

from sqlalchemy import select

from crmadmin.core import turns
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.rules import notice_choices as rule
from crmadmin.rules import quiet
from models import NoticeChoice, NoticeTimes, User
from models.kinds import NoticeChannel, NoticeKind

Way = tuple[NoticeKind, NoticeChannel]

WAYS: tuple[Way, ...] = tuple(
    (kind, channel) for kinds in rule.ABOUT.values() for kind in kinds for channel in NoticeChannel
)


def wanted_by(person: User) -> set[Way]:
    kept = {(row.kind, row.channel): row.wanted for row in _rows(person)}
    return {way for way in WAYS if kept.get(way, rule.is_usual(*way))}


def times_of(person: User) -> NoticeTimes:
    """His own, or the usual ones, which are no row."""
    kept = db.scalar(select(NoticeTimes).where(NoticeTimes.person_id == person.id))
    return kept or NoticeTimes(digest_minute=rule.DIGEST_MINUTE)


def choose(wanted: Collection[Way], *, by: User) -> None:
    """Only what is not as usual is kept: what becomes usual later holds for whoever has not chosen."""
    turns.take_turns(f"notices of {by.id}")  # a form that is sent twice
    kept = {(row.kind, row.channel): row for row in _rows(by)}
    for way in WAYS:
        row, value = kept.get(way), way in wanted
        if row is not None:
            row.wanted = value
        elif value != rule.is_usual(*way):
            db.add(NoticeChoice(person_id=by.id, kind=way[0], channel=way[1], wanted=value))
    db.flush()


def set_times(quiet_from: str, quiet_until: str, digest: str, *, by: User) -> None:
    """Times of the day as they are typed; without both ends no quiet time, without a time no digest."""
    start, end = _minute(quiet_from, "quiet_from"), _minute(quiet_until, "quiet_until")
    minute = _minute(digest, "digest")
    if (start is None) != (end is None):
        lacking = "quiet_from" if start is None else "quiet_until"
        raise DomainError(_("A quiet time has a beginning and an end."), field=lacking)
    turns.take_turns(f"notices of {by.id}")
    row = db.scalar(select(NoticeTimes).where(NoticeTimes.person_id == by.id))
    if row is None:
        row = NoticeTimes(person_id=by.id)
        db.add(row)
    row.quiet_from, row.quiet_until, row.digest_minute = start, end, minute
    db.flush()


def _minute(typed: str, field: str) -> int | None:
    minute = quiet.minute(typed)
    if minute is None and typed.strip():
        raise DomainError(_("A time of the day, such as 22:30."), field=field)
    return minute


def _rows(person: User) -> list[NoticeChoice]:
    return list(db.scalars(select(NoticeChoice).where(NoticeChoice.person_id == person.id)))
