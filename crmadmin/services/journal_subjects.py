"""What the journal watches, and the word for each event.

A new table is watched by one line of ``WATCHED``; a table that is not there leaves no trace.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import event

from models import (
    Base,
    BulkAct,
    Channel,
    Client,
    ClientGroup,
    ContactPerson,
    EmailAddress,
    ImportRun,
    Industry,
    Interaction,
    InteractionKind,
    Region,
    Result,
    SavedFilter,
    SignInAttempt,
    Tag,
    Telephone,
    User,
)
from models.kinds import InteractionState

Changes = dict[str, list[Any]]
Kinds = Callable[[Any, str, Changes], Iterable[tuple[str, Changes]]]


@dataclass(frozen=True)
class Watched:
    """How one table's changes are told."""

    model: type[Base]
    subject: str
    kinds: Kinds
    client_id: Callable[[Any], int | None] = lambda _row: None
    happened_at: Callable[[Any], datetime | None] = lambda _row: None
    skip: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    collections: tuple[str, ...] = ()
    columns: dict[str, str | None] = field(init=False)

    def __post_init__(self) -> None:
        """Each column to be told, and the table it points at."""
        told = {
            attr.key: next((key.column.table.name for key in attr.columns[0].foreign_keys), None)
            for attr in self.model.__mapper__.column_attrs
            if attr.key != "id" and attr.key not in self.skip
        }
        object.__setattr__(self, "columns", told)
        for key in told:  # so that the old value is known even where it was never read
            event.listen(getattr(self.model, key), "set", _old_value_matters, active_history=True)


def _old_value_matters(_row: Any, _value: Any, _old: Any, _initiator: Any) -> None:
    return None


def _plainly(subject: str) -> Kinds:
    words = {"new": f"{subject}_created", "changed": f"{subject}_changed", "gone": f"{subject}_removed"}
    return lambda _row, action, changes: [(words[action], changes)]


def _client(client: Client, action: str, changes: Changes) -> Iterable[tuple[str, Changes]]:
    """A move between groups and archiving are events of their own."""
    if action != "changed":
        return _plainly("client")(client, action, changes)
    told: list[tuple[str, Changes]] = []
    if moved := {key: changes.pop(key) for key in ("group_id",) if key in changes}:
        if client.group_reason:
            moved["reason"] = [None, client.group_reason]
            client.group_reason = ""  # said once
        told.append(("group_moved", moved))
    if archived := {key: changes.pop(key) for key in ("archived_at",) if key in changes}:
        told.append(("client_archived" if client.archived else "client_restored", archived))
    if changes:
        told.append(("client_changed", changes))
    return told


def _interaction(row: Interaction, action: str, changes: Changes) -> Iterable[tuple[str, Changes]]:
    words = {
        InteractionState.planned: "interaction_planned",
        InteractionState.held: "interaction_recorded" if action == "new" else "interaction_held",
        InteractionState.cancelled: "interaction_cancelled",
    }
    if action == "new" or "state" in changes:
        return [(words[row.state], changes)]
    return [("interaction_corrected" if row.state is InteractionState.held else "plan_changed", changes)]


def _of_card(_row: Any, _action: str, changes: Changes) -> Iterable[tuple[str, Changes]]:
    """A telephone or an address is a line of the card: only what was typed is told."""
    told = {key: changes[key] for key in ("typed",) if key in changes}
    return [("client_changed", told)] if told else []


def _refusal(_row: SignInAttempt, action: str, changes: Changes) -> Iterable[tuple[str, Changes]]:
    return [("sign_in_refused", changes)] if action == "new" else []


def _import(_row: ImportRun, action: str, changes: Changes) -> Iterable[tuple[str, Changes]]:
    return [("import", changes)] if action == "new" else []


def _bulk(_row: BulkAct, action: str, changes: Changes) -> Iterable[tuple[str, Changes]]:
    """That it was begun; its undoing is told where it is begun, and the rest by the clients."""
    return [("bulk_begun", changes)] if action == "new" else []


def _own_client(row: Any) -> int | None:
    return row.client_id


_REFERENCE = (ClientGroup, Industry, Region, InteractionKind, Result, Channel, Tag)

_MAINTAINED = frozenset(
    {
        "name_fold",
        "search_text",
        "curator_id",
        "created_at",
        "last_contact_at",
        "last_contact_by_id",
        "last_contact_kind_id",
        "next_contact_at",
    }
)

WATCHED: dict[type[Base], Watched] = {
    watched.model: watched
    for watched in (
        *(Watched(model, model.__tablename__, _plainly(model.__tablename__)) for model in _REFERENCE),
        Watched(
            User,
            "person",
            _plainly("person"),
            skip=frozenset({"last_seen_at", "session_epoch", "theme", "language", "created_at"}),
            hidden=frozenset({"password_hash"}),
        ),
        Watched(SignInAttempt, "person", _refusal),
        Watched(
            Client,
            "client",
            _client,
            client_id=lambda row: row.id,
            skip=_MAINTAINED,
            collections=("tags",),
        ),
        Watched(
            BulkAct,
            "bulk_act",
            _bulk,
            skip=frozenset({"key", "at", "by_id", "by_name", "counts", "left", "reached"}),
        ),
        Watched(
            ContactPerson,
            "contact_person",
            _plainly("contact_person"),
            client_id=_own_client,
            skip=frozenset({"client_id", "name_fold", "search_text", "created_at"}),
        ),
        Watched(Telephone, "telephone", _of_card, client_id=_own_client),
        Watched(EmailAddress, "email_address", _of_card, client_id=_own_client),
        Watched(
            Interaction,
            "interaction",
            _interaction,
            client_id=_own_client,
            happened_at=lambda row: row.happened_at,
            skip=frozenset({"client_id", "recorded_at", "search_text"}),
            collections=("participants", "contact_persons"),
        ),
        Watched(ImportRun, "import_run", _import),
        Watched(SavedFilter, "saved_filter", _plainly("saved_filter"), skip=frozenset({"created_at"})),
    )
}
