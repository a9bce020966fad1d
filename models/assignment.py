"""Whose client: who answered for it, from when to when."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, ClientId, UserId
from models.clients import Client
from models.people import User


class CuratorPeriod(Base):
    """One employee answered for one client, ``[started_at, ended_at)``; open while there is no end.

    The database refuses a second open period and any overlap: an exclusion constraint on PostgreSQL, triggers
    on SQLite, both in the first migration.
    """

    __tablename__ = "curator_period"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
        Index(
            "uq_curator_period_open",
            "client_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    client_id: Mapped[ClientId]
    curator_id: Mapped[UserId]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="", server_default="")
    by_id: Mapped[int | None] = mapped_column(index=True)
    by_name: Mapped[str] = mapped_column(String(200), default="", server_default="")

    client: Mapped[Client] = relationship()
    curator: Mapped[User] = relationship()
