"""Two editors of one row: the second is told who changed what, and loses nothing he typed.

A form carries a mark of each value it showed. They are not signed: whoever forges one only takes the warning
from himself, as he may by saving twice.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from hashlib import sha256
from typing import Any

from crmadmin.core import i18n
from crmadmin.core.db import db
from crmadmin.core.i18n import _
from crmadmin.services.meanwhile import entries_of
from models import Base, JournalEntry
from models.base import Reference
from views.fields import LinesField, MomentField
from views.labels import LABELS

_BLANK = "—"


@dataclass(frozen=True)
class Change:
    """What somebody else made of a field while this form was open."""

    name: str
    label: str
    sentence: str
    now: str
    conflicts: bool  # the second editor has typed something else


def marks(form: Any) -> dict[str, str]:
    """A short hash of each field's value: what the form carries of what it showed."""
    fields = [field for field in form if field.short_name != "csrf_token"]
    return {field.short_name: sha256(_plain(field).encode()).hexdigest()[:10] for field in fields}


def written(form: Any) -> str:
    return json.dumps(marks(form), separators=(",", ":"))


def reconciled(form: Any, current: Any, row: Base, seen: str, taken: Iterable[str]) -> list[Change]:
    """Compare what the form showed with the row as it stands, and put into the form what he did not touch.

    ``current`` is the form as it would be shown now; ``taken`` names fields whose present value he chooses.
    """
    before, now, typed = _read(seen), marks(current), marks(form)
    for name in taken:
        if name in now and before.get(name) == now[name]:
            _put(form, current, name)
            typed[name] = now[name]
    later = [name for name in now if before.get(name, now[name]) != now[name] != typed.get(name)]
    known = entries_of(row, later) if later else {}
    changes: list[Change] = []
    for name in later:
        conflicts = typed.get(name) != before[name]
        field, text = current[name], shown(current[name])
        sentence = said(text, *_known(field, known.get(name)))
        changes.append(Change(name, str(field.label.text), sentence, text, conflicts))
        if not conflicts:
            _put(form, current, name)
    return changes


def said(now: str, entry: JournalEntry | None = None, old: str = "") -> str:
    """Who changed it, when, from what to what."""
    if entry is None:
        return _("Changed meanwhile to %(new)s.", new=now)
    when, who = i18n.moment(entry.recorded_at), entry.by_name
    return _("%(who)s changed this from %(old)s to %(new)s, %(when)s.", who=who, old=old, new=now, when=when)


def told(value: Any) -> str:
    """A value as the journal keeps it, for people."""
    if isinstance(value, dict):
        return str(value.get("name", ""))
    if isinstance(value, list):
        return ", ".join(told(each) for each in value) or _BLANK
    return _word(value)


def _known(field: Any, found: tuple[JournalEntry, list[Any]] | None) -> tuple[JournalEntry | None, str]:
    if found is None:
        return None, ""
    entry, (old, _new) = found
    if old and isinstance(field.data, Enum):
        return entry, _word(type(field.data)(old))
    if old and isinstance(field, MomentField):
        return entry, i18n.moment_exact(datetime.fromisoformat(old))
    if old and isinstance(field.data, Reference):  # the journal has its Russian name
        known = db.get(type(field.data), old["id"])
        return entry, str(known) if known else told(old)
    return entry, told(old)


def shown(field: Any) -> str:
    """A field's value as people read it."""
    loader = getattr(field, "loader", None)
    if loader is not None and isinstance(field.data, Base):
        return str(loader.format(field.data)[1])
    if isinstance(field, LinesField):
        return ", ".join(_lines(field.data)) or _BLANK
    return _word(field.data)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, StrEnum):
        return str(LABELS.get(value, value.value))
    if isinstance(value, datetime):
        return i18n.moment_exact(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value) or _BLANK
    return " ".join(str(value).split()) if value not in (None, "") else _BLANK


def _plain(field: Any) -> str:
    data = field.data
    if isinstance(data, Base):
        return str(data.id)
    if isinstance(field, LinesField):
        return "\n".join(_lines(data))
    if isinstance(data, list | tuple | set):
        return repr(sorted(str(getattr(each, "id", each)) for each in data))
    if isinstance(data, datetime):
        return data.replace(second=0, microsecond=0).isoformat()
    if isinstance(data, Enum):
        return str(data.value)
    return "" if data is None else str(data)


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _put(form: Any, current: Any, name: str) -> None:
    form._fields[name] = current[name]
    setattr(form, name, current[name])


def _read(seen: str) -> dict[str, str]:
    try:
        found = json.loads(seen)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
