"""Letters to our own people: rows first, in the transaction of what they are about; sent by a job.

``sent_at`` is set when the server has taken a letter. What it did not take is tried again, with longer and
longer pauses, and given up after a day, with the reason. How a letter is drawn is told by whoever draws.
One of numbers is drawn when it goes: `report_letters` says what it says then, and to whom.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from crmadmin.core import clock, mail, sql
from crmadmin.core.config import Settings
from crmadmin.core.db import db
from crmadmin.core.i18n import local, speaking
from crmadmin.core.mail import Attached, NotTaken
from crmadmin.queries import reminders as asked
from crmadmin.rules import letters as rule
from crmadmin.rules import notice_choices, quiet
from models import Letter, Notice, NoticeTimes, User
from models.kinds import LetterKind, NoticeChannel

OVERLAP = timedelta(minutes=10)  # what was told in a transaction that ended later


class Drawn(NamedTuple):
    subject: str
    text: str
    html: str
    files: Sequence[Attached] = ()


class Withheld(Exception):
    """It is not to be sent any more, and why: its reader may not read it, or does not want to."""


_drawing: list[Callable[[str, dict[str, Any]], Drawn]] = []


def drawn_by(draw: Callable[[str, dict[str, Any]], Drawn]) -> None:
    """How a letter of a name is drawn from its data, in the language that is spoken."""
    _drawing[:] = [draw]


def language_of(person: User, settings: Settings) -> str:
    return str(person.language or settings.locale)


def put(
    person: User,
    kind: LetterKind,
    key: str,
    data: dict[str, Any],
    settings: Settings,
    *,
    at: datetime | None = None,
) -> int | None:
    """Write a letter in its reader's language, to go from ``at`` on; None where it is written already."""
    name = LetterKind.notice if kind is LetterKind.notice else LetterKind.digest
    return keep(person, kind, key, draw(name, person, data, settings), at=at)


def draw(name: str, person: User, data: dict[str, Any], settings: Settings) -> Drawn:
    """The letter of that name, in its reader's language."""
    language = language_of(person, settings)
    with speaking(language):
        about = {"reader": person, "base": settings.address, "language": language}
        return _drawing[0](name, {**data, **about})


def keep(person: User, kind: LetterKind, key: str, drawn: Drawn, *, at: datetime | None = None) -> int | None:
    """Put it among those to be sent, from ``at`` on; None where it is there already."""
    row = {
        "person_id": person.id, "kind": kind, "key": key, "to": person.email, **_words(drawn),
        "made_at": clock.now(), "next_try_at": at or clock.now(),
    }  # fmt: skip
    put = sql.insert(db.get_bind(), Letter).values(row).on_conflict_do_nothing()
    return db.scalar(put.returning(Letter.id))


def _words(drawn: Drawn) -> dict[str, str]:
    return {"subject": mail.one_line(drawn.subject)[:300], "text": drawn.text, "html": drawn.html}


def write(settings: Settings, since: datetime | None) -> int:
    """Whoever wants a letter of a kind of notice gets one, of all there is since the last time."""
    if not settings.mail_url:
        return 0
    readers = {person.id: (person, times) for person, times in db.execute(asked.readers())}
    since = (since or clock.now() - timedelta(hours=1)) - OVERLAP
    fresh = db.scalars(asked.not_in_a_letter(list(readers), since)).all()
    chosen = _chosen({row.person_id for row in fresh})
    wanted = [row for row in fresh if chosen.get((row.person_id, row.kind), _is_usual(row))]
    by_person = groupby(wanted, key=lambda row: row.person_id)
    return sum(_tell(*readers[person_id], list(rows), settings) for person_id, rows in by_person)


def _chosen(people: set[int]) -> dict[tuple[int, str], bool]:
    rows = db.scalars(asked.choices_of(people, NoticeChannel.mail))
    return {(row.person_id, row.kind): row.wanted for row in rows}


def _is_usual(row: Notice) -> bool:
    return notice_choices.is_usual(row.kind, NoticeChannel.mail)


def _tell(person: User, times: NoticeTimes | None, rows: list[Notice], settings: Settings) -> int:
    at = after_quiet(clock.now(), times)
    id = put(person, LetterKind.notice, f"notices-{rows[-1].id}", {"notices": rows}, settings, at=at)
    for row in rows:
        row.letter_id = id
    return 1 if id else 0


def after_quiet(at: datetime, times: NoticeTimes | None) -> datetime:
    """The moment itself, or when the reader's quiet hours are over."""
    if times is None:
        return at
    return quiet.first_loud(local(at), times.quiet_from, times.quiet_until)


def again(letter: Letter) -> None:
    """One that was given up gets another day; one that was taken stays taken."""
    if letter.sent_at is None:
        letter.failed_at, letter.made_at, letter.next_try_at = None, clock.now(), clock.now()
        db.flush()


def note(id: int, refusal: NotTaken | None, drawn: Drawn | None = None) -> None:
    """What became of a letter that was to be sent; of one that was taken what it said, where that is new."""
    letter, now = db.get_one(Letter, id), clock.now()
    letter.tries += 1
    if refusal is None:
        letter.sent_at, letter.error = now, ""
        for name, said in _words(drawn).items() if drawn else ():
            setattr(letter, name, said)
        return
    letter.error = str(refusal)
    again = None if refusal.for_good else rule.next_try(letter.made_at, letter.tries, now)
    if again is None:
        letter.failed_at = now
    else:
        letter.next_try_at = again


def withhold(id: int, why: Withheld) -> None:
    """It never goes. No server has refused it: it is no trouble of anybody's."""
    letter = db.get_one(Letter, id)
    letter.failed_at, letter.error = clock.now(), str(why)
