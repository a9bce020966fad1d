"""A reason to talk: the head asks why a client is silent, until somebody speaks with it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, ClientId, UserId, Words
from models.clients import Client
from models.interactions import Interaction
from models.people import User


class SilenceTalk(Base):
    """The head asks whoever answers for a silent client; one at a time is open for a client.

    ``facts`` are the numbers as they stood when it was asked. ``answer`` is the curator's, and ``act_on`` the
    day he names. It is closed by the first contact held after it was opened, ``interaction``, or by the
    head's ``waiver``, a reason; by nothing else.
    """

    __tablename__ = "silence_talk"
    __table_args__ = (
        CheckConstraint("closed_at IS NULL OR interaction_id IS NOT NULL OR waiver <> ''", name="closed_for"),
        Index(
            "uq_silence_talk_open",
            "client_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    client_id: Mapped[ClientId]
    person_id: Mapped[UserId]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[UserId]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    question: Mapped[Words]
    answer: Mapped[Words]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="RESTRICT"), index=True
    )
    act_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="RESTRICT"), index=True
    )
    interaction_id: Mapped[int | None] = mapped_column(
        ForeignKey("interaction.id", ondelete="RESTRICT"), index=True
    )
    waiver: Mapped[str] = mapped_column(String(500), default="", server_default="")

    client: Mapped[Client] = relationship()
    person: Mapped[User] = relationship(foreign_keys="SilenceTalk.person_id")
    opened_by: Mapped[User] = relationship(foreign_keys="SilenceTalk.opened_by_id")
    answered_by: Mapped[User | None] = relationship(foreign_keys="SilenceTalk.answered_by_id")
    closed_by: Mapped[User | None] = relationship(foreign_keys="SilenceTalk.closed_by_id")
    interaction: Mapped[Interaction | None] = relationship()
