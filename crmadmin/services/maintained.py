"""Columns of a client that repeat what its interactions say: kept in the flush that changes these.

``last_contact_…``: the last held interaction of a contact kind. ``next_contact_at``: the earliest plan.
``doctor`` compares them with the rows.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, event, inspect, select, update
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.orm.attributes import set_committed_value

from crmadmin.queries.contacts import last_contacts, next_contacts
from models import Client, Interaction, InteractionKind

COLUMNS = ("last_contact_at", "last_contact_by_id", "last_contact_kind_id", "next_contact_at")

AT_ONCE = 1_000  # a statement holds only so many values

Truth = tuple[datetime | None, int | None, int | None, datetime | None]

_TABLE: Any = Client.__table__
_UPDATE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("client"))
    .values({column: bindparam(f"new_{column}") for column in COLUMNS})
)


def truth(session: Session, client_ids: Iterable[int]) -> dict[int, Truth]:
    """What the interactions say of each client, in the order of ``COLUMNS``."""
    ids = list(client_ids)
    said: dict[int, list[Any]] = {client_id: [None, None, None, None] for client_id in ids}
    for client_id, at, by_id, kind_id in session.execute(last_contacts().where(Client.id.in_(ids))):
        said[client_id][:3] = [at, by_id, kind_id]
    for client_id, at in session.execute(next_contacts().where(Interaction.client_id.in_(ids))):
        said[client_id][3] = at
    return {client_id: (values[0], values[1], values[2], values[3]) for client_id, values in said.items()}


def keep(session: Session, client_ids: Iterable[int]) -> None:
    """Write what the interactions say into the clients' columns, and into those of them that are loaded."""
    ids = list(client_ids)
    for start in range(0, len(ids), AT_ONCE):
        _keep_some(session, ids[start : start + AT_ONCE])


def _keep_some(session: Session, client_ids: list[int]) -> None:
    said = truth(session, client_ids)
    rows = [{"client": client_id, **_bound(values)} for client_id, values in said.items()]
    session.connection().execute(_UPDATE, rows)
    for client_id, values in said.items():
        loaded = session.identity_map.get(session.identity_key(Client, client_id))
        if loaded is not None:
            for column, value in zip(COLUMNS, values, strict=True):
                set_committed_value(loaded, column, value)


def _bound(values: Truth) -> dict[str, Any]:
    return {f"new_{column}": value for column, value in zip(COLUMNS, values, strict=True)}


@event.listens_for(Session, "after_flush")
def _keep(session: Session, _context: UOWTransaction) -> None:
    touched = {row.client_id for row in [*session.new, *session.dirty] if isinstance(row, Interaction)}
    kinds = [row for row in session.dirty if isinstance(row, InteractionKind)]
    turned = [kind.id for kind in kinds if inspect(kind).attrs.contact.history.has_changes()]
    if turned:  # what was a contact is none any more, or the other way round
        touched |= set(session.scalars(select(Interaction.client_id).where(Interaction.kind_id.in_(turned))))
    if touched:
        keep(session, sorted(touched))
