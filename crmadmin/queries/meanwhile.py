"""What the journal tells of a row's latest changes: who, when, from what to what. None of them runs."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from models import Client, ContactPerson, CuratorPeriod, EmailAddress, Interaction, JournalEntry, Telephone
from models.base import Reference

NEWEST = 100  # entries that are looked through

_LINES = (Telephone.__tablename__, EmailAddress.__tablename__)


def latest_of(row: Any) -> Select[JournalEntry]:
    """Entries about this row, the newest first; a client's telephones and periods are its own."""
    asked = select(JournalEntry).order_by(JournalEntry.recorded_at.desc(), JournalEntry.id.desc())
    if isinstance(row, Client):
        theirs = (Client.__tablename__, CuratorPeriod.__tablename__, *_LINES)
        return asked.where(JournalEntry.chain == row.id, JournalEntry.subject.in_(theirs)).limit(NEWEST)
    this = (JournalEntry.subject == _subject_of(row)) & (JournalEntry.subject_id == row.id)
    if isinstance(row, ContactPerson):
        lines = (JournalEntry.chain == row.client_id) & JournalEntry.subject.in_(_LINES)
        return asked.where(or_(this, lines)).limit(NEWEST)
    return asked.where(this).limit(NEWEST)


def latest_plan_of(client: Client) -> Select[JournalEntry]:
    """Entries about what is or was planned with a client."""
    of_it = (JournalEntry.chain == client.id, JournalEntry.subject == Interaction.__tablename__)
    asked = select(JournalEntry).where(*of_it)
    return asked.order_by(JournalEntry.number.desc()).limit(NEWEST)


def first_after(subject: str, id: int, at: datetime) -> Select[JournalEntry]:
    """The first entry about a row since that moment."""
    later = (JournalEntry.subject == subject, JournalEntry.subject_id == id, JournalEntry.recorded_at > at)
    return select(JournalEntry).where(*later).order_by(JournalEntry.recorded_at, JournalEntry.id).limit(1)


def _subject_of(row: Any) -> str:
    table = str(row.__tablename__)
    return table if isinstance(row, Reference | ContactPerson | Interaction) else "person"
