"""A client's next contact, set in one step: the next plan is moved, or a call is planned."""

from datetime import datetime

from sqlalchemy import select

from crmadmin.core.db import db
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries.contacts import next_plan
from crmadmin.services import interactions
from models import Client, Interaction, InteractionKind, User
from models.kinds import InteractionState

_FIELD = "next_contact_at"


def planned(client: Client) -> Interaction | None:
    """What is to happen with the client first."""
    return db.scalar(next_plan(client.id))


def set_moment(client: Client, at: datetime | None, *, by: User) -> Interaction:
    """Move the client's next plan to that moment; where nothing is planned, plan a call."""
    plan = planned(client)
    if at is None:
        said = _("Cancel the plan on the card, with a reason.") if plan else _("Choose a day and a time.")
        raise DomainError(said, field=_FIELD)
    if plan is not None:
        plan.happened_at = at
        interactions.check(plan, by=by)
        return plan
    plan = Interaction(
        client=client,
        kind=usual_kind(),
        person=_whose(client, by),
        state=InteractionState.planned,
        happened_at=at,
    )
    interactions.check(plan, by=by, is_new=True)
    db.add(plan)
    return plan


def usual_kind() -> InteractionKind:
    """A call; else the first kind in use that is a contact."""
    asked = select(InteractionKind).where(InteractionKind.active, InteractionKind.contact)
    order = (InteractionKind.code != "call", InteractionKind.position, InteractionKind.id)
    kind = db.scalar(asked.order_by(*order).limit(1))
    if kind is None:
        raise DomainError(_("There is no kind of interaction to plan: make one first."), field=_FIELD)
    return kind


def _whose(client: Client, by: User) -> User:
    """The head plans for the curator; everybody else for himself."""
    for_others = allows(by.role, Permission.every_row)
    return client.curator if for_others and client.curator and client.curator.active else by
