"""What each curator has on his hands: one grouped question a number, however many people. None runs."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, exists, false, func, literal, or_, select

from crmadmin.queries.choices import CURATING
from crmadmin.queries.clients import is_archived
from crmadmin.queries.contacts import is_contact, is_held, is_silent
from models import Client, ClientGroup, Interaction, User
from models.base import UtcDateTime


def has_clients() -> ColumnElement[bool]:
    return exists().where(Client.curator_id == User.id, ~is_archived)


def is_curator() -> ColumnElement[bool]:
    """Whoever may have clients, and a leaver who still has some."""
    return or_(User.active & User.role.in_(CURATING), has_clients())


def count_of_clients(curator_id: int) -> Select[int]:
    """How many clients he has on his hands."""
    return select(func.count()).select_from(Client).where(Client.curator_id == curator_id, ~is_archived)


def clients_by_group(
    of: Sequence[int], groups: Iterable[ClientGroup], at: datetime
) -> Select[int, int, int, int]:
    """(curator, group, how many of his clients are in it, how many of these are silent)."""
    silent = func.count().filter(_is_silent(groups, at))
    asked = select(Client.curator_id, Client.group_id, func.count(), silent)
    of_them = asked.where(Client.curator_id.in_(of), ~is_archived)
    return of_them.group_by(Client.curator_id, Client.group_id)  # pyright: ignore[reportReturnType]


def _is_silent(groups: Iterable[ClientGroup], at: datetime) -> ColumnElement[bool]:
    """`is_silent`, said of clients that are not archived by a moment for each group.

    Of a client with the rhythm of its group, which nearly all have, two moments are compared: that is ten
    times as quick as to reckon how many rhythms ago the last contact was.
    """
    since = func.coalesce(Client.last_contact_at, Client.created_at)
    latest = {
        each.id: literal(at - timedelta(days=each.rhythm_days), UtcDateTime)
        for each in groups
        if each.rhythm_days
    }
    by_group = since < case(latest, value=Client.group_id) if latest else false()
    return case((Client.rhythm_days.is_(None), by_group), else_=is_silent(at))


def contacts_since(of: Sequence[int], start: datetime) -> Select[int, int]:
    """(person, how many contacts he held from then on)."""
    of_them = select(Interaction.person_id, func.count()).where(Interaction.person_id.in_(of))
    return of_them.where(is_contact(), Interaction.happened_at >= start).group_by(Interaction.person_id)


def last_held() -> ScalarSelect[datetime]:
    """The moment of a person's last held interaction, for a question about people."""
    newest = select(Interaction.happened_at).where(Interaction.person_id == User.id, is_held)
    return newest.order_by(Interaction.happened_at.desc()).limit(1).correlate(User).scalar_subquery()
