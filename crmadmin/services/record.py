"""One act of the quick record: what happened, whom one got to know, what plan it was, and what follows.

Whatever must hold of an interaction by any door stands in ``services.interactions``; here stands what the
quick record asks beside it: a word of what was said, and a next step. The caller keeps all of it or nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from sqlalchemy import inspect, select

from crmadmin.core import clock, i18n
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed, all_hold
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.rules.names import folded
from crmadmin.services import contact_persons, interactions, next_contact, record_promises, requests
from crmadmin.services.meanwhile import mark, refuse_if_changed
from models import Client, ContactPerson, Interaction, InteractionKind, Result, User
from models.kinds import Direction, InteractionState

LONGEST_REASON = 500


@dataclass
class Draft:
    """What was typed, as rows and moments. ``plans`` are those of his that came true by it, or are done with,
    ``answers`` the client's open requests that it answers.

    ``held`` is the plan whose own form this is: it keeps its person, and its note is no word of today.
    ``keeps_next``: what is planned already is the next step. ``seen``: the mark of the plan that was
    shown; of another one nothing is overwritten unseen.
    """

    client: Client
    kind: InteractionKind | None = None
    direction: Direction = Direction.outgoing
    happened_at: datetime | None = None
    persons: list[ContactPerson] = field(default_factory=list[ContactPerson])
    new_person: str = ""
    request: str = ""
    reaction: str = ""
    note: str = ""
    result: Result | None = None
    minutes: int | None = None
    held: Interaction | None = None
    plans: list[Interaction] = field(default_factory=list[Interaction])
    answers: list[Interaction] = field(default_factory=list[Interaction])
    next_at: datetime | None = None
    next_kind: InteractionKind | None = None
    no_next_reason: str = ""
    keeps_next: bool = False
    seen: str | None = None


def mark_of(plan: Interaction) -> str:
    """What the form of a plan that came true carries of the plan it showed."""
    persons = sorted(each.id for each in plan.contact_persons)
    texts = (plan.request, plan.reaction, plan.note)
    return mark(plan.kind_id, plan.direction.value, plan.happened_at, *texts, persons)


def record(draft: Draft, *, by: User) -> Interaction:
    """Keep what happened. A plan that came true becomes the record: plan and fact are one row.

    Lines that begin with "!" are promises, and no words of the record.
    """
    plan = _plan_of(draft)
    had_words = _words_of(plan)
    row = plan or Interaction(client=draft.client)
    with db.no_autoflush:
        others = [each for each in draft.plans if each is not row]
        persons = [*draft.persons, *_acquaintance(draft)]
        settled = [each.id for each in (plan, *others) if each is not None]
        said = promised(draft, settled)
        _fill(row, replace(draft, **said.texts), persons, by)
        all_hold(
            partial(interactions.check, row, by=by, is_new=plan is None),
            partial(_check_person, draft, persons, by),
            partial(_ask_words, row, had_words, bool(said.promises)),
            partial(_ask_next, draft, settled),
            partial(_check_reason, draft),
            *(each.check for each in said.promises),
        )
    db.add(row)
    for each in others:
        what = f"{row.kind}, {i18n.moment_exact(row.happened_at)}"
        interactions.cancel(each, reason=_("Settled by a record: %(what)s.", what=what), by=by)
    db.flush()
    for each in draft.answers:
        requests.answer(each, row, by=by)
    record_promises.give(said, row, by=by)
    if draft.next_at is not None:
        _follow(row, draft, draft.next_at, by)
    return row


def promised(draft: Draft, settled: Sequence[int] = ()) -> record_promises.Said:
    """What is promised in it, and what is said beside that. Undated, it is due with the next contact."""
    stands = _standing(draft.client, settled) if draft.keeps_next else None
    return record_promises.taken_out(draft, draft.next_at or (stands and stands.happened_at))


def move(plan: Interaction, at: datetime | None, *, by: User) -> None:
    """Put a plan to another moment, which lies ahead."""
    still_planned(plan)
    if at is None:
        raise DomainError(_("Choose a day and a time."), field="at")
    if at < clock.now() - interactions.CLOCKS_DIFFER:
        raise DomainError(_("The next contact lies ahead: choose a later moment."), field="at")
    plan.happened_at = at
    interactions.check(plan, by=by)


def call_off(plan: Interaction, *, reason: str, by: User) -> None:
    """Cancel a plan, with a reason."""
    still_planned(plan)
    _check_length(reason, "cancel_reason")
    interactions.cancel(plan, reason=reason, by=by)


def still_planned(plan: Interaction) -> None:
    if plan.state != InteractionState.planned:
        raise DomainError(_("This is no plan any more: somebody has recorded or cancelled it meanwhile."))


# What it was


def _plan_of(draft: Draft) -> Interaction | None:
    """The plan that came true: the one whose form it is; else of those that are ticked the one of its kind,
    else the earliest."""
    for each in (draft.held, *draft.plans):
        if each is not None:
            still_planned(each)
    if draft.held is not None:
        refuse_if_changed(mark_of(draft.held), draft.seen, says=_now(draft.held))
    if draft.held is not None or not draft.plans:
        return draft.held
    return min(draft.plans, key=lambda each: (each.kind is not draft.kind, each.happened_at))


def _now(plan: Interaction) -> str:
    persons = [each.name for each in plan.contact_persons]
    said = (str(plan.kind), i18n.moment(plan.happened_at), *persons, plan.request, plan.reaction, plan.note)
    return ", ".join(each for each in said if each)


def _fill(row: Interaction, draft: Draft, persons: list[ContactPerson], by: User) -> None:
    if draft.held is None:
        row.person = by
    row.state, row.direction = InteractionState.held, draft.direction
    row.happened_at = draft.happened_at or clock.now()
    row.kind = draft.kind  # pyright: ignore[reportAttributeAccessIssue] - the check says what is missing
    row.request, row.reaction, row.note = draft.request, draft.reaction, draft.note
    row.result, row.minutes = draft.result, draft.minutes
    row.no_next_reason = draft.no_next_reason[:LONGEST_REASON]
    row.contact_persons = persons


def _words_of(plan: Interaction | None) -> tuple[str, str, str]:
    return (plan.request, plan.reaction, plan.note) if plan else ("", "", "")


def _ask_words(row: Interaction, before: tuple[str, str, str], promised: bool) -> None:
    said = promised or any(
        new.strip() and new != old for new, old in zip(_words_of(row), before, strict=True)
    )
    if not said and row.result is None:
        raise DomainError(
            _("Say what it was about: the request, what you did, the result or a note."), field="request"
        )


# Whom one got to know


def _acquaintance(draft: Draft) -> list[ContactPerson]:
    """Somebody whose name was typed: known there already, or new."""
    name = " ".join(draft.new_person.split())
    if not name:
        return []
    same = (ContactPerson.client_id == draft.client.id, ContactPerson.name_fold == folded(name))
    asked = select(ContactPerson).where(*same, ContactPerson.archived_at.is_(None))
    known = db.scalars(asked.order_by(ContactPerson.id)).first()
    if known is not None:
        return [] if known in draft.persons else [known]
    return [ContactPerson(client=draft.client, client_id=draft.client.id, name=name)]


def _check_person(draft: Draft, persons: list[ContactPerson], by: User) -> None:
    """A new person is a change of the card; what is refused about him is told where he was typed."""
    new = [each for each in persons if not inspect(each).persistent]
    checks = [partial(contact_persons.check, each, by=by, is_new=True) for each in new]
    try:
        all_hold(*checks)
    except DomainError as refusal:
        said = str(refusal)
        if isinstance(refusal, NotAllowed):
            said = _("%(why)s Name this person in the note.", why=said)
        raise DomainError(said, field="new_person") from refusal


# What follows


def _ask_next(draft: Draft, settled: list[int]) -> None:
    """After a contact there is a next step: a plan, one that stands already, or a reason for none."""
    steps = (draft.next_at is not None, bool(draft.no_next_reason.strip()), draft.keeps_next)
    if sum(steps) > 1:
        raise DomainError(_("Either there is a next contact, or a reason for none."), field="follow")
    if draft.keeps_next and _standing(draft.client, settled) is None:
        raise DomainError(_("No other contact is planned: say when the next one is."), field="follow")
    if not any(steps) and (draft.kind is None or draft.kind.contact):
        raise DomainError(_("Say when the next contact is, or why there is none."), field="follow")
    if draft.next_at is None:
        return
    if draft.next_at < clock.now() - interactions.CLOCKS_DIFFER:
        raise DomainError(_("The next contact lies ahead: choose a later moment."), field="follow")
    if draft.client.archived:
        raise DomainError(_("This client is archived: bring it back before planning."), field="follow")


def _check_reason(draft: Draft) -> None:
    _check_length(draft.no_next_reason, "no_next_reason")


def _check_length(reason: str, where: str) -> None:
    if len(reason) > LONGEST_REASON:
        raise DomainError(_("A reason is of 500 signs at most."), field=where)


def _standing(client: Client, settled: Sequence[int]) -> Interaction | None:
    """What else is planned with the client first."""
    planned = (Interaction.client_id == client.id, Interaction.state == InteractionState.planned)
    asked = select(Interaction).where(*planned, Interaction.id.not_in(settled))
    return db.scalar(asked.order_by(Interaction.happened_at, Interaction.id).limit(1))


def _follow(row: Interaction, draft: Draft, at: datetime, by: User) -> None:
    for_others = allows(by.role, Permission.every_row)
    plan = Interaction(
        client=row.client,
        kind=draft.next_kind or next_contact.usual_kind(),
        person=row.person if for_others else by,
        state=InteractionState.planned,
        happened_at=at,
        follows_id=row.id,
        contact_persons=list(row.contact_persons),
    )
    interactions.check(plan, by=by, is_new=True)
    db.add(plan)
