"""The rows behind a number, as a page and a file show them. None of it runs.

Columns are named by what they are; ``client_id`` and ``id`` say where a row leads.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import NamedTuple

from sqlalchemy import ColumnElement, Float, cast, func, select

from crmadmin.core.db import Rows
from crmadmin.core.i18n import LazyString, lazy
from crmadmin.queries import kpi, kpi_clients
from crmadmin.reports import promises_kept
from crmadmin.reports.indicators import Indicator
from models import Client, ClientGroup, Interaction, InteractionKind, Promise, Result, User
from models.base import named
from models.kinds import PromiseState


def records(
    person_ids: Collection[int],
    start: datetime,
    end: datetime,
    which: ColumnElement[bool],
    client_id: int | None = None,
) -> Rows:
    """The held records that count, the newest first; of one client, where one is named."""
    asked = kpi.records(list(person_ids), start, end, which).with_only_columns(
        Interaction.id,
        Interaction.happened_at,
        Interaction.client_id,
        Client.name.label("client"),
        named(InteractionKind).label("kind"),
        User.name.label("person"),
        kpi.minutes.label("minutes"),
        kpi.is_estimated.label("estimated"),
        Interaction.request,
        Interaction.reaction,
        named(Result).label("result"),
        Interaction.recorded_at,
    )
    asked = asked.join(Client, Client.id == Interaction.client_id)
    asked = asked.join(User, User.id == Interaction.person_id)
    asked = asked.outerjoin(Result, Result.id == Interaction.result_id)
    return asked if client_id is None else asked.where(Interaction.client_id == client_id)


def touched(person_ids: Collection[int], start: datetime, end: datetime) -> Rows:
    """The clients among the contacts, the largest by minutes first."""
    minutes, contacts = func.sum(kpi.minutes), func.count()
    asked = kpi.records(list(person_ids), start, end, kpi.is_contact).with_only_columns(
        Interaction.client_id,
        contacts.label("contacts"),
        minutes.label("minutes"),
        func.coalesce(func.sum(kpi.minutes).filter(kpi.is_estimated), 0).label("estimated_minutes"),
        (cast(minutes, Float) / func.nullif(func.sum(minutes).over(), 0)).label("share"),
        func.max(Interaction.happened_at).label("last_at"),
    )
    of = asked.order_by(None).group_by(Interaction.client_id).subquery()
    return (
        select(Client.id.label("client_id"), Client.name.label("client"), named(ClientGroup).label("group"),
               of.c.contacts, of.c.minutes, of.c.estimated_minutes, of.c.share, of.c.last_at)
        .join(Client, Client.id == of.c.client_id)
        .join(ClientGroup, ClientGroup.id == Client.group_id)
        .order_by(of.c.minutes.desc(), of.c.contacts.desc(), Client.id)
    )  # fmt: skip


def new_clients(person_ids: Collection[int], start: datetime, end: datetime) -> Rows:
    """Clients whose first contact ever is theirs, and lies in that time, the newest first."""
    asked = select(
        Client.id.label("client_id"), Client.name.label("client"), named(ClientGroup).label("group"),
        User.name.label("person"), Client.first_contact_at.label("first_at"),
    )  # fmt: skip
    return (
        asked.join(ClientGroup, ClientGroup.id == Client.group_id)
        .join(User, User.id == Client.first_contact_by_id)
        .where(
            Client.first_contact_by_id.in_(person_ids),
            Client.first_contact_at >= start,
            Client.first_contact_at < end,
        )
        .order_by(Client.first_contact_at.desc(), Client.id.desc())
    )


def standing(of_whom: Rows) -> Rows:
    """Clients as ``kpi_clients`` says they stand, the longest silent first."""
    of = of_whom.order_by(None).subquery()
    rhythm = func.coalesce(Client.rhythm_days, ClientGroup.rhythm_days)
    return (
        select(Client.id.label("client_id"), Client.name.label("client"), named(ClientGroup).label("group"),
               User.name.label("person"), rhythm.label("rhythm"), of.c.silence, of.c.last_at)
        .join(Client, Client.id == of.c.client)
        .join(ClientGroup, ClientGroup.id == Client.group_id)
        .join(User, User.id == of.c.person)
        .order_by(of.c.silence.desc(), Client.id)
    )  # fmt: skip


def promises(
    person_ids: Collection[int], start: datetime, end: datetime, at: datetime, *, kept: bool
) -> Rows:
    """Promises that count, by their due time; or those of them that were kept on time."""
    asked = (
        select(Promise.id, Promise.client_id, Client.name.label("client"), User.name.label("person"),
               Promise.text, Promise.due_at, Promise.state, Promise.settled_at)
        .join(Client, Client.id == Promise.client_id)
        .join(User, User.id == Promise.counted_for_id)
        .where(Promise.counted_for_id.in_(person_ids), promises_kept.counts(start, end, at))
        .order_by(Promise.due_at.desc(), Promise.id.desc())
    )  # fmt: skip
    return asked.where(Promise.state == PromiseState.kept) if kept else asked


# What a page or a file shows of them


class Kind(StrEnum):
    """How a value is written: a text, a number, a share of one, a moment, a word of a list."""

    text = auto()
    number = auto()
    share = auto()
    moment = auto()
    word = auto()


class Column(NamedTuple):
    key: str
    title: LazyString
    kind: Kind = Kind.text


_CLIENT, _PERSON = Column("client", lazy("Client")), Column("person", lazy("Who"))
_GROUP = Column("group", lazy("Group"))
_MINUTES = Column("minutes", lazy("Minutes"), Kind.number)
_LAST = Column("last_at", lazy("Last contact"), Kind.moment)
_RECORDS = (
    Column("happened_at", lazy("When"), Kind.moment), _CLIENT, Column("kind", lazy("Kind")), _PERSON,
    _MINUTES, Column("request", lazy("Request")), Column("reaction", lazy("Reaction")),
    Column("result", lazy("Result")), Column("recorded_at", lazy("Recorded"), Kind.moment),
)  # fmt: skip
_TOUCHED = (
    _CLIENT, _GROUP, Column("contacts", lazy("Contacts"), Kind.number), _MINUTES,
    Column("estimated_minutes", lazy("of them estimated"), Kind.number),
    Column("share", lazy("Share of the minutes"), Kind.share), _LAST,
)  # fmt: skip
_NEW = (_CLIENT, _GROUP, _PERSON, Column("first_at", lazy("First contact"), Kind.moment))
_STANDING = (
    _CLIENT, _GROUP, _PERSON, Column("rhythm", lazy("Rhythm, days"), Kind.number),
    Column("silence", lazy("Silence, of the rhythm"), Kind.share), _LAST,
)  # fmt: skip
_PROMISES = (
    Column("due_at", lazy("Due"), Kind.moment), _CLIENT, _PERSON, Column("text", lazy("Promise")),
    Column("state", lazy("State"), Kind.word), Column("settled_at", lazy("When settled"), Kind.moment),
)  # fmt: skip


@dataclass(frozen=True)
class Listing:
    """The rows behind a number: each column is in ``asked`` under its key."""

    columns: Sequence[Column]
    asked: Rows


@dataclass(frozen=True)
class Whose:
    """Of which people, of which time, and as it stands at which moment; ``client_id``: with whom alone."""

    person_ids: Sequence[int]
    start: datetime
    end: datetime
    at: datetime
    groups: Sequence[ClientGroup]
    client_id: int | None = None


def behind(indicator: Indicator, whose: Whose, *, of: bool = False) -> Listing:
    """Exactly the rows that a number counts; ``of``: all those of which it is a share."""
    figure = (indicator.of if of else "") or indicator.counts
    if figure in kpi.COUNTED:
        which = kpi.COUNTED[figure]
        return Listing(_RECORDS, records(whose.person_ids, whose.start, whose.end, which, whose.client_id))
    time = (whose.person_ids, whose.start, whose.end)
    if figure == "clients_touched":
        return Listing(_TOUCHED, touched(*time))
    if figure == "new_clients":
        return Listing(_NEW, new_clients(*time))
    if figure in _PROMISED:
        return Listing(_PROMISES, promises(*time, whose.at, kept=_PROMISED[figure]))
    return Listing(_STANDING, standing(clients_standing(whose, _SILENT[figure])))


_PROMISED = {"promises_due": False, "promises_kept_on_time": True}
_SILENT: Mapping[str, bool | None] = {"with_rhythm": None, "within": False, "silent": True}


def clients_standing(whose: Whose, silent: bool | None = None) -> Rows:
    """How clients stood at the end of the time; how they stand now, where it goes on."""
    if whose.end > whose.at:
        return kpi_clients.clients_standing_now(whose.person_ids, whose.groups, whose.at, silent=silent)
    return kpi_clients.clients_standing(whose.person_ids, whose.end, silent=silent)
