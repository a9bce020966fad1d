"""A reason to talk: the head asks about a silent client, its curator answers, a contact ends it.

It is closed by a contact alone, or by the head's waiver with a reason; a contact that is withdrawn opens it
again. Nobody forgets to close one: it is done in the transaction of the contact, whatever door that came by.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.core.i18n import _, today
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import silence as asked
from crmadmin.services import notices
from crmadmin.services.absences import acts_for
from crmadmin.services.texts import within
from models import Client, Interaction, SilenceTalk, User
from models.kinds import NoticeKind

LONGEST = 2_000
LONGEST_WAIVER = 500
FARTHEST = timedelta(days=365)  # a day of an answer


def ask(client: Client, question: str, *, by: User) -> SilenceTalk:
    """Ask the client's curator why it is silent; one question at a time is open."""
    if not allows(by.role, Permission.silence_ask):
        raise NotAllowed(_("Only the head and the admin ask for the reason of a silence."))
    if client.archived or client.curator is None:
        raise DomainError(_("Nobody answers for this client now: give it a curator first."), field="question")
    if db.scalar(asked.open_talks([client.id])) is not None:
        raise DomainError(_("This has been asked already, and is not settled yet."), field="question")
    talk = SilenceTalk(
        client=client, person=client.curator, opened_at=clock.now(), opened_by=by,
        facts=_facts(client), question=within(question, "question", LONGEST),
    )  # fmt: skip
    db.add(talk)
    db.flush()
    notices.tell([client.curator], NoticeKind.silence_asked, f"silence-asked-{talk.id}", by=by, client=client,
                 subject="silence_talk", subject_id=talk.id)  # fmt: skip
    return talk


def may_answer(talk: SilenceTalk, by: User) -> bool:
    """Whoever answers for the client now, or acts for him; the head and the admin."""
    if not allows(by.role, Permission.interactions_record):
        return False
    client = talk.client
    mine = client.curator_id == by.id or acts_for(by, client.curator_id, client.group_id)
    return mine or allows(by.role, Permission.every_row)


def answer(talk: SilenceTalk, text: str, act_on: date | None, *, by: User) -> None:
    """Say why, and by which day somebody speaks with the client; another answer replaces it."""
    if not may_answer(talk, by):
        raise NotAllowed(_("Whoever answers for this client is asked."))
    _is_open(talk)
    said = within(text, "answer", LONGEST)
    if not said:
        raise DomainError(_("Say why the client is silent, and what you do about it."), field="answer")
    if act_on is None or not today() <= act_on <= today() + FARTHEST:
        raise DomainError(_("Name the day by which you speak with the client."), field="act_on")
    talk.answer, talk.act_on = said, act_on
    talk.answered_at, talk.answered_by = clock.now(), by
    notices.tell([talk.opened_by], NoticeKind.silence_answered, f"silence-answered-{talk.id}-{act_on}", by=by,
                 client=talk.client, subject="silence_talk", subject_id=talk.id)  # fmt: skip


def waive(talk: SilenceTalk, reason: str, *, by: User) -> None:
    """The silence is all right, for a reason."""
    if not allows(by.role, Permission.silence_ask):
        raise NotAllowed(_("Only the head and the admin let a silence be."))
    _is_open(talk)
    said = within(reason, "waiver", LONGEST_WAIVER)
    if not said:
        raise DomainError(_("Say why this client may be silent."), field="waiver")
    talk.waiver, talk.closed_at, talk.closed_by = said, clock.now(), by
    notices.tell([talk.client.curator], NoticeKind.silence_waived, f"silence-waived-{talk.id}", by=by,
                 client=talk.client, subject="silence_talk", subject_id=talk.id)  # fmt: skip


def _facts(client: Client) -> dict[str, Any]:
    """What is known when it is asked; ``since`` is the last contact, or the client's creation."""
    since = client.last_contact_at or client.created_at
    return {
        "since": since.isoformat(),
        "days": (clock.now() - since).days,
        "rhythm": client.rhythm_days or client.group.rhythm_days,
        "spoken": client.last_contact_at is not None,
        "by": client.last_contact_by.name if client.last_contact_by else "",
        "group": client.group.name_ru,
        "planned": client.next_contact_at.isoformat() if client.next_contact_at else "",
    }


def _is_open(talk: SilenceTalk) -> None:
    if talk.closed_at is not None:
        raise DomainError(_("This is settled already."))


# A contact ends it


@event.listens_for(Session, "after_flush")
def _remember(session: Session, _context: UOWTransaction) -> None:
    touched = {row.client_id for row in [*session.new, *session.dirty] if isinstance(row, Interaction)}
    session.info.setdefault("spoken_with", set()).update(touched)


@event.listens_for(Session, "after_flush_postexec")
def _settle(session: Session, _context: UOWTransaction) -> None:
    touched: set[int] = session.info.pop("spoken_with", set())
    for talk in session.scalars(asked.talks_of(sorted(touched))).all() if touched else ():
        _keep(session, talk)


def _keep(session: Session, talk: SilenceTalk) -> None:
    """Closed by the contact that ended the silence, while there is one."""
    contact = session.scalar(asked.contact_after(talk))
    if contact is not None and talk.closed_at is None:
        talk.interaction, talk.closed_at, talk.closed_by = contact, clock.now(), contact.person
    elif contact is None and talk.closed_at is not None and not session.scalar(
        asked.open_talks([talk.client_id])
    ):  # fmt: skip
        talk.interaction = talk.closed_at = talk.closed_by = None
