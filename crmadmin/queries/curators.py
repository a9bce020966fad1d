"""What each curator has on his hands: one grouped question a number, however many people. None runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
)

from crmadmin.queries.choices import CURATING
from crmadmin.queries.clients import is_archived
from crmadmin.queries.contacts import Moment, is_contact, is_held, is_silent
from models import Client, ClientGroup, Interaction, User
from models.base import UtcDateTime


def has_clients() -> ColumnElement[bool]:
    return exists().where(Client.curator_id == User.id, ~is_archived)


def has_clients_in(groups: Sequence[int]) -> ColumnElement[bool]:
    """Some of whose clients are in one of these groups."""
    return exists().where(Client.curator_id == User.id, Client.group_id.in_(groups), ~is_archived)


def has_silent_clients(at: Moment) -> ColumnElement[bool]:
    return exists().where(Client.curator_id == User.id, is_silent(at))


def is_curator() -> ColumnElement[bool]:
    """Whoever may have clients, and a leaver who still has some."""
    return or_(User.active & User.role.in_(CURATING), has_clients())


def count_of_all_clients(curator_id: int) -> Select[int]:
    """Those that are put away too: whoever brings one back must find a curator."""
    return select(func.count()).select_from(Client).where(Client.curator_id == curator_id)


def clients_by_group(
    of: Sequence[int], groups: Sequence[ClientGroup], at: datetime
) -> Select[int, int, int, int]:
    """(curator, group, how many of his clients are in it, how many of these are silent).

    Each pair is counted in its own part of an index. Of a client with the rhythm of its group, which nearly
    all have, that index tells by one moment who is silent, and the others are not even looked at.
    """
    theirs = select(func.count()).where(
        Client.curator_id == User.id, Client.group_id == ClientGroup.id, ~is_archived
    )
    theirs = theirs.correlate(User, ClientGroup)
    usual, latest = theirs.where(Client.rhythm_days.is_(None)), _latest(groups, at)
    spoken = usual.where(Client.last_contact_at < latest)
    never = usual.where(Client.last_contact_at.is_(None), Client.created_at < latest)
    own = theirs.where(Client.rhythm_days.is_not(None), is_silent(at))
    silent = sum((part.scalar_subquery() for part in (spoken, never, own)), start=literal(0))
    asked = select(User.id, ClientGroup.id, theirs.scalar_subquery(), silent)
    return asked.select_from(User).join(ClientGroup, true()).where(User.id.in_(of))  # pyright: ignore[reportReturnType]


def _latest(groups: Sequence[ClientGroup], at: datetime) -> ColumnElement[datetime | None]:
    """Since when a client of a group is silent whose rhythm is the group's."""
    known = {each.id: at - timedelta(days=each.rhythm_days) for each in groups if each.rhythm_days}
    moments = {id: literal(moment, UtcDateTime) for id, moment in known.items()}
    return case(moments, value=ClientGroup.id) if moments else cast(null(), UtcDateTime)


def contacts_since(of: Sequence[int], start: datetime) -> Select[int, int]:
    """(person, how many contacts he held from then on)."""
    of_them = select(Interaction.person_id, func.count()).where(Interaction.person_id.in_(of))
    return of_them.where(is_contact(), Interaction.happened_at >= start).group_by(Interaction.person_id)


def clients_in_hand() -> ScalarSelect[int]:
    """How many clients a person curates, for a question about people."""
    of_him = select(func.count()).where(Client.curator_id == User.id, ~is_archived)
    return of_him.correlate(User).scalar_subquery()


def clients_in_group(group_id: int | ScalarSelect[int]) -> ScalarSelect[int]:
    """How many of them are in a group."""
    of_him = select(func.count()).where(
        Client.curator_id == User.id, Client.group_id == group_id, ~is_archived
    )
    return of_him.correlate(User).scalar_subquery()


def first_of_groups() -> ScalarSelect[int]:
    """The group that stands first, the dearest of all."""
    return select(ClientGroup.id).order_by(ClientGroup.position, ClientGroup.id).limit(1).scalar_subquery()


def silent_in_hand(at: Moment) -> ScalarSelect[int]:
    """How many of them are silent."""
    of_him = select(func.count()).where(Client.curator_id == User.id, is_silent(at))
    return of_him.correlate(User).scalar_subquery()


def contacts_of_each(start: Moment) -> ScalarSelect[int]:
    """How many contacts a person held from then on."""
    of_him = select(func.count()).where(Interaction.person_id == User.id, Interaction.happened_at >= start)
    return of_him.where(is_contact()).correlate(User).scalar_subquery()


def last_held() -> ScalarSelect[datetime]:
    """The moment of a person's last held interaction, for a question about people."""
    newest = select(Interaction.happened_at).where(Interaction.person_id == User.id, is_held)
    return newest.order_by(Interaction.happened_at.desc()).limit(1).correlate(User).scalar_subquery()
