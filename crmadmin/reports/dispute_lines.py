"""The entries of a dispute report as lines to be read: strictly by the time of the event.

They are drawn from the document itself, so a page shows nothing that the file does not prove. What an entry
leaves unsaid because it had not changed, the kind of a planned meeting, say, is known from those before it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from crmadmin.core.field_words import field_word
from crmadmin.core.i18n import _, moment_exact
from crmadmin.core.words import EVENTS, NAMES
from crmadmin.reports.dispute import whole_head
from crmadmin.rules.first_touch import is_late
from models.kinds import ClientKind, Direction, InteractionState, TaskState

MASKED = "•••"
_TOLD = ("interaction_recorded", "interaction_held")  # an event and its record: they may lie far apart
_INTERACTION = "interaction"
_WHOLE = frozenset({"interaction_recorded", "interaction_planned", "interaction_held"})
_ASIDE = frozenset(  # said in a line's head, or of no use on paper
    {"kind_id", "state", "person_id", "recorded_by_id", "participants", "contact_persons", "happened_at",
     "planned_for", "follows_id"}
)  # fmt: skip
_ORDER = (
    "request",
    "reaction",
    "result_id",
    "note",
    "cancel_reason",
    "no_next_reason",
    "minutes",
    "direction",
)
_WORDS: dict[str, Mapping[str, Any]] = {
    "state": {**{each.value: each for each in InteractionState}, **{each.value: each for each in TaskState}},
    "direction": {each.value: each for each in Direction},
    "kind": {each.value: each for each in ClientKind},
}


@dataclass(frozen=True)
class Fact:
    """One field: what it is called, and what it says; ``old`` is None where nothing stood there before."""

    name: str
    title: str
    new: str
    old: str | None = None
    masked: bool = False


@dataclass
class Line:
    number: int
    kind: str
    about: tuple[str, int | None]  # what it is of: a table's word, and the row
    at: datetime
    recorded_at: datetime
    title: str
    by: str
    ours: str
    theirs: str
    late: timedelta | None
    fields: Sequence[str]  # all of the entry's, masked or not, in the order they are read in
    facts: list[Fact] = field(default_factory=list[Fact])

    @property
    def is_correction(self) -> bool:
        return self.kind in ("interaction_corrected", "plan_changed")

    @property
    def changes(self) -> bool:
        """Whether old values are worth showing: of what is new there are none."""
        return self.kind not in _WHOLE


def lines(document: Mapping[str, Any], most: int | None = None) -> list[Line]:
    """Every entry that is shown, or the first so many, by the time of its event.

    Of one moment they stand as they were written down.
    """
    entries = [(whole_head(entry), entry["fields"]) for entry in document["entries"] if "fields" in entry]
    order = sorted((head["happened_at"], head["number"]) for head, _fields in entries)[:most]
    drawn = _drawn(entries, {number for _at, number in order})
    return sorted(drawn, key=lambda line: (line.at, line.number))


def total(document: Mapping[str, Any]) -> int:
    """How many lines there are."""
    return sum("fields" in entry for entry in document["entries"])


class _Reading:
    """What is the same in line after line, asked for once a report: it has fifty thousand fields."""

    def __init__(self) -> None:
        self.program = _("the program")
        self._titles: dict[tuple[str, str], str] = {}
        self._words: dict[str, str] = {}
        self._orders: dict[tuple[str, ...], list[str]] = {}

    def title(self, kind: str, talk: str) -> str:
        if (kind, talk) not in self._titles:
            self._titles[kind, talk] = _title(kind, talk)
        return self._titles[kind, talk]

    def word(self, name: str) -> str:
        if name not in self._words:
            self._words[name] = field_word(name)
        return self._words[name]

    def in_order(self, names: Iterable[str]) -> list[str]:
        """As they are read; whoever asks does not change the list."""
        asked = tuple(names)
        if asked not in self._orders:
            self._orders[asked] = sorted(asked, key=_place)
        return self._orders[asked]


def _drawn(
    entries: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]], numbers: set[int]
) -> Iterator[Line]:
    reading = _Reading()
    known: dict[tuple[str, int], dict[str, Any]] = {}
    for head, fields in entries:
        now = known.setdefault((head["subject"], head["subject_id"]), {})
        now |= {name: _new(said) for name, said in fields.items()}
        if head["number"] in numbers:
            yield _line(head, fields, now, reading)


def _line(
    head: Mapping[str, Any], fields: Mapping[str, Any], now: Mapping[str, Any], reading: _Reading
) -> Line:
    at, recorded_at = (datetime.fromisoformat(head[name]) for name in ("happened_at", "recorded_at"))
    of_talk = head["subject"] == _INTERACTION
    is_whole = of_talk and head["kind"] in _WHOLE
    names = reading.in_order(fields)
    return Line(
        number=head["number"],
        kind=head["kind"],
        about=(head["subject"], head["subject_id"]),
        at=at,
        recorded_at=recorded_at,
        title=reading.title(head["kind"], _text("kind_id", now.get("kind_id")) if of_talk else ""),
        by=head["by_name"] if head["by_id"] else reading.program,
        ours=_joined(now.get("person_id"), now.get("participants")) if of_talk else "",
        theirs=_joined(now.get("contact_persons")) if of_talk else "",
        late=recorded_at - at if head["kind"] in _TOLD and is_late(at, recorded_at) else None,
        fields=names,
        facts=[
            _fact(name, fields[name], reading.word(name))
            for name in names
            if not (is_whole and name in _ASIDE)
        ],
    )


def _title(kind: str, talk: str) -> str:
    event = str(EVENTS.get(kind, kind))
    if not talk:
        return event[:1].upper() + event[1:]
    return talk if kind in _TOLD else _("%(kind)s: %(event)s", kind=talk, event=event)


def _fact(name: str, said: Mapping[str, Any], title: str) -> Fact:
    if "commitment" in said:
        return Fact(name, title, MASKED, masked=True)
    old, new = said["value"]
    lacking = old is None or old in ("", [])
    return Fact(name, title, _text(name, new), None if lacking else _text(name, old))


def _new(said: Mapping[str, Any]) -> Any:
    return said["value"][1] if "value" in said else MASKED


def _text(name: str, value: Any) -> str:
    """A value of the journal as people read it."""
    match value:
        case None:
            return ""
        case {"name": called}:
            return str(called)
        case list():
            several = cast(list[Any], value)
            return ", ".join(_text(name, each) for each in several)
        case bool():
            return _("yes") if value else _("no")
        case str() if value in _WORDS.get(name, {}):
            return str(NAMES[_WORDS[name][value]])
        case str() if name.endswith("_at") or name == "planned_for":
            return _moment(value)
        case _:
            return str(value)


def _moment(value: str) -> str:
    try:
        return moment_exact(datetime.fromisoformat(value))
    except ValueError:
        return value


def _joined(*values: Any) -> str:
    return ", ".join(text for value in values if (text := _text("", value)))


def _place(name: str) -> tuple[int, str]:
    return (_ORDER.index(name), "") if name in _ORDER else (len(_ORDER), name)
