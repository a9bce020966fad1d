"""The team's history: what happened by time, what is planned today, who is away. None of them runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select, text, tuple_, union_all
from sqlalchemy.orm import joinedload, selectinload

from crmadmin.core.db import Rows
from crmadmin.core.sql import checked
from crmadmin.queries.contacts import is_held, is_of_contact_kind, is_planned
from crmadmin.queries.visibility import interaction_visible_to
from models import Client, ContactPerson, Interaction, InteractionKind, User
from models.base import named
from models.kinds import InteractionState

PAGE = 20  # entries shown at once
WINDOW = 2_000  # entries looked through for a page, where no index knows what is asked for
FEW = 300  # clients whose entries are looked for one client after the other
FRESH = 30  # entries put in while one looks: of more, the rest a moment later
OVERLAP = timedelta(seconds=15)  # read again: what is kept later may have been written down earlier
KNOWN = 60  # of what is read again, at most

TOLD = (joinedload(Interaction.kind), joinedload(Interaction.person).load_only(User.name))
_LINE = (
    *TOLD,
    joinedload(Interaction.result),
    joinedload(Interaction.client).load_only(Client.name),
    selectinload(Interaction.contact_persons).load_only(ContactPerson.name),
)
# As its index says it: by "state = 'cancelled'" SQLite would rather read the index of states.
_is_cancelled: Any = text("interaction.state <> 'planned' AND interaction.state <> 'held'")


class Place(NamedTuple):
    """Where a page of the feed ends: a moment, and the row among those of that moment."""

    at: datetime
    id: int


def feed(
    viewer: User,
    where: Sequence[ColumnElement[bool]],
    at: datetime,
    before: Place | None = None,
    since: Place | None = None,
    *,
    indexed: bool = False,
) -> Select[int, datetime]:
    """(id, moment) of what happened or was called off, newest first; one more than a page shows.

    What was held and what was called off are read apart, each in its own order: so nothing that is only
    planned is passed over. Of what was called off, which is little, all is looked at in one index.
    ``indexed``: something that is asked for has an index of its own, in the order of time.
    """
    shown, parts = (Interaction.id, Interaction.happened_at), list[Subquery]()
    called_off = [_is_cancelled, *(checked(each) for each in where)]
    for criteria in ([*_held(indexed), *where, _happened_by(at)], called_off):
        asked = select(*shown).where(*_between(before, since), *criteria, interaction_visible_to(viewer))
        parts.append(asked.order_by(*_NEWEST).limit(PAGE + 1).subquery())
    found = union_all(*(select(*part.c) for part in parts)).subquery()
    id, moment = found.c
    return select(id, moment).order_by(moment.desc(), id.desc()).limit(PAGE + 1)


def window(
    where: Sequence[ColumnElement[bool]], at: datetime, before: Place | None = None, *, indexed: bool = False
) -> Select[int, datetime]:
    """(id, moment) of the last entry to be looked at for a page; none where there are fewer."""
    asked = select(Interaction.id, Interaction.happened_at)
    asked = asked.where(*_between(before), *_held(indexed), *where, _happened_by(at))
    return asked.order_by(*_NEWEST).offset(WINDOW - 1).limit(1)


def _held(indexed: bool) -> list[ColumnElement[bool]]:
    """By the index of states, or not by it."""
    return [checked(is_held) if indexed else is_held]


_NEWEST = (Interaction.happened_at.desc(), Interaction.id.desc())


def _happened_by(at: datetime) -> ColumnElement[bool]:
    """Whatever was held did, within what clocks differ by: plans for later are not walked through.

    It is said last: of several bounds SQLite begins at the first, and the others are nearer.
    """
    return Interaction.happened_at < at + timedelta(days=1)


def _between(before: Place | None, since: Place | None = None) -> list[ColumnElement[bool]]:
    """Said first: see `_happened_by`."""
    place = tuple_(Interaction.happened_at, Interaction.id)
    found = [] if before is None else [place < tuple_(before.at, before.id)]
    return found if since is None else [*found, place >= tuple_(since.at, since.id)]


def with_clients_in(groups: Sequence[int]) -> ColumnElement[bool]:
    return Interaction.client_id.in_(select(Client.id).where(Client.group_id.in_(groups)))


def clients_in(groups: Sequence[int]) -> Select[int]:
    """How many clients are in these groups; no more than `FEW` and one are counted."""
    asked = select(Client.id).where(Client.group_id.in_(groups)).limit(FEW + 1)
    return select(func.count()).select_from(asked.subquery())


def written_since(viewer: User, place: Place) -> Select[int, datetime]:
    """(id, moment of writing) of what was written down after a place, by anybody, in the order of writing.

    As many as may be known already, and those that may be put in at once: whatever a filter leaves of them.
    """
    written = Interaction.recorded_at
    asked = select(Interaction.id, written).where(
        Interaction.state != InteractionState.planned, interaction_visible_to(viewer)
    )
    asked = asked.where(tuple_(written, Interaction.id) > tuple_(place.at, place.id))
    return asked.order_by(written, Interaction.id).limit(KNOWN + FRESH)


def written_lately(viewer: User) -> Select[int, datetime]:
    """(id, moment of writing) of what was written down last, by anybody, the newest first."""
    asked = select(Interaction.id, Interaction.recorded_at).where(
        Interaction.state != InteractionState.planned, interaction_visible_to(viewer)
    )
    return asked.order_by(Interaction.recorded_at.desc(), Interaction.id.desc()).limit(KNOWN + 1)


def told(ids: Sequence[int]) -> Select[Interaction]:
    """Interactions by their ids, with all that a line says."""
    return select(Interaction).where(Interaction.id.in_(ids)).options(*_LINE)


def plans_between(start: datetime, end: datetime) -> Select[int, int]:
    """(id, person) of what each has planned for these hours, of each in order."""
    asked = select(Interaction.id, Interaction.person_id).where(*_of_each(is_planned, start, end))
    return asked.order_by(Interaction.person_id, Interaction.happened_at, Interaction.id)


def planned(ids: Sequence[int]) -> Rows:
    """(id, moment, kind, client and its id) of these plans, in order."""
    asked = select(Interaction.id, Interaction.happened_at.label("at"), named(InteractionKind).label("kind"))
    asked = asked.add_columns(Client.name.label("client"), Client.id.label("client_id"))
    asked = asked.join(Client, Client.id == Interaction.client_id)
    asked = asked.join(InteractionKind, InteractionKind.id == Interaction.kind_id)
    return asked.where(Interaction.id.in_(ids)).order_by(Interaction.happened_at, Interaction.id)


def facts_between(start: datetime, end: datetime) -> Select[int, int]:
    """(person, how many interactions he held in these hours)."""
    asked = select(Interaction.person_id, func.count()).where(*_of_each(is_held, start, end))
    return asked.group_by(Interaction.person_id)


def _of_each(state: ColumnElement[bool], start: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    """Of these hours; each person's are looked for in the index of persons, which knows the states."""
    everybody = Interaction.person_id.in_(select(User.id))
    return everybody, Interaction.happened_at >= start, Interaction.happened_at < end, checked(state)


def others_near(
    client_id: int, viewer: User, start: datetime, now: datetime, end: datetime, most: int
) -> Select[Interaction]:
    """Contacts that others held lately with a client or plan soon: so many of those behind, what was held
    before what was only planned, and so many of those ahead; in order of time."""
    theirs = select(Interaction.id).where(
        Interaction.client_id == client_id,
        Interaction.state != InteractionState.cancelled,
        Interaction.person_id != viewer.id,
        is_of_contact_kind(),
    )
    when = Interaction.happened_at
    behind = theirs.where(when >= start, when <= now).order_by(is_held.desc(), when.desc()).limit(most)
    ahead = theirs.where(when > now, when < end).order_by(when).limit(most)
    asked = select(Interaction).where(or_(Interaction.id.in_(behind), Interaction.id.in_(ahead)))
    return asked.order_by(when, Interaction.id).options(*TOLD)


def workers_of(client_id: int) -> Select[int, int, int, int, int, datetime, datetime]:
    """Who has worked with a client and how much: (person, contacts, minutes told, contacts without minutes,
    their usual minutes, first, last)."""
    told_minutes = func.sum(func.coalesce(Interaction.minutes, 0))
    untold = Interaction.minutes.is_(None)
    usual = func.coalesce(func.sum(InteractionKind.usual_minutes).filter(untold), 0)
    asked = select(
        Interaction.person_id,
        func.count(),
        told_minutes,
        func.count().filter(untold),
        usual,
        func.min(Interaction.happened_at),
        func.max(Interaction.happened_at),
    ).join(InteractionKind, InteractionKind.id == Interaction.kind_id)
    held = (Interaction.state == InteractionState.held, InteractionKind.contact)
    return asked.where(Interaction.client_id == client_id, *held).group_by(Interaction.person_id)  # pyright: ignore[reportReturnType]
