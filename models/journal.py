"""The journal: every event in order, append-only, each entry chained to the one before."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


def _beside_interactions() -> Index:
    """A client's entries that are lines of its timeline by themselves: a few among its thousands."""
    these = text("subject <> 'interaction'")
    columns = ("client_id", "recorded_at", "id", "kind", "by_id")
    return Index("ix_journal_entry_timeline", *columns, sqlite_where=these, postgresql_where=these)


class JournalEntry(Base):
    """One event, written from inside the flush that makes it. Triggers refuse to change or delete it.

    ``chain`` is the client's id, or 0 for events that belong to no client; ``number`` counts within the
    chain from 1. ``data`` is ``{field: [old, new]}``. ``salt`` and ``hash`` are lower-case hex; how the hash
    is made, and what its ``form`` changes in that, is said in crmadmin.rules.evidence.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        UniqueConstraint("chain", "number"),
        Index("ix_journal_entry_recorded_at", "recorded_at", "id"),
        Index("ix_journal_entry_subject", "subject", "subject_id"),
        _beside_interactions(),
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
    form: Mapped[int] = mapped_column(default=1, server_default="1")


class JournalHead(Base):
    """The last number and hash of each chain, locked while the next entry is written."""

    __tablename__ = "journal_head"

    chain: Mapped[int] = mapped_column(unique=True)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class JournalAnchor(Base):
    """Once a day: one hash over the last hash of every chain. Whoever keeps it can tell a changed past.

    ``last_id`` is the last entry it knows of; how the root is made is said in crmadmin.rules.anchors.
    """

    __tablename__ = "journal_anchor"

    day: Mapped[date] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    root: Mapped[str] = mapped_column(String(64))
    chains: Mapped[int]
    entries: Mapped[int]
    last_id: Mapped[int]


class JournalAnchorEnd(Base):
    """The last number and hash of a chain that had gone on by an anchor since the one before.

    A chain's newest end up to an anchor is the leaf that its root was made of: so it can be told which chain
    is not what it was.
    """

    __tablename__ = "journal_anchor_end"
    __table_args__ = (UniqueConstraint("chain", "anchor_id"),)

    anchor_id: Mapped[int] = mapped_column(ForeignKey("journal_anchor.id", ondelete="RESTRICT"), index=True)
    chain: Mapped[int]
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
