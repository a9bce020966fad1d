"""What a client wants solved, what colleagues say of it among themselves, and the files that belong to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, ClientId, UserId, Words
from models.clients import Client
from models.interactions import Interaction
from models.kinds import TaskState
from models.people import User

comment_mention = Table(
    "comment_mention",
    Base.metadata,
    Column("comment_id", ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("app_user.id", ondelete="RESTRICT"), primary_key=True, index=True),
)


class ClientTask(Base):
    """What the client wants solved, in the client's words; one at a time is open.

    ``proposed_at`` is when a solution was proposed first, ``closed_at`` when the client accepted it or the
    task was dropped.
    """

    __tablename__ = "client_task"
    __table_args__ = (
        CheckConstraint("problem <> ''", name="in_words"),
        CheckConstraint("state IN ('open', 'proposed') OR closed_at IS NOT NULL", name="closed_at_a_moment"),
        Index(
            "uq_client_task_open",
            "client_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    client_id: Mapped[ClientId]
    problem: Mapped[Words]
    solution: Mapped[Words]
    state: Mapped[TaskState] = mapped_column(default=TaskState.open)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[UserId]
    proposed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(500), default="", server_default="")

    client: Mapped[Client] = relationship()
    opened_by: Mapped[User] = relationship()

    def __str__(self) -> str:
        return self.problem


class Comment(Base):
    """Said among colleagues about a client, or about one interaction with it; never leaves the house."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("text <> ''", name="says_something"),
        Index("ix_comment_client_id_written_at", "client_id", "written_at", "id"),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id", ondelete="RESTRICT"))
    interaction_id: Mapped[int | None] = mapped_column(
        ForeignKey("interaction.id", ondelete="RESTRICT"), index=True
    )
    by_id: Mapped[UserId]
    written_at: Mapped[datetime]
    text: Mapped[Words]
    withdrawn_at: Mapped[datetime | None]

    client: Mapped[Client] = relationship()
    interaction: Mapped[Interaction | None] = relationship()
    by: Mapped[User] = relationship()
    mentioned: Mapped[list[User]] = relationship(secondary=comment_mention, order_by="User.name")

    def __str__(self) -> str:
        return self.text


class Attachment(Base):
    """A file of a client, or of one interaction with it. Its bytes lie in a folder by their SHA-256."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size_not_negative"),
        Index("ix_attachment_sha256", "sha256"),
    )

    client_id: Mapped[ClientId]
    interaction_id: Mapped[int | None] = mapped_column(
        ForeignKey("interaction.id", ondelete="RESTRICT"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[UserId]
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    client: Mapped[Client] = relationship()
    interaction: Mapped[Interaction | None] = relationship()
    by: Mapped[User] = relationship()

    def __str__(self) -> str:
        return self.name
