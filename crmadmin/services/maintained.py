"""Columns of a client that repeat what its interactions say: kept in the flush that changes these.

``first_contact_…``, ``last_contact_…``: the first and the last held interaction of a contact kind.
``next_contact_at``: the earliest plan.
``doctor`` compares them with the rows.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, event, inspect, select, update
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.orm.attributes import set_committed_value

from crmadmin.core import turns
from crmadmin.queries.contacts import told, turning_points
from crmadmin.services import kpi_touches
from models import Client, Interaction, InteractionKind

COLUMNS = (
    "first_contact_at",
    "first_contact_by_id",
    "last_contact_at",
    "last_contact_by_id",
    "last_contact_kind_id",
    "next_contact_at",
)

AT_ONCE = 1_000  # a statement holds only so many values

_KINDS = "what counts as a contact"

Truth = tuple[datetime | int | None, ...]

_TABLE: Any = Client.__table__
_UPDATE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("client"))
    .values({column: bindparam(f"new_{column}") for column in COLUMNS})
)


def truth(session: Session, client_ids: Iterable[int]) -> dict[int, Truth]:
    """What the interactions say of each client, in the order of ``COLUMNS``."""
    return {client_id: true for client_id, (_kept, true) in _compared(session, list(client_ids)).items()}


def _compared(session: Session, client_ids: list[int]) -> dict[int, tuple[Truth, Truth]]:
    """Of each client the first contact as it is kept, and what the interactions say."""
    rows = session.execute(turning_points().where(Client.id.in_(client_ids))).all()
    ends = {id for row in rows for id in row[3:5] if id is not None}
    known = {id: tuple(said) for id, *said in session.execute(told(ends))} if ends else {}
    nothing = (None, None, None)
    return {
        client_id: ((at, by_id), (*known.get(first, nothing)[:2], *known.get(last, nothing), coming))
        for client_id, at, by_id, first, last, coming in rows
    }


def keep(session: Session, client_ids: Iterable[int]) -> None:
    """Write what the interactions say into the clients' columns, and into those of them that are loaded."""
    ids = list(client_ids)
    for start in range(0, len(ids), AT_ONCE):
        _keep_some(session, ids[start : start + AT_ONCE])


def _keep_some(session: Session, client_ids: list[int]) -> None:
    compared = _compared(session, client_ids)
    said = {client_id: true for client_id, (_kept, true) in compared.items()}
    rows = [{"client": client_id, **_bound(values)} for client_id, values in said.items()]
    session.connection().execute(_UPDATE, rows)
    moved = [way for kept, true in compared.values() if kept != true[:2] for way in (kept, true)]
    kpi_touches.first_contact_changed(session, [(way[1], way[0]) for way in moved])  # pyright: ignore[reportArgumentType]
    for client_id, values in said.items():
        loaded = session.identity_map.get(session.identity_key(Client, client_id))
        if loaded is not None:
            for column, value in zip(COLUMNS, values, strict=True):
                set_committed_value(loaded, column, value)


def _bound(values: Truth) -> dict[str, Any]:
    return {f"new_{column}": value for column, value in zip(COLUMNS, values, strict=True)}


@event.listens_for(Session, "before_flush")
def _take_turns(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    """While somebody turns a kind into a contact, or into none, nobody records: each would miss the other's.

    Not by the kind's own row: a record of one kind says anew which of all a client's records was the last.
    """
    if _turned(session):
        turns.alone(session, _KINDS)
    elif _touched(session):
        turns.alongside(session, _KINDS)


def _turned(session: Session) -> list[int]:
    """The kinds that are contacts from now on, or are none any more."""
    kinds = [row for row in session.dirty if isinstance(row, InteractionKind)]
    return [kind.id for kind in kinds if inspect(kind).attrs.contact.history.has_changes()]


def _touched(session: Session) -> list[Interaction]:
    return [row for row in [*session.new, *session.dirty] if isinstance(row, Interaction)]


@event.listens_for(Session, "after_flush")
def _keep(session: Session, _context: UOWTransaction) -> None:
    touched = {row.client_id for row in _touched(session)}
    if turned := _turned(session):  # what was a contact is none any more, or the other way round
        touched |= set(session.scalars(select(Interaction.client_id).where(Interaction.kind_id.in_(turned))))
    if touched:
        keep(session, sorted(touched))
