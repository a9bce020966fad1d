"""Promises: given with any client by anybody, kept, moved with consent, broken, open again. Each is told."""

from datetime import datetime
from functools import partial

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed, all_hold
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import promises as asked
from crmadmin.rules.promises import may_be_taken_back
from crmadmin.rules.promises import outcome as kept_or_late
from crmadmin.services import notices
from crmadmin.services.clients import may_change
from crmadmin.services.texts import within
from models import Client, ContactPerson, Interaction, Promise, User
from models.kinds import NoticeKind, PromiseSide, PromiseState

LONGEST = 1_000
LONGEST_OUTCOME = 500


def give(
    client: Client,
    *,
    text: str,
    due_at: datetime | None,
    whole_day: bool = True,
    side: PromiseSide = PromiseSide.ours,
    person: User | None = None,
    contact_person: ContactPerson | None = None,
    interaction: Interaction | None = None,
    by: User,
) -> Promise:
    """Write down what is promised. Whoever writes answers for it, or whom he names; the curator is told."""
    if not allows(by.role, Permission.promises_change):
        raise NotAllowed(_("Giving promises is not yours to do."))
    person = person or by
    all_hold(
        partial(check_text, text),
        partial(check_due, due_at),
        partial(_check_person, client, person, by),
        partial(_check_contact, client, contact_person),
    )
    promise = Promise(
        client=client, interaction=interaction, side=side, text=_said(text), person=person,
        contact_person=contact_person, due_at=due_at, whole_day=whole_day, made_at=clock.now(), made_by=by,
    )  # fmt: skip
    db.add(promise)
    db.flush()
    notices.tell(
        [person, client.curator],
        NoticeKind.promise_given,
        f"promise-{promise.id}",
        by=by,
        client=client,
        subject="promise",
        subject_id=promise.id,
        data={"text": promise.text[:200]},
    )
    return promise


def keep(promise: Promise, *, outcome: str = "", by: User) -> None:
    """It is done: in time or late, by its due time."""
    _settle(
        promise, kept_or_late(promise.due_at, clock.now()), within(outcome, "reason", LONGEST_OUTCOME), by
    )


def move(
    promise: Promise, due_at: datetime | None, *, whole_day: bool = True, reason: str, by: User
) -> Promise:
    """Both sides agree on a later time: this one is settled as moved, and another has the new time."""
    _may(promise, by)
    all_hold(
        partial(check_due, due_at),
        partial(_check_moves, promise, due_at),
        partial(_check_reason, reason, _("Say why it is moved, and that the client agrees.")),
    )
    _settle(promise, PromiseState.moved, within(reason, "reason", LONGEST_OUTCOME), by)
    another = Promise(
        client=promise.client, interaction_id=promise.interaction_id, side=promise.side, text=promise.text,
        person=promise.person, contact_person=promise.contact_person, due_at=due_at, whole_day=whole_day,
        made_at=clock.now(), made_by=by, moved_from_id=promise.id,
    )  # fmt: skip
    db.add(another)
    db.flush()
    return another


def break_off(promise: Promise, *, reason: str, by: User) -> None:
    """It will not be kept any more; the reason stays."""
    _may(promise, by)
    _check_reason(reason, _("Say why it is not kept."))
    _settle(promise, PromiseState.broken, within(reason, "reason", LONGEST_OUTCOME), by)


def reopen(promise: Promise, *, reason: str, by: User) -> Promise:
    """Take back what was said to have become of it; the one that is open then.

    One that was moved lives on in another, which gets the earlier time back. Whoever is to keep it is told.
    """
    _may_reopen(promise, by)
    _check_reason(reason, _("Say why it is open again."))
    why = within(reason, "reason", LONGEST_OUTCOME)
    row = _moved_back(promise) if promise.state is PromiseState.moved else _opened(promise, by)
    row.why = why
    db.flush()
    notices.tell(
        [row.person, row.client.curator],
        NoticeKind.promise_given,
        f"promise-{row.id}-again-{clock.now():%Y%m%d%H%M%S}",
        by=by,
        client=row.client,
        subject="promise",
        subject_id=row.id,
        data={"text": row.text[:200], "again": True},
    )
    return row


def may_reopen(promise: Promise, by: User) -> bool:
    """The row rule of ``promise_reopenable_by``, for a promise in hand."""
    try:
        _may_reopen(promise, by)
    except DomainError:
        return False
    return True


def may_settle(promise: Promise, by: User) -> bool:
    """The row rule of ``promise_settleable_by``, for an open promise in hand; who, of the other one too."""
    if not allows(by.role, Permission.promises_change):
        return False
    return by.id == promise.person_id or may_change(promise.client, by)


def may_name(client: Client, person: User, by: User) -> bool:
    """Whether this one may promise something in that one's name."""
    return person.id in {by.id, client.curator_id} or allows(by.role, Permission.every_row)


def check_text(text: str, *, field: str = "text") -> None:
    if not _said(text):
        raise DomainError(_("Say what is promised."), field=field)
    if len(_said(text)) > LONGEST:
        raise DomainError(_("Too long: at most %(num)d signs.", num=LONGEST), field=field)


def check_due(due_at: datetime | None, *, field: str = "due") -> None:
    if due_at is None:
        raise DomainError(
            _("Say until when: a day as people say it, like “by Friday” or “in 2 weeks”."), field=field
        )
    if due_at < clock.now():
        raise DomainError(_("This moment is past: a promise is due later."), field=field)


def _check_person(client: Client, person: User, by: User) -> None:
    if not person.active:
        raise DomainError(_("%(name)s has left: choose somebody else.", name=person.name), field="person")
    if not may_name(client, person, by):
        raise DomainError(
            _("You promise for yourself or for the curator; the head and the admin for anybody."),
            field="person",
        )


def _check_contact(client: Client, contact: ContactPerson | None) -> None:
    if contact is not None and contact.client_id != client.id:
        raise DomainError(_("%(names)s: not at this client.", names=contact.name), field="contact_person")


def _check_moves(promise: Promise, due_at: datetime | None) -> None:
    if due_at == promise.due_at:
        raise DomainError(_("It is due then already."), field="due")


def _check_reason(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise DomainError(sentence, field="reason")


def _may(promise: Promise, by: User) -> None:
    if not may_settle(promise, by):
        raise NotAllowed(
            _("Only whoever answers for it, the curator, his substitute and the head settle a promise.")
        )
    if promise.state is not PromiseState.open:
        raise DomainError(_("This promise is settled already."))


def _may_reopen(promise: Promise, by: User) -> None:
    if not may_settle(promise, by):
        raise NotAllowed(
            _("Only whoever answers for it, the curator, his substitute and the head take that back.")
        )
    if promise.settled_at is None:
        raise DomainError(_("This promise is open."))
    late = not may_be_taken_back(promise.settled_at, clock.now())
    if late and not allows(by.role, Permission.every_row):
        raise DomainError(_("After 14 days only the head takes back what became of a promise."))
    if promise.state is PromiseState.moved:
        _check_lives_on(promise, db.scalar(asked.moved_to(promise)))


def _check_lives_on(promise: Promise, later: Promise | None) -> None:
    if later is None or later.state is not PromiseState.open:
        raise DomainError(
            _("The promise it was moved to is settled too: take back what became of that one first.")
        )
    if later.due_at == promise.due_at:
        raise DomainError(_("It has its earlier time again already."))


def _moved_back(promise: Promise) -> Promise:
    later = db.scalars(asked.moved_to(promise)).one()
    later.due_at, later.whole_day = promise.due_at, promise.whole_day
    return later


def _opened(promise: Promise, by: User) -> Promise:
    """As it was; but who is to keep it may have changed meanwhile."""
    promise.person = _who_keeps(promise, by)
    promise.state, promise.outcome = PromiseState.open, ""
    promise.settled_at = promise.settled_by = None
    return promise


def _who_keeps(promise: Promise, by: User) -> User:
    """Had it stayed open, it would have gone along with its client, and from whoever has left."""
    person, curator = promise.person, promise.client.curator
    goes = not person.active or db.scalar(asked.curated_by_its_person(promise)) is not None
    if goes and curator is not None and curator.active:
        return curator
    return person if person.active else by


def _settle(promise: Promise, state: PromiseState, outcome: str, by: User) -> None:
    _may(promise, by)
    promise.state, promise.outcome = state, outcome
    promise.settled_at, promise.settled_by = clock.now(), by
    db.flush()


def _said(text: str) -> str:
    return text.replace("\x00", "").strip()
