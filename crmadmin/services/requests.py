"""Requests of clients: open until somebody answers, by a reaction, another record, or the reason for none."""

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries.requests import answered_by
from crmadmin.services.clients import may_change
from crmadmin.services.interactions import may_correct
from models import Interaction, User
from models.kinds import InteractionState

LONGEST_REASON = 500


def is_open(row: Interaction) -> bool:
    """It was asked, nobody reacted, and nobody has answered since."""
    asked = row.state is InteractionState.held and bool(row.request)
    return asked and not row.reaction and row.answered_at is None


def answer(request: Interaction, record: Interaction, *, by: User) -> None:
    """Another record with the same client answers it: whoever records, answers."""
    if not allows(by.role, Permission.requests_answer):
        raise NotAllowed(_("Answering requests is not yours to do."))
    if record.client_id != request.client_id:
        raise DomainError(_("This request is another client's."), field="answers")
    _still_open(request)
    request.answered_at, request.answer_id = record.recorded_at, record.id


def waive(request: Interaction, *, reason: str, by: User) -> None:
    """No answer is needed, because."""
    if not may_waive(request, by):
        raise NotAllowed(_("Only whoever recorded it, the curator, his substitute and the head say so."))
    _still_open(request)
    said = reason.replace("\x00", "").strip()
    if not said:
        raise DomainError(_("Say why no answer is needed."), field="reason")
    if len(said) > LONGEST_REASON:
        raise DomainError(_("A reason is of 500 signs at most."), field="reason")
    request.answered_at, request.no_answer_reason = clock.now(), said
    db.flush()


def may_waive(request: Interaction, by: User) -> bool:
    """The row rule of ``request_answerable_by``, for a record in hand."""
    if not allows(by.role, Permission.requests_answer):
        return False
    return may_correct(request, by) or may_change(request.client, by)


def _still_open(request: Interaction) -> None:
    if not is_open(request):
        raise DomainError(_("This request is answered already."), field="answers")


@event.listens_for(Session, "before_flush")
def _open_again(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    """An answer that is called off was none: what it answered waits again."""
    for row in [each for each in session.dirty if isinstance(each, Interaction)]:
        state = inspect(row).attrs.state.history
        if row.state is InteractionState.cancelled and InteractionState.held in (state.deleted or ()):
            with session.no_autoflush:
                for request in session.scalars(answered_by(row.id)).all():
                    request.answered_at = request.answer_id = None
