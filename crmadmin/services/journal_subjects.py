"""What the journal watches, and the word for each event.

A new table is watched by one line of ``WATCHED``; a table that is not there leaves no trace.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import event

from crmadmin.services.journal_kinds import (
    Changes,
    Kinds,
    alarm_kinds,
    promise_kinds,
    recurring_kinds,
    silence_kinds,
    wish_kinds,
)
from crmadmin.services.journal_kinds import plainly as _plainly
from models import (
    Absence,
    Alarm,
    AxisPoint,
    Base,
    Channel,
    Client,
    ClientGroup,
    ClientTask,
    Comment,
    ContactPerson,
    DepartmentRule,
    EmailAddress,
    FirstTouchDecision,
    GroupRule,
    HandoverOffer,
    ImportRun,
    Industry,
    Interaction,
    InteractionKind,
    Norm,
    Promise,
    RecurringPlan,
    Region,
    ReportLetter,
    Result,
    SavedFilter,
    SignInAttempt,
    SilenceTalk,
    Substitution,
    Tag,
    Telephone,
    User,
    Wish,
)
from models.kinds import InteractionState


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


def _client(client: Client, action: str, changes: Changes) -> Iterable[tuple[str, Changes]]:
    """A move between groups and archiving are events of their own."""
    if action != "changed":
        return _plainly("client")(client, action, changes)
    told: list[tuple[str, Changes]] = []
    if moved := {key: changes.pop(key) for key in ("group_id",) if key in changes}:
        if client.group_reason:
            moved["reason"] = [None, client.group_reason]
        if client.group_until:
            moved["held_until"] = [None, client.group_until]
        client.group_reason, client.group_until = "", None  # said once
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
    if "answered_at" in changes:
        return [(_answered(row), changes)]
    return [("interaction_corrected" if row.state is InteractionState.held else "plan_changed", changes)]


def _answered(row: Interaction) -> str:
    if row.answered_at is None:
        return "request_open_again"
    return "request_needs_none" if row.no_answer_reason else "request_answered"


def _of_card(_row: Any, _action: str, changes: Changes) -> Iterable[tuple[str, Changes]]:
    """A telephone or an address is a line of the card: only what was typed is told."""
    told = {key: changes[key] for key in ("typed",) if key in changes}
    return [("client_changed", told)] if told else []


def _refusal(_row: SignInAttempt, action: str, changes: Changes) -> Iterable[tuple[str, Changes]]:
    return [("sign_in_refused", changes)] if action == "new" else []


def _import(_row: ImportRun, action: str, changes: Changes) -> Iterable[tuple[str, Changes]]:
    return [("import", changes)] if action == "new" else []


def _task(row: ClientTask, action: str, changes: Changes) -> Iterable[tuple[str, Changes]]:
    """What became of it is the event; a better wording is a change."""
    moved = action == "changed" and "state" in changes
    return [(f"client_task_{row.state}", changes)] if moved else _plainly("client_task")(row, action, changes)


def _offer(row: HandoverOffer, _action: str, changes: Changes) -> Iterable[tuple[str, Changes]]:
    return [(f"handover_{row.state}", changes)]


def _own_client(row: Any) -> int | None:
    return row.client_id


_REFERENCE = (ClientGroup, Industry, Region, InteractionKind, Result, Channel, Tag)

_MAINTAINED = frozenset(
    {
        "name_fold",
        "search_text",
        "curator_id",
        "created_at",
        "first_contact_at",
        "first_contact_by_id",
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
            skip=frozenset(
                {"last_seen_at", "session_epoch", "theme", "language", "kpi_look", "created_at", "left_at"}
            ),
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
            skip=frozenset({"client_id", "recorded_at", "search_text", "series_on"}),
            collections=("participants", "contact_persons"),
        ),
        Watched(
            ClientTask,
            "client_task",
            _task,
            client_id=_own_client,
            skip=frozenset({"client_id", "opened_at", "opened_by_id"}),
        ),
        Watched(
            Comment,
            "comment",
            _plainly("comment"),
            client_id=_own_client,
            skip=frozenset({"client_id", "by_id", "written_at"}),
            collections=("mentioned",),
        ),
        Watched(
            HandoverOffer,
            "handover_offer",
            _offer,
            client_id=_own_client,
            skip=frozenset({"client_id", "offered_at", "decided_at", "decided_by_id"}),
        ),
        Watched(
            FirstTouchDecision,
            "first_touch_decision",
            lambda _row, _action, changes: [("first_touch_decided", changes)],
            client_id=_own_client,
            skip=frozenset({"client_id", "decided_at", "decided_by_id"}),
        ),
        Watched(
            Promise,
            "promise",
            promise_kinds,
            client_id=_own_client,
            skip=frozenset(
                {"client_id", "made_at", "made_by_id", "settled_at", "settled_by_id", "counted_for_id"}
            ),
        ),
        Watched(
            Wish,
            "wish",
            wish_kinds,
            client_id=_own_client,
            skip=frozenset({"client_id", "words_fold", "made_at", "made_by_id", "closed_at", "closed_by_id"}),
        ),
        Watched(
            SilenceTalk,
            "silence_talk",
            silence_kinds,
            client_id=_own_client,
            skip=frozenset({"client_id", "opened_at", "opened_by_id", "answered_at", "answered_by_id"}),
        ),
        Watched(
            RecurringPlan,
            "recurring_plan",
            recurring_kinds,
            client_id=_own_client,
            skip=frozenset({"client_id", "made_at", "made_by_id", "stopped_by_id"}),
        ),
        Watched(Absence, "absence", _plainly("absence"), skip=frozenset({"set_at", "set_by_id"})),
        Watched(Substitution, "substitution", _plainly("substitution")),
        Watched(DepartmentRule, "department_rule", _plainly("department_rule")),
        Watched(GroupRule, "group_rule", _plainly("group_rule"), skip=frozenset({"changed_at"})),
        Watched(AxisPoint, "axis_point", _plainly("axis_point")),
        Watched(Norm, "norm", _plainly("norm"), skip=frozenset({"set_at", "set_by_id"})),
        Watched(
            Alarm,
            "alarm",
            alarm_kinds,
            skip=frozenset({"key", "raised_at", "seen_at", "talked_at", "decided_at"}),
        ),
        Watched(
            ReportLetter,
            "report_letter",
            _plainly("report_letter"),
            skip=frozenset({"made_at", "made_by_id", "sent_for"}),
            collections=("readers",),
        ),
        Watched(ImportRun, "import_run", _import),
        Watched(SavedFilter, "saved_filter", _plainly("saved_filter"), skip=frozenset({"created_at"})),
    )
}

OF_CLIENTS = [each.model for each in WATCHED.values() if each.client_id is not Watched.client_id]
"""What is told in the journal of a client, the client itself among it."""
