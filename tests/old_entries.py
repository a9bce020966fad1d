"""Entries as they were written before their heads were committed to: form 1 of crmadmin.rules.evidence."""

from typing import Any

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.rules import evidence
from models import Client, JournalEntry, JournalHead

SALT = "ab" * 16


def an_old_entry(client: Client, kind: str, data: dict[str, Any], subject: str = "comment") -> JournalEntry:
    """The next entry of a client's chain, in the old form."""
    head = db.scalars(select(JournalHead).where(JournalHead.chain == client.id)).one()
    told = {
        "chain": client.id, "number": head.number + 1, "kind": kind, "subject": subject, "subject_id": 900,
        "happened_at": clock.now(), "recorded_at": clock.now(), "by_id": 1, "by_name": "Анна", "form": 1,
    }  # fmt: skip
    salt = bytes.fromhex(SALT)
    sealed = evidence.entry_hash(bytes.fromhex(head.hash), told, salt, data).hex()
    entry = JournalEntry(**told, client_id=client.id, data=data, salt=SALT, hash=sealed)
    db.add(entry)
    head.number, head.hash = entry.number, entry.hash
    db.commit()
    return entry
