"""What somebody is to be told, once each."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.clients import Client
from models.kinds import NoticeKind
from models.people import User


class Notice(Base):
    """One thing to tell one person. ``key`` keeps the same thing from being told twice.

    ``data`` fills the words of its kind; ``subject`` and ``subject_id`` say what it is about. The letter that
    told it by e-mail is no foreign key, for SQLite adds none in place.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "key", name="uq_notice_person_id_key"),
        Index("ix_notice_person_id_at", "person_id", "at", "id"),
        Index(
            "ix_notice_unread",
            "person_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="RESTRICT"))
    kind: Mapped[NoticeKind]
    at: Mapped[datetime]
    key: Mapped[str] = mapped_column(String(100))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id", ondelete="RESTRICT"), index=True)
    subject: Mapped[str] = mapped_column(String(40), default="", server_default="")
    subject_id: Mapped[int | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    read_at: Mapped[datetime | None]
    letter_id: Mapped[int | None]

    person: Mapped[User] = relationship()
    client: Mapped[Client | None] = relationship()
