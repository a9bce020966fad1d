"""What the one box over everything asks: the first few of each kind, in the order of their lists."""

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, false, select
from sqlalchemy.orm import joinedload, selectinload

from crmadmin.queries import search
from crmadmin.queries.interaction_search import interaction_matches
from crmadmin.queries.visibility import client_visible_to, contact_person_visible_to, interaction_visible_to
from models import Client, ContactPerson, EmailAddress, Interaction, Telephone, User

FEW = 8

Meant = Callable[[str], ColumnElement[bool] | None]


def clients(text: str, viewer: User) -> Select[Client]:
    order = (Client.name_fold, Client.id)
    rows = _few(Client, partial(search.client_matches, first=True), client_visible_to(viewer), order)(text)
    return rows.options(
        joinedload(Client.group), selectinload(Client.telephones), selectinload(Client.emails)
    )


def contact_persons(text: str, viewer: User) -> Select[ContactPerson]:
    order = (ContactPerson.name_fold, ContactPerson.id)
    rule = contact_person_visible_to(viewer)
    meant = partial(search.contact_person_matches, first=True)
    rows = _few(ContactPerson, meant, rule, order)(text)
    return rows.options(joinedload(ContactPerson.client), *_lines_of_person())


def interactions(text: str, viewer: User) -> Select[Interaction]:
    order = (Interaction.happened_at.desc(), Interaction.id.desc())
    rows = _few(Interaction, interaction_matches, interaction_visible_to(viewer), order)(text)
    told = (Interaction.client, Interaction.kind, Interaction.person)
    return rows.options(*(joinedload(each) for each in told))


def persons_of(clients: list[Client]) -> Select[ContactPerson]:
    """Everybody at these clients: one of them may be why a client is found."""
    theirs = ContactPerson.client_id.in_([each.id for each in clients])
    rows = select(ContactPerson).where(theirs).options(*_lines_of_person())
    return rows.order_by(ContactPerson.client_id, ContactPerson.id)


def of_number(digits: str, viewer: User) -> Select[int]:
    """Clients with this very telephone, their own or a contact person's, or with this INN; two at most."""
    by_telephone = select(Telephone.client_id).where(Telephone.e164 == f"+{digits}")
    by_ten = select(Telephone.client_id).where(Telephone.e164 == f"+7{digits}")
    is_meant = Client.id.in_(by_telephone.union(by_ten)) | (Client.inn == digits)
    return select(Client.id).where(client_visible_to(viewer), is_meant).order_by(Client.id).limit(2)


def of_email(address: str, viewer: User) -> Select[int]:
    """Clients with this very e-mail; two at most."""
    theirs = select(EmailAddress.client_id).where(EmailAddress.normal == address)
    return (
        select(Client.id).where(client_visible_to(viewer), Client.id.in_(theirs)).order_by(Client.id).limit(2)
    )


def _lines_of_person() -> tuple[Any, ...]:
    return selectinload(ContactPerson.telephones), selectinload(ContactPerson.emails)


def _few(entity: Any, meant: Meant, rule: ColumnElement[bool], order: Any) -> Callable[[str], Select[Any]]:
    """Ids first, by narrow indexes; then their rows."""

    def asked(text: str) -> Select[Any]:
        found = meant(text)
        ids = select(entity.id).where(rule, false() if found is None else found).order_by(*order).limit(FEW)
        return select(entity).where(entity.id.in_(select(ids.subquery().c.id))).order_by(*order)

    return asked
