"""Two editors: whoever saves holds the row until he is done, and is told what another has done meanwhile."""

from hashlib import sha256
from typing import Any

from sqlalchemy import select

from crmadmin.core.db import db
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.queries.meanwhile import latest_of
from crmadmin.services.journal_subjects import WATCHED
from models import Base, JournalEntry, JournalHead

_KEYS = {"telephones": ("telephone", "typed"), "emails": ("email_address", "typed")}


def hold(row: Base) -> None:
    """Nobody else changes the row until this transaction ends, and what is read from here on is the latest.

    What belongs to a client is held by the end of its chain, which every change of a client locks first, so
    that no two wait for each other. SQLite has one writer at a time from the start of a request.
    """
    chain = WATCHED[type(row)].client_id(row) if type(row) in WATCHED else None
    if chain:
        db.execute(select(JournalHead.id).where(JournalHead.chain == chain).with_for_update())
    else:
        entity = type(row)
        held = select(entity.id).where(entity.id == row.id)
        db.execute(held.with_for_update(of=entity, key_share=True))  # others may still point at it
    db.expire_all()


def mark(*said: object) -> str:
    """What a form carries of what it showed: another one as soon as anything of it is."""
    return sha256(repr(said).encode()).hexdigest()[:16]


def refuse_if_changed(stands: str, seen: str | None, *, says: str = "") -> None:
    """DomainError where a form has shown something else, with what is there now. None: there was no form."""
    if seen is not None and seen != stands:
        said = _("Somebody has changed this meanwhile. Saved once more, what you chose takes its place.")
        now = _("Now it says: %(what)s", what=says) if says else ""
        raise DomainError(f"{said} {now}".strip(), field="mark")


def entries_of(row: Base, fields: list[str]) -> dict[str, tuple[JournalEntry, list[Any]]]:
    """For each field the latest entry about it, with what it was and what it became."""
    found: dict[str, tuple[JournalEntry, list[Any]]] = {}
    for entry in db.scalars(latest_of(row)):
        for field in fields:
            subject, key = _KEYS.get(field, ("", ""))
            if subject:
                pair = entry.data.get(key) if entry.subject == subject else None
            else:
                pair = entry.data.get(f"{field}_id", entry.data.get(field))
            if not pair:
                continue
            if field not in found:
                found[field] = (entry, list(pair))
            elif _same_change(found[field][0], entry):
                found[field][1][0] = pair[0]
    return found


def _same_change(later: JournalEntry, entry: JournalEntry) -> bool:
    """One curator ends as the next one begins: two entries, one change."""
    kinds = (entry.kind, later.kind)
    return kinds == ("curator_ended", "curator_started") and entry.recorded_at == later.recorded_at
