"""The journal: every event in order, append-only, each entry chained to the one before."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class JournalEntry(Base):
    """One event, written from inside the flush that makes it. Triggers refuse to change or delete it.

    ``chain`` is the client's id, or 0 for events that belong to no client; ``number`` counts within the
    chain from 1. ``data`` is ``{field: [old, new]}``. ``salt`` and ``hash`` are lower-case hex; how the hash
    is made is said in crmadmin.rules.evidence.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        UniqueConstraint("chain", "number"),
        Index("ix_journal_entry_recorded_at", "recorded_at", "id"),
        Index("ix_journal_entry_subject", "subject", "subject_id"),
    )

    chain: Mapped[int]
    number: Mapped[int]
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(index=True)
    by_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    salt: Mapped[str] = mapped_column(String(32))
    hash: Mapped[str] = mapped_column(String(64))


class JournalHead(Base):
    """The last number and hash of each chain, locked while the next entry is written."""

    __tablename__ = "journal_head"

    chain: Mapped[int] = mapped_column(unique=True)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
