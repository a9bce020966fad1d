"""What clients asked and nobody has answered yet. None of them runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, text
from sqlalchemy.orm import joinedload, load_only

from crmadmin.queries.absences import clients_in_hands
from crmadmin.queries.visibility import interaction_visible_to, request_answerable_by
from models import Client, Interaction, User

# Literal, for an index that holds only these is used where the statement says the same.
is_unanswered: Any = text(
    "interaction.state <> 'planned' AND interaction.state <> 'cancelled' AND interaction.request <> ''"
    " AND interaction.reaction = '' AND interaction.answered_at IS NULL"
)
MOST_COUNTED = 1_000


def in_hands(viewer: User, at: datetime) -> ColumnElement[bool]:
    """Of clients he curates or substitutes for."""
    return Interaction.client_id.in_(clients_in_hands(viewer, at))


def listed(viewer: User, where: Sequence[Any], at: datetime) -> Select[int]:
    """Ids of what waits at that moment, the oldest first."""
    asked = select(Interaction.id).where(is_unanswered, interaction_visible_to(viewer), *where)
    return asked.where(_asked_by(at)).order_by(Interaction.happened_at, Interaction.id)


def _asked_by(at: datetime) -> ColumnElement[bool]:
    """It always is, within what clocks differ by; said so that the oldest are met first in their index."""
    return Interaction.happened_at < at + timedelta(days=1)


def told(viewer: User, ids: Sequence[int]) -> Select[Interaction, bool]:
    """(record, whether the viewer may say that it needs no answer) of these."""
    client = joinedload(Interaction.client).load_only(Client.name, Client.group_id, Client.curator_id)
    loads = (
        load_only(*_LINE), client.joinedload(Client.group),
        client.joinedload(Client.curator).load_only(User.name),
        joinedload(Interaction.kind), joinedload(Interaction.person).load_only(User.name),
    )  # fmt: skip
    asked = select(Interaction, request_answerable_by(viewer).label("may_answer"))
    return asked.where(Interaction.id.in_(ids)).options(*loads)


_LINE = (
    Interaction.client_id, Interaction.kind_id, Interaction.person_id, Interaction.happened_at,
    Interaction.request,
)  # fmt: skip


def older_than(at: datetime, where: Sequence[Any] = ()) -> Select[int]:
    """How many of them wait since before that moment; no more than ``MOST_COUNTED`` and one are counted."""
    asked = select(Interaction.id).where(is_unanswered, Interaction.happened_at < at, *where)
    return select(func.count()).select_from(asked.limit(MOST_COUNTED + 1).subquery())


def of_client(client_id: int, most: int) -> Select[Interaction]:
    """Of one client, the oldest first."""
    asked = select(Interaction).where(is_unanswered, Interaction.client_id == client_id)
    loads = (joinedload(Interaction.kind), joinedload(Interaction.person))
    return asked.options(*loads).order_by(Interaction.happened_at, Interaction.id).limit(most)


def answered_by(id: int) -> Select[Interaction]:
    """The requests that a record answers."""
    return select(Interaction).where(Interaction.answer_id == id).order_by(Interaction.id)
