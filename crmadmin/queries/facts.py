"""What rules of groups may ask of a client: a catalogue of facts, each one expression. None of them runs.

A fact is a column of the client's row, or the sum of numbers over other rows, or is worked out of others;
money comes with deals, as a line more. Choices are sets: of regions, those it lies in too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, cast, func, literal, select, text

from crmadmin.core import sql
from crmadmin.core.db import Rows
from crmadmin.core.i18n import LazyString, lazy
from crmadmin.queries.contacts import is_of_contact_kind, silent_days, silent_since
from crmadmin.rules.grouping import FactKind
from models import (
    Channel,
    Client,
    ClientGroup,
    ContactPerson,
    GroupRule,
    GroupStanding,
    Industry,
    Interaction,
    Promise,
    Region,
    Tag,
    User,
)
from models.clients import client_tag
from models.kinds import ClientKind, InteractionState, PromiseSide

Column = Callable[[datetime], Any]
Counted = Callable[[datetime], Select[Any, Any]]

# Literal, for an index that holds only these is used where the statement says the same.
_UNANSWERED = text(
    "interaction.state = 'held' AND interaction.request <> '' AND interaction.reaction = '' "
    "AND interaction.answered_at IS NULL"
)
_OPEN = text("promise.state = 'open'")
_NOT_HELD = (InteractionState.planned, InteractionState.cancelled)


@dataclass(frozen=True)
class Fact:
    """``column``: read off the client; ``counted`` and ``few``: rows of (client, number), which are summed.

    ``few`` rows there are in all, so they are read for everybody at once. ``of`` is where a choice's values
    come from.
    """

    title: LazyString
    kind: FactKind = FactKind.number
    column: Column | None = None
    counted: Counted | None = None
    few: Counted | None = None
    of: Any = None
    of_points: bool = False  # is made of points, so no points may be given for it


def _contacts(days: int, title: LazyString) -> Fact:
    """All that there was, read from the index alone, less the few that were not held."""

    def there_was(at: datetime, sign: int = 1) -> Select[Any, Any]:
        within = Interaction.happened_at.between(at - timedelta(days=days), at)
        return _by_client(Interaction.client_id, sign).where(is_of_contact_kind(), within)

    def not_held(at: datetime) -> Select[Any, Any]:
        return there_was(at, -1).where(Interaction.state.in_(_NOT_HELD))

    return Fact(title, counted=there_was, few=not_held)


def _by_client(client_id: Any, sign: int = 1) -> Select[Any, Any]:
    number = (func.count() * sign).label("number")
    return select(client_id.label("client_id"), number).group_by(client_id)


def _requests(_at: datetime) -> Select[Any, Any]:
    """In the order of the index that holds these alone, so that SQLite takes that one."""
    asked = select(Interaction.client_id.label("client_id"), literal(1).label("number")).where(_UNANSWERED)
    return asked.order_by(Interaction.happened_at, Interaction.client_id, Interaction.id)


def _promises(_at: datetime) -> Select[Any, Any]:
    asked = select(Promise.client_id.label("client_id"), literal(1).label("number"))
    return asked.where(_OPEN, Promise.side == PromiseSide.ours).order_by(Promise.due_at)


def _overdue(at: datetime) -> Select[Any, Any]:
    return _promises(at).where(Promise.due_at < at)


def _persons(_at: datetime) -> Select[Any, Any]:
    return _by_client(ContactPerson.client_id).where(ContactPerson.archived_at.is_(None))


def _age(at: datetime) -> ColumnElement[int]:
    """Whole days: one that is nearly over is none yet, on either database."""
    return cast(func.round(sql.days_between(Client.created_at, at) - 0.499999), Integer)


def tags() -> Select[Any, Any]:
    return select(client_tag.c.client_id.label("client_id"), client_tag.c.tag_id.label("number"))


CHOICE = FactKind.choice

FACTS: dict[str, Fact] = {
    "days_since_contact": Fact(lazy("Days without a contact"), column=silent_days),
    "silence": Fact(lazy("Silence, in rhythms"), column=lambda at: sql.days_between(silent_since(), at)),
    "contacts_90": _contacts(90, lazy("Contacts in 90 days")),
    "contacts_365": _contacts(365, lazy("Contacts in 365 days")),
    "age_days": Fact(lazy("Days since it was added"), column=_age),
    "open_requests": Fact(lazy("Requests without an answer"), few=_requests),
    "open_promises": Fact(lazy("Open promises of ours"), few=_promises),
    "overdue_promises": Fact(lazy("Overdue promises of ours"), few=_overdue),
    "persons": Fact(lazy("Contact persons there"), counted=_persons),
    "potential": Fact(lazy("Potential, in points"), of_points=True),
    "intensity": Fact(lazy("Intensity, in points"), of_points=True),
    "industry": Fact(lazy("Industry"), CHOICE, column=lambda _at: Client.industry_id, of=Industry),
    "region": Fact(lazy("Region"), CHOICE, column=lambda _at: Client.region_id, of=Region),
    "client_kind": Fact(lazy("Company or person"), CHOICE, column=lambda _at: Client.kind, of=ClientKind),
    "channel": Fact(lazy("Came to us by"), CHOICE, column=lambda _at: Client.channel_id, of=Channel),
    "tag": Fact(lazy("Tags"), CHOICE, of=Tag),
    "group": Fact(lazy("Group it is in"), CHOICE, of=ClientGroup),
}


BEFORE_FACTS = 8  # columns of every subject, before those of its facts


def subjects(columns: dict[str, ColumnElement[Any]]) -> Select[Any]:
    """Clients that are not put away, in the order of their numbers: where each stands, and since when."""
    stay = select(GroupRule.stay_days).where(GroupRule.id == GroupStanding.rule_id).scalar_subquery()
    asked = select(
        Client.id, Client.group_id, Client.curator_id, Client.rhythm_days,
        GroupStanding.since, GroupStanding.by_hand, GroupStanding.held_until, stay.label("stay_days"),
        *(value.label(f"fact_{code}") for code, value in columns.items()),
    )  # fmt: skip
    joined = asked.select_from(Client).outerjoin(GroupStanding, GroupStanding.client_id == Client.id)
    return joined.where(Client.archived_at.is_(None)).order_by(Client.id)


def ids_after(client_id: int, most: int) -> Select[int]:
    """Of these clients, the next ones behind that number."""
    after = (Client.id > client_id, Client.archived_at.is_(None))
    return select(Client.id).where(*after).order_by(Client.id).limit(most)


def how_many() -> Select[int]:
    return select(func.count()).select_from(Client).where(Client.archived_at.is_(None))


def names_of(client_ids: list[int]) -> Rows:
    """(id, name, curator) of these clients."""
    asked = select(Client.id, Client.name, User.name.label("curator")).outerjoin(
        User, User.id == Client.curator_id
    )
    return asked.where(Client.id.in_(client_ids))
