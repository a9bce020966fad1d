"""What each curator has on his hands: one grouped question a number, however many people. None runs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select

from crmadmin.queries.choices import CURATING
from crmadmin.queries.clients import is_archived
from crmadmin.queries.contacts import is_contact, is_held, is_silent
from models import Client, Interaction, User


def has_clients() -> ColumnElement[bool]:
    return User.id.in_(select(Client.curator_id).where(Client.curator_id.is_not(None), ~is_archived))


def is_curator() -> ColumnElement[bool]:
    """Whoever may have clients, and a leaver who still has some."""
    return or_(User.active & User.role.in_(CURATING), has_clients())


def clients_by_group(of: Sequence[int], at: datetime) -> Select[int, int, int, int]:
    """(curator, group, how many of his clients are in it, how many of these are silent)."""
    silent = func.count().filter(is_silent(at))
    asked = select(Client.curator_id, Client.group_id, func.count(), silent)
    of_them = asked.where(Client.curator_id.in_(of), ~is_archived)
    return of_them.group_by(Client.curator_id, Client.group_id)  # pyright: ignore[reportReturnType]


def contacts_since(of: Sequence[int], start: datetime) -> Select[int, int]:
    """(person, how many contacts he held from then on)."""
    of_them = select(Interaction.person_id, func.count()).where(Interaction.person_id.in_(of))
    return of_them.where(is_contact(), Interaction.happened_at >= start).group_by(Interaction.person_id)


def last_held() -> ScalarSelect[datetime]:
    """The moment of a person's last held interaction, for a question about people."""
    newest = select(Interaction.happened_at).where(Interaction.person_id == User.id, is_held)
    return newest.order_by(Interaction.happened_at.desc()).limit(1).correlate(User).scalar_subquery()
