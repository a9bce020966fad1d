"""Letters on their way: given to the server one by one; what became of each is kept at once."""

import logging
from collections import deque
from hashlib import sha256

from crmadmin.core import mail
from crmadmin.core.config import Settings
from crmadmin.core.db import db, let_go, transaction
from crmadmin.core.mail import NotTaken
from crmadmin.jobs.ticks import Work
from crmadmin.queries import reminders as asked
from crmadmin.services import letters, report_post
from crmadmin.services.letters import Drawn, Withheld
from models import Letter
from models.kinds import LetterKind

log = logging.getLogger("crmadmin.post")

HANGS_UP = 3  # letters in a row: then it is the server, and none of the letters


def send(work: Work) -> str:
    """Give the server what waits. No transaction is open while it thinks about it."""
    settings = work.place.settings
    if not settings.mail_url:
        return ""
    with let_go():
        waiting = [letter.id for letter, _name in db.execute(asked.letters_waiting(work.at))]
    if not waiting:
        return ""
    left = deque(waiting)
    try:
        return str(_send_all(left, work) or "")
    except NotTaken as closed:
        for id in left:
            _keep(id, closed)
        raise OSError(str(closed)) from closed


def _send_all(left: deque[int], work: Work) -> int:
    """How many were taken. Whoever makes the server hang up holds up no other: it is called again."""
    settings, sent, in_a_row = work.place.settings, 0, 0
    while left:
        with mail.opened(settings.mail_url) as post:
            while left:
                work.hold()
                hindered = _give(post, left.popleft(), settings)
                sent += hindered is None
                if not (isinstance(hindered, NotTaken) and hindered.hung_up):
                    in_a_row = 0
                    continue
                in_a_row += 1
                if in_a_row == HANGS_UP:
                    raise hindered
                break
    return sent


def send_now(id: int, settings: Settings) -> str:
    """One letter at once: blank when the server has taken it, else why not."""
    try:
        with mail.opened(settings.mail_url) as post:
            hindered = _give(post, id, settings)
    except NotTaken as closed:
        _keep(id, closed)
        hindered = closed
    return str(hindered or "")


def _give(post: mail.Post, id: int, settings: Settings) -> NotTaken | Withheld | None:
    """What has hindered it; whatever became of it is kept."""
    try:
        with let_go():
            words, drawn = _said(id, settings)
        post.take(mail.message(words, settings.mail_from))
    except Withheld as why:
        with transaction():
            letters.withhold(id, why)
        return why
    except NotTaken as refusal:
        _keep(id, refusal)
        return refusal
    _keep(id, None, drawn)
    return None


def _said(id: int, settings: Settings) -> tuple[mail.Words, Drawn]:
    letter = db.get_one(Letter, id)
    mark = sha256(f"{letter.person_id} {letter.key}".encode()).hexdigest()[:12]
    drawn = _drawn(letter, settings)
    to = letter.person.email if letter.kind is LetterKind.report else letter.to
    words = mail.Words(
        f"crm-{letter.id}-{mark}", to, letter.person.name,
        drawn.subject, drawn.text, drawn.html, letter.made_at, drawn.files,
    )  # fmt: skip
    return words, drawn


def _drawn(letter: Letter, settings: Settings) -> Drawn:
    """One that cannot be drawn is tried again, and holds up no other."""
    if letter.kind is not LetterKind.report:
        return Drawn(letter.subject, letter.text, letter.html)
    try:
        return report_post.drawn(letter, settings)
    except Withheld:
        raise
    except Exception as error:
        log.exception("letter %s", letter.id)
        raise NotTaken(type(error).__name__) from error


def _keep(id: int, refusal: NotTaken | None, drawn: Drawn | None = None) -> None:
    with transaction():
        letters.note(id, refusal, drawn)
