"""A manager offers a client of his to somebody; the head accepts or declines with a word."""

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed, NotFound
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows, roles_with
from crmadmin.queries import handover as asked
from crmadmin.queries.choices import CURATING
from crmadmin.services import assignment, notices
from crmadmin.services.meanwhile import hold
from models import Client, HandoverOffer, User
from models.kinds import NoticeKind, OfferState

_DECIDING = roles_with(Permission.curators_change)


def may_offer(client: Client, by: User) -> bool:
    """His own client; whoever decides needs no offer."""
    own = client.curator_id == by.id and allows(by.role, Permission.handover_offer)
    return own and not allows(by.role, Permission.curators_change)


def offer(client: Client, to: User | None, *, reason: str, by: User) -> HandoverOffer:
    db.scalar(select(Client.id).where(Client.id == client.id).with_for_update())
    if not may_offer(client, by):
        raise NotAllowed(_("Only a client's curator offers it to somebody."))
    if to is None or to.id == by.id or to.role not in CURATING:
        raise DomainError(_("Choose one."), field="to")
    assignment.must_be_here(to, field="to")
    if not reason.strip():
        raise DomainError(_("Say why."), field="reason")
    _withdraw_stale(client)
    if db.scalar(asked.offer_of(client)) is not None:
        raise DomainError(_("This client is offered already: the head has not decided yet."))
    row = HandoverOffer(
        client=client, from_person=by, to_person=to, reason=reason.strip()[:500], offered_at=clock.now()
    )
    row.state = OfferState.offered
    db.add(row)
    db.flush()
    heads = db.scalars(select(User).where(User.active, User.role.in_(_DECIDING)).order_by(User.id)).all()
    _tell([*heads, to], NoticeKind.client_offered, row, by)
    return row


def decide(row: HandoverOffer, *, accept: bool, answer: str, by: User) -> None:
    """Accepted, the client is the other one's at once; both are told, with the head's word."""
    if not allows(by.role, Permission.curators_change):
        raise NotAllowed(_("Only the head and the admin change a client's curator."))
    hold(row.client)  # nobody hands it over between the look at its curator and the change
    _still_open(row)
    if not answer.strip():
        raise DomainError(_("Say a word to it: both will read it."), field="answer")
    if accept and row.client.curator_id != row.from_id:
        raise DomainError(_("This client has another curator by now."))
    row.state = OfferState.accepted if accept else OfferState.declined
    row.decided_at, row.decided_by, row.answer = clock.now(), by, answer.strip()[:500]
    if accept:
        assignment.assign(row.client, row.to_person, reason=row.reason, by=by)
    db.flush()
    _tell([row.from_person, row.to_person], NoticeKind.offer_decided, row, by)


def withdraw(row: HandoverOffer, *, by: User) -> None:
    if row.from_id != by.id and not allows(by.role, Permission.curators_change):
        raise NotAllowed(_("Only whoever offered it takes it back."))
    _still_open(row)
    _close(row, by)
    _tell([row.from_person, row.to_person], NoticeKind.offer_withdrawn, row, by)


def withdraw_all_of(person: User, *, by: User) -> None:
    """He leaves: what he offers, or is offered, comes to nothing, and the other one is told."""
    for row in db.scalars(asked.offers_of_person(person.id)).all():
        _close(row, by)
        other = row.to_person if row.from_id == person.id else row.from_person
        _tell([other], NoticeKind.offer_withdrawn, row, by)


def known(offer_id: int) -> HandoverOffer:
    row = db.get(HandoverOffer, offer_id)
    if row is None:
        raise NotFound(_("There is no such offer."))
    return row


def _close(row: HandoverOffer, by: User | None) -> None:
    row.state, row.decided_at, row.decided_by = OfferState.withdrawn, clock.now(), by
    db.flush()


def _withdraw_stale(client: Client) -> None:
    """An offer of somebody who is its curator no longer."""
    open_ones = select(HandoverOffer).where(
        HandoverOffer.client_id == client.id,
        HandoverOffer.state == OfferState.offered,
        HandoverOffer.from_id != client.curator_id,
    )
    for row in db.scalars(open_ones).all():
        _close(row, None)


def _still_open(row: HandoverOffer) -> None:
    db.refresh(row, ["state"], with_for_update=True)
    if row.state is not OfferState.offered:
        raise DomainError(_("This offer is decided on already."))


def _tell(people: list[User], kind: NoticeKind, row: HandoverOffer, by: User) -> None:
    said = {
        "from": row.from_person.name, "to": row.to_person.name, "reason": row.reason,
        "answer": row.answer, "state": row.state.value,
    }  # fmt: skip
    key = f"offer-{row.id}-{row.state}"
    notices.tell(
        people, kind, key, by=by, client=row.client, subject="handover_offer", subject_id=row.id, data=said
    )
