"""What clients want and do not get yet. None of them runs."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, select, true
from sqlalchemy.orm import joinedload

from crmadmin.core import clock, sql
from crmadmin.queries.absences import clients_in_hands
from crmadmin.queries.visibility import wish_changeable_by, wish_visible_to
from crmadmin.rules.names import folded
from models import Client, User, Wish
from models.kinds import WishState

is_open = Wish.state == WishState.open
_SHOWN = (
    joinedload(Wish.client).joinedload(Client.group),
    joinedload(Wish.client).joinedload(Client.curator),
    joinedload(Wish.made_by),
)


def in_hands(viewer: User, at: datetime) -> ColumnElement[bool]:
    """Of clients he curates or substitutes for."""
    return Wish.client_id.in_(clients_in_hands(viewer, at))


def due_in(viewer: User, day: date) -> Select[Wish]:
    """Open ones of the clients in his hands to whom one comes back by the end of that day's week."""
    monday_after = day + timedelta(days=7 - day.weekday())
    due = (is_open, Wish.come_back_on < monday_after, in_hands(viewer, clock.now()))
    asked = select(Wish).where(*due, Wish.client.has(Client.archived_at.is_(None)))
    return asked.options(*_SHOWN).order_by(Wish.come_back_on, Wish.id)


def says(typed: str) -> ColumnElement[bool]:
    """All of the words, parts of words too, in any order: who wanted Spain?"""
    words = folded(typed).split()
    return and_(*(sql.contains(Wish.words_fold, word) for word in words)) if words else true()


def listed(viewer: User, where: Sequence[ColumnElement[bool]]) -> Select[int]:
    """Ids of wishes, the first to come back to first."""
    asked = select(Wish.id).where(wish_visible_to(viewer), *where)
    return asked.order_by(Wish.come_back_on.is_(None), Wish.come_back_on, Wish.id)


def told(viewer: User, ids: Sequence[int]) -> Select[Wish, bool]:
    """(wish, whether the viewer may change it) of these."""
    asked = select(Wish, wish_changeable_by(viewer).label("may_change"))
    return asked.where(Wish.id.in_(ids)).options(*_SHOWN)


def of_card(client: Client, most: int) -> Select[Wish]:
    """Open ones of a client."""
    asked = select(Wish).where(Wish.client_id == client.id, is_open)
    return asked.order_by(Wish.come_back_on.is_(None), Wish.come_back_on, Wish.id).limit(most)
