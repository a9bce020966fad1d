"""The dispute report as a document: entries of a client's journal, and what proves that nobody changed them.

Everything in it follows from the journal and from the entry that says it was made, so that it comes out the
same, byte for byte, whenever it is asked for. ``check_report`` reads it with nothing but Python. An entry has
its head, its hash, and either its ``fields``, each with its value and the secret of its commitment, or masked
by the commitment alone; or it is ``sealed``: not shown, its commitments keep the chain whole. What an entry
of form 2 has ``told`` stands beside its head, as a field does: shown, or as a commitment.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, auto
from hashlib import sha256
from typing import Any

from crmadmin.rules import evidence

FORMATS = {1: "crmadmin-report-1", 2: "crmadmin-report-2"}
NEWEST = 2  # of the first, no more are made, but each comes out as it was

Masks = Mapping[int, Sequence[str]]  # an entry's number: names of its fields


class Audience(StrEnum):
    internal = auto()
    client = auto()


FOR_CLIENT = frozenset(  # kinds a client is shown: what was between us, and who answered for it
    {
        "interaction_recorded",
        "interaction_planned",
        "interaction_held",
        "interaction_cancelled",
        "interaction_corrected",
        "plan_changed",
        "client_task_created",
        "client_task_changed",
        "client_task_open",
        "client_task_proposed",
        "client_task_accepted",
        "client_task_dropped",
        "curator_started",
        "curator_ended",
    }
)
USUALLY_MASKED: dict[Audience, frozenset[str]] = {  # unless whoever makes it shows them
    Audience.internal: frozenset(),
    Audience.client: frozenset(
        {"note", "reason", "no_next_reason", "follows_id", "cancel_reason", "outcome"}
    ),
}
_MASKED_AT_FIRST = frozenset({"note", "reason", "no_next_reason", "follows_id"})  # in reports of format 1
_INTERACTION = "interaction"


@dataclass(frozen=True)
class Order:
    """What was asked for; ``end`` is the first day out of it, ``upto`` the last entry that was seen.

    What is ``masked`` or ``shown`` of an entry is so in every entry of its subject: else a correction would
    tell what stood there before. ``internal`` are the kinds of interaction that a client is shown nothing of.
    """

    audience: Audience
    upto: int
    start: date | None = None
    end: date | None = None
    masked: Masks = field(default_factory=dict[int, Sequence[str]])
    shown: Masks = field(default_factory=dict[int, Sequence[str]])
    internal: frozenset[int] = frozenset()
    format: int = NEWEST

    @property
    def usually_masked(self) -> frozenset[str]:
        old = self.format == 1 and self.audience is Audience.client
        return _MASKED_AT_FIRST if old else USUALLY_MASKED[self.audience]


class Chosen:
    """Which of the entries of a range are shown, and which of their fields."""

    def __init__(self, rows: Sequence[Any], wanted: frozenset[int], order: Order) -> None:
        self.order, self.wanted, self.usual = order, wanted, order.usually_masked
        self.masked, self.shown = self._spread(rows, order.masked), self._spread(rows, order.shown)
        self.internal = {self._about(row) for row in rows if _kinds(row) & order.internal}

    def opens(self, row: Any) -> bool:
        """Whether an entry is shown at all; what has ever been of an internal kind is not for the client."""
        if row.number not in self.wanted or self.order.audience is Audience.internal:
            return row.number in self.wanted
        return row.kind in FOR_CLIENT and self._about(row) not in self.internal

    def hidden(self, row: Any) -> Set[str]:
        """The names of fields of an entry that are masked, whether it has them or not."""
        about = self._about(row)
        return (self.usual - self.shown.get(about, set())) | self.masked.get(about, set())

    def _spread(self, rows: Sequence[Any], masks: Masks) -> dict[Any, set[str]]:
        found: dict[Any, set[str]] = {}
        for row in rows:
            if names := masks.get(row.number):
                found.setdefault(self._about(row), set()).update(names)
        return found

    def _about(self, row: Any) -> Any:
        """What a mask is of: the subject; in reports of format 1 each entry by itself."""
        return row.number if self.order.format == 1 else (row.subject, row.subject_id)


def _kinds(row: Any) -> set[int]:
    """The kinds of interaction that an entry names, before it and after."""
    pair = row.data.get("kind_id", ()) if row.subject == _INTERACTION else ()
    return {each["id"] for each in pair if each}


@dataclass(frozen=True)
class Facts:
    """What does not stand in the entries; it is kept in the entry of the report itself."""

    client: str
    language: str
    zone: str
    curators: Sequence[Mapping[str, str | None]]
    anchor: Mapping[str, Any] | None


@dataclass(frozen=True)
class Made:
    """Which entry says that the report was made, when, and by whom."""

    number: int
    at: str
    by: str


def document(
    chain: int,
    rows: Sequence[Any],
    wanted: frozenset[int],
    order: Order,
    facts: Facts,
    made: Made,
    before: str,
) -> dict[str, Any]:
    """``rows`` are the entries of the range in their order, ``wanted`` the numbers of those in the period."""
    chosen = Chosen(rows, wanted, order)
    return {
        "format": FORMATS[order.format],
        "client": {"id": chain, "name": facts.client},
        "period": {"from": _day(order.start), "before": _day(order.end), "zone": facts.zone},
        "for": order.audience.value,
        "language": facts.language,
        "made": {"number": made.number, "at": made.at, "by": made.by},
        "curators": list(facts.curators),
        "range": {
            "first": rows[0].number if rows else 0,
            "last": rows[-1].number if rows else 0,
            "before": before,
            "hash": rows[-1].hash if rows else before,
        },
        "anchor": facts.anchor,
        "entries": [(entry if made.number else _drafted)(row, chosen) for row in rows],
    }


def entry(row: Any, chosen: Chosen) -> dict[str, Any]:
    """An entry with all that proves it."""
    secrets, data, shown = evidence.Secrets(bytes.fromhex(row.salt)), row.data, chosen.opens(row)
    said: dict[str, Any] = {"head": _head(row), "hash": row.hash}
    if row.form != 1:
        said["told"] = (
            {"secret": secrets.of_head().hex(), "value": _told(row)}
            if shown
            else {"commitment": secrets.told(row._mapping, data).hex()}
        )
    if shown:
        hidden = chosen.hidden(row)
        said["fields"] = {
            name: {"commitment": secrets.commitment(name, value).hex()}
            if name in hidden
            else {"secret": secrets.of(name).hex(), "value": value}
            for name, value in data.items()
        }
    else:
        said["sealed"] = [secrets.commitment(name, data[name]).hex() for name in sorted(data)]
    return said


def _drafted(row: Any, chosen: Chosen) -> dict[str, Any]:
    """What a draft says is not proven: it never leaves the house, and is made in a fraction of the time."""
    said: dict[str, Any] = {"head": _head(row), "hash": row.hash}
    if not chosen.opens(row):
        return said | {"sealed": []}
    if row.form != 1:
        said["told"] = {"value": _told(row)}
    return said | {"fields": {name: {"value": value} for name, value in row.data.items()}}


def _head(row: Any) -> dict[str, Any]:
    """The part of an entry's head that stands open, as JSON says it."""
    if row.form != 1:
        return {"form": row.form, "chain": row.chain, "number": row.number}
    return {name: evidence.plain(getattr(row, name)) for name in (*evidence.OPEN, *evidence.TOLD)}


def _told(row: Any) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "subject": row.subject,
        "subject_id": row.subject_id,
        "happened_at": evidence.plain(row.happened_at),
        "recorded_at": evidence.plain(row.recorded_at),
        "by_id": row.by_id,
        "by_name": row.by_name,
        "fields": sorted(row.data),
    }


def whole_head(entry: Mapping[str, Any]) -> dict[str, Any]:
    """All that is known of what happened, when and by whom, whatever the form of the entry."""
    return entry["head"] | entry.get("told", {}).get("value", {})


def tells_too_much(document: Mapping[str, Any]) -> int:
    """How many of the entries that are left out were written in the old form: their heads stand open."""
    return sum("sealed" in entry and "form" not in entry["head"] for entry in document["entries"])


def written(document: Mapping[str, Any]) -> bytes:
    """The file: JSON with one entry a line, so that somebody may look through it."""
    parts = [
        evidence.canonical(name) + b":" + evidence.canonical(value)
        for name, value in document.items()
        if name != "entries"
    ]
    parts.append(b'"entries":[\n' + b",\n".join(_lines(document["entries"])) + b"\n]")
    return b"{" + b",\n".join(parts) + b"}\n"


def digest(file: bytes) -> str:
    return sha256(file).hexdigest()


def _lines(entries: Iterable[Any]) -> Iterable[bytes]:
    return (evidence.canonical(each) for each in entries)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
