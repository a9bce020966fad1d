"""Which event a change of a row is: for the tables of promises, wishes, silence and plans that come again."""

from collections.abc import Callable, Iterable
from typing import Any

from models import Alarm, Promise, RecurringPlan, SilenceTalk, Wish

Changes = dict[str, list[Any]]
Kinds = Callable[[Any, str, Changes], Iterable[tuple[str, Changes]]]


def plainly(subject: str) -> Kinds:
    words = {"new": f"{subject}_created", "changed": f"{subject}_changed", "gone": f"{subject}_removed"}
    return lambda _row, action, changes: [(words[action], changes)]


def promise_kinds(row: Promise, action: str, changes: Changes) -> Iterable[tuple[str, Changes]]:
    """What became of it is the event; one that another was moved to is no new one."""
    if action == "new":
        return [("promise_renewed" if row.moved_from_id else "promise_given", changes)]
    if row.why:
        changes["reason"] = [None, row.why]
        row.why = ""  # said once
    if action == "changed" and "state" in changes:
        return [(f"promise_{row.state}", changes)]
    if action == "changed" and "due_at" in changes:
        return [("promise_moved_back", changes)]
    return plainly("promise")(row, action, changes)


def wish_kinds(row: Wish, action: str, changes: Changes) -> Iterable[tuple[str, Changes]]:
    moved = action == "changed" and "state" in changes
    return [(f"wish_{row.state}", changes)] if moved else plainly("wish")(row, action, changes)


def silence_kinds(row: SilenceTalk, action: str, changes: Changes) -> Iterable[tuple[str, Changes]]:
    """Asked, answered, let be, or ended by a contact; a contact that is withdrawn opens it again."""
    if action == "new":
        return [("silence_asked", changes)]
    if "closed_at" not in changes:
        return [("silence_answered", changes)]
    if row.closed_at is None:
        return [("silence_opened_again", changes)]
    return [("silence_waived" if row.waiver else "silence_ended", changes)]


def recurring_kinds(_row: RecurringPlan, action: str, changes: Changes) -> Iterable[tuple[str, Changes]]:
    """Begun, stopped; or it has gone over to another of ours."""
    if action == "new":
        return [("recurring_begun", changes)]
    return [("recurring_stopped" if "stopped_at" in changes else "recurring_changed", changes)]


def alarm_kinds(row: Alarm, action: str, changes: Changes) -> Iterable[tuple[str, Changes]]:
    """How far it is dealt with is the event."""
    if action == "new":
        return [("alarm_new", changes)]
    moved = action == "changed" and "state" in changes
    return [(f"alarm_{row.state}", changes)] if moved else plainly("alarm")(row, action, changes)
