"""Who is silent, sorted by trouble; and the reasons to talk about it. None of them runs."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Float,
    Integer,
    Select,
    Subquery,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import joinedload, load_only, selectinload

from crmadmin.core.db import Rows
from crmadmin.core.sql import days_between
from crmadmin.queries import kpi_clients
from crmadmin.queries.choices import CURATING
from crmadmin.queries.contacts import is_contact, silence, silent_since
from models import Client, ClientGroup, Interaction, SilenceTalk, User
from models.base import UtcDateTime, named

Criteria = Sequence[ColumnElement[bool]]

# As it is asked for here: the silent are chosen in their own order, not from the index of regions.
region: Any = func.coalesce(Client.region_id, 0)

MOST_GROUPS = 20  # that are read in order; SQLite puts only so many questions together


def most_silent(
    groups: Iterable[ClientGroup], at: datetime, where: Criteria, *, most: int
) -> Select[int, float, bool]:
    """(client, silence, whether anything is planned): those with no plan at all first, then the longest.

    Of a group's clients that share its rhythm the longest silent are those whose last contact is the oldest:
    they are read from an index in that order, a few of each group, and only these are compared.
    """
    ways = _ways(groups, at)
    parts = [_oldest(way, where, is_planned, most) for is_planned in (False, True) for way in ways]
    found = union_all(*(select(*_FOUND).select_from(part) for part in parts)).subquery()
    id, quiet, planned = _FOUND
    asked: Any = select(*_FOUND).select_from(found)
    return asked.order_by(planned, quiet.desc(), id).limit(most)


# By their names: to ask each part for its columns takes longer than to find the clients.
_FOUND = (
    literal_column("id", Integer),
    literal_column("quiet", Float),
    literal_column("planned", Boolean),
)


class _Way(NamedTuple):
    """One kind of silent client, what puts the longest silent of it first, and how silent it is."""

    criteria: Criteria
    order: ColumnElement[Any]
    quiet: ColumnElement[float]


def _ways(groups: Iterable[ClientGroup], at: datetime) -> list[_Way]:
    here = Client.archived_at.is_(None)
    quiet = silence(at)
    ways = [_Way([here, Client.rhythm_days.is_not(None), quiet > 1], -quiet, quiet)]
    expected = [group for group in groups if group.rhythm_days is not None]
    if rest := [group.id for group in expected[MOST_GROUPS:]]:
        others = [here, Client.rhythm_days.is_(None), Client.group_id.in_(rest), quiet > 1]
        ways.append(_Way(others, -quiet, quiet))
    for group in expected[:MOST_GROUPS]:
        rhythm = group.rhythm_days or 0
        latest = literal(at - timedelta(days=rhythm), UtcDateTime)
        theirs = [here, Client.rhythm_days.is_(None), Client.group_id == group.id]
        spoken, made = Client.last_contact_at.expression, Client.created_at.expression
        never = [*theirs, Client.last_contact_at.is_(None), made < latest]
        ways.append(_Way([*theirs, spoken < latest], spoken, days_between(spoken, at) / rhythm))
        ways.append(_Way(never, made, days_between(made, at) / rhythm))
    return ways


def _oldest(way: _Way, where: Criteria, is_planned: bool, most: int) -> Subquery:
    # Said so that nobody reads the index of all who have, or have not, a plan.
    plan = func.coalesce(Client.next_contact_at, Client.next_contact_at)
    asked = select(Client.id, way.quiet.label("quiet"), literal(is_planned).label("planned"))
    asked = asked.where(*way.criteria, *where, plan.is_not(None) if is_planned else plan.is_(None))
    return asked.order_by(way.order, Client.id).limit(most).subquery()


def by_curator(groups: Iterable[ClientGroup], at: datetime) -> Select[int, int, int]:
    """(person, clients, silent ones) in two parts, to be added up: those who may have clients, each counted
    in the index of his own; and the silent, as the numbers count them."""
    his = select(func.count()).where(Client.curator_id == User.id, Client.archived_at.is_(None))
    clients = his.correlate(User).scalar_subquery()
    curating = select(User.id.label("who")).where(User.active, User.role.in_(CURATING))
    standing = kpi_clients.standing_now(curating, groups, at).subquery()
    silent = select(standing.c.person, literal(0), standing.c.silent)
    found = union_all(curating.add_columns(clients.label("clients"), literal(0).label("silent")), silent)
    return select(*found.subquery().c)


def told(ids: Sequence[int]) -> Select[Client]:
    """Clients by their ids, with all that a line of the radar says."""
    loads = (
        load_only(*_LINE),
        joinedload(Client.group),
        joinedload(Client.curator).load_only(User.name),
        joinedload(Client.last_contact_by).load_only(User.name),
        joinedload(Client.last_contact_kind),
        selectinload(Client.telephones),
    )
    return select(Client).where(Client.id.in_(ids)).options(*loads)


_LINE = (
    Client.name, Client.group_id, Client.curator_id, Client.rhythm_days, Client.created_at,
    Client.last_contact_at, Client.last_contact_by_id, Client.last_contact_kind_id, Client.next_contact_at,
)  # fmt: skip


def pictured(found: Select[int, float, bool], since: datetime) -> Rows:
    """`most_silent` with what a point of the picture says: ``contacts`` are those held since then."""
    rows: Any = found.subquery()
    id, quiet, planned = (rows.c[name] for name in ("id", "quiet", "planned"))
    contacts = select(func.count()).where(Interaction.client_id == id, Interaction.happened_at >= since)
    asked = select(id, quiet, planned, Client.name, named(ClientGroup).label("group"), ClientGroup.tone)
    asked = asked.add_columns(
        func.coalesce(Client.rhythm_days, ClientGroup.rhythm_days).label("rhythm"),
        silent_since().label("since"),
        contacts.where(is_contact()).scalar_subquery().label("contacts"),
    )
    asked = asked.join(Client, Client.id == id).join(ClientGroup, ClientGroup.id == Client.group_id)
    return asked.order_by(planned, quiet.desc(), id)


# Reasons to talk


TALK = (
    joinedload(SilenceTalk.client).joinedload(Client.group),
    joinedload(SilenceTalk.person),
    joinedload(SilenceTalk.opened_by),
    joinedload(SilenceTalk.answered_by),
)


def open_talks(client_ids: Sequence[int]) -> Select[SilenceTalk]:
    asked = select(SilenceTalk).where(SilenceTalk.client_id.in_(client_ids), SilenceTalk.closed_at.is_(None))
    return asked.options(*TALK).order_by(SilenceTalk.id)


def talks_to_answer(viewer: User, most: int) -> Select[SilenceTalk]:
    """What somebody is asked and has not answered, or has put off to a day that is past."""
    his = (SilenceTalk.closed_at.is_(None), Client.curator_id == viewer.id)
    asked = select(SilenceTalk).join(Client, Client.id == SilenceTalk.client_id).where(*his)
    return asked.options(*TALK).order_by(SilenceTalk.opened_at, SilenceTalk.id).limit(most)


def talks(*, closed: bool, most: int) -> Select[SilenceTalk]:
    """All that are open, the oldest first; or those that were closed lately."""
    over = SilenceTalk.closed_at.is_not(None)
    order = (SilenceTalk.closed_at.desc(), SilenceTalk.id.desc()) if closed else (SilenceTalk.opened_at,)
    asked = select(SilenceTalk).where(over if closed else ~over).options(*TALK)
    return asked.options(joinedload(SilenceTalk.closed_by)).order_by(*order, SilenceTalk.id).limit(most)


def talks_of(client_ids: Sequence[int]) -> Select[SilenceTalk]:
    """Those that a contact may close, or open again: nobody has waived them."""
    asked = select(SilenceTalk).where(SilenceTalk.client_id.in_(client_ids), SilenceTalk.waiver == "")
    return asked.order_by(SilenceTalk.id)


def contact_after(talk: SilenceTalk) -> Select[Interaction]:
    """The contact that ended the silence: held since the last one the head knew of, told after he asked."""
    of_client = (Interaction.client_id == talk.client_id, is_contact())
    since = talk.facts.get("since")
    later = [Interaction.happened_at > datetime.fromisoformat(since)] if since else []
    asked = select(Interaction).where(*of_client, *later, Interaction.recorded_at >= talk.opened_at)
    return asked.order_by(Interaction.recorded_at, Interaction.id).limit(1)
