"""An entry of the journal as people read it: what happened, and each field with what it was and became."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from crmadmin.core import i18n
from crmadmin.core.db import PROGRAM
from crmadmin.core.field_words import MOMENTS, WORDS, field_name
from crmadmin.core.i18n import _
from crmadmin.core.words import EVENTS, NAMES
from models import JournalEntry

CORRECTIONS = frozenset({"interaction_corrected", "plan_changed"})
_HEADLINES = {
    "contact_person": "name",
    "comment": "text",
    "client_task": "problem",
    "handover_offer": "to_id",
    "promise": "text",
    "wish": "words",
    "silence_talk": "question",
    "recurring_plan": "kind_id",
}
_ICONS = {
    "client": "bi-building",
    "contact_person": "bi-person-vcard",
    "curator_period": "bi-person-workspace",
    "telephone": "bi-telephone",
    "email_address": "bi-envelope",
    "client_task": "bi-bullseye",
    "comment": "bi-chat-dots",
    "handover_offer": "bi-arrow-left-right",
    "promise": "bi-hand-thumbs-up",
    "wish": "bi-star",
    "silence_talk": "bi-volume-mute",
    "recurring_plan": "bi-arrow-repeat",
}


_SHOWN = 60  # signs of a value in a line of its own


class Change(NamedTuple):
    """One field, in words; an empty text is none."""

    name: Any
    old: str
    new: str

    @property
    def brief(self) -> tuple[str, str]:
        """Both in a few words, from a little before where they begin to differ."""
        pairs = enumerate(zip(self.old, self.new, strict=False))
        same = next((at for at, (old, new) in pairs if old != new), min(len(self.old), len(self.new)))
        longest = max(len(self.old), len(self.new))
        begin = 0 if longest <= _SHOWN or not (self.old and self.new) else self.new.rfind(" ", 0, same) + 1
        return _cut(self.old, begin), _cut(self.new, begin)


@dataclass
class Told:
    """One entry. ``about``: whom or what it is about, where its changes do not say; ``why``: the reason."""

    at: datetime
    who: str
    kind: str
    words: str
    icon: str
    number: int
    changes: list[Change] = field(default_factory=list)
    about: str = ""
    why: str = ""
    bulk: int | None = None  # the act on many clients it belongs to
    is_undoing: bool = False

    @property
    def is_of_comment(self) -> bool:
        """Said among colleagues: no paper tells of it."""
        return self.kind.startswith("comment_")

    def hushed(self) -> "Told":
        """Of a comment that was taken back: that it was, and none of its words."""
        return replace(self, about=_("the comment was taken back"), changes=[])

    @property
    def is_correction(self) -> bool:
        return self.kind in CORRECTIONS


def _cut(text: str, begin: int) -> str:
    left = text[begin:]
    left = left if len(left) <= _SHOWN else left[: _SHOWN - 1].rstrip() + "…"
    return f"… {left}" if begin else left


def told(entry: JournalEntry, about: str = "") -> Told:
    data: Mapping[str, list[Any]] = entry.data
    before, act = data.get("bulk_act", (None, None))
    return Told(
        at=entry.recorded_at,
        who=who_of(entry),
        kind=entry.kind,
        words=str(EVENTS.get(entry.kind) or entry.kind),
        icon=_ICONS.get(entry.subject, "bi-pencil"),
        number=entry.number,
        changes=_changes(entry.subject, data),
        about=about or _headline(entry),
        why=said(entry.subject, "reason", (data.get("reason") or [None, None])[1]),
        bulk=act or before,
        is_undoing=before is not None,
    )


def who_of(entry: JournalEntry) -> str:
    """By whom, as he was called then; the program itself where nobody was signed in."""
    return _("the program") if entry.by_id is None and entry.by_name == PROGRAM.name else entry.by_name


def folded(lines: list[tuple[JournalEntry, Told]]) -> list[Told]:
    """One curator ends as the next one begins: two entries, one line. The newest first."""
    kept: list[tuple[JournalEntry, Told]] = []
    for entry, line in lines:
        later = kept[-1] if kept else None
        if later and _goes_on(entry, later[0]):
            was = next((each.old for each in line.changes), "")
            later[1].changes[:] = [each._replace(old=each.old or was) for each in later[1].changes]
        else:
            kept.append((entry, line))
    return [line for _entry, line in kept]


def _goes_on(entry: JournalEntry, later: JournalEntry) -> bool:
    kinds = (entry.kind, later.kind)
    return kinds == ("curator_ended", "curator_started") and entry.recorded_at == later.recorded_at


def said(subject: str, name: str, value: Any) -> str:
    """A value of the journal's in words."""
    match value:
        case None | "" | []:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case list():
            return ", ".join(said(subject, name, each) for each in value)
        case dict():
            return str(value.get("name") or value.get("id") or "")
        case str() if name in MOMENTS:
            return i18n.moment_exact(datetime.fromisoformat(value))
        case str() if name == "birthday":
            return i18n.day(date.fromisoformat(value))
        case str() if (words := WORDS.get((subject, name))) and value in set(words):
            return str(NAMES[words(value)])
        case _:
            return str(value)


def _changes(subject: str, data: Mapping[str, list[Any]]) -> list[Change]:
    found: list[Change] = []
    for name, (old, new) in data.items():
        label = field_name(subject, name)
        if label is not None and name != "reason":
            change = Change(label, said(subject, name, old), said(subject, name, new))
            found += [change] if change.old != change.new else []
    return found


def _headline(entry: JournalEntry) -> str:
    name = _HEADLINES.get(entry.subject, "")
    old, new = entry.data.get(name, (None, None))
    return said(entry.subject, name, new or old)
