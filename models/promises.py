"""What we owe a client, or the client us; what a client wished and did not get yet."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, ClientId, UserId, Words
from models.clients import Client, ContactPerson
from models.interactions import Interaction
from models.kinds import PromiseSide, PromiseState, WishState
from models.people import User


class Promise(Base):
    """Something promised, with a due time: by us to a client, or by the client to us.

    ``person`` of ours answers for it: he keeps ours, and sees that the client keeps theirs. It counts in the
    numbers of ``counted_for``, who answered for it when it was due: no foreign key, for SQLite adds none in
    place. ``due_at`` is its last moment; of a whole day, the end of that day. Moved with consent, it is
    settled as ``moved``, and another one, ``moved_from`` it, has the new time. ``interaction`` is the record
    it was given in, which may be called off without it.
    """

    __tablename__ = "promise"
    __table_args__ = (
        CheckConstraint("text <> ''", name="in_words"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_when_not_open"),
        Index("ix_promise_client_id_due_at", "client_id", "due_at", "id"),
        Index("ix_promise_person_id_due_at", "person_id", "due_at", "id", "state", "side"),
        Index("ix_promise_counted_for_id_due_at", "counted_for_id", "due_at", "id", "state", "side"),
        Index("ix_promise_due_at", "due_at", "id", "state", "side"),
        Index(
            "ix_promise_open",
            "due_at",
            "person_id",
            "client_id",
            "id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id", ondelete="RESTRICT"))
    interaction_id: Mapped[int | None] = mapped_column(
        ForeignKey("interaction.id", ondelete="RESTRICT"), index=True
    )
    side: Mapped[PromiseSide] = mapped_column(default=PromiseSide.ours)
    text: Mapped[Words]
    person_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="RESTRICT"))
    counted_for_id: Mapped[int] = mapped_column(server_default="0")
    contact_person_id: Mapped[int | None] = mapped_column(
        ForeignKey("contact_person.id", ondelete="RESTRICT"), index=True
    )
    due_at: Mapped[datetime]
    whole_day: Mapped[bool] = mapped_column(default=True, server_default="1")
    state: Mapped[PromiseState] = mapped_column(default=PromiseState.open)
    made_at: Mapped[datetime]
    made_by_id: Mapped[UserId]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="RESTRICT"), index=True
    )
    outcome: Mapped[str] = mapped_column(String(500), default="", server_default="")
    moved_from_id: Mapped[int | None] = mapped_column(
        ForeignKey("promise.id", ondelete="RESTRICT"), index=True
    )

    client: Mapped[Client] = relationship()
    interaction: Mapped[Interaction | None] = relationship()
    person: Mapped[User] = relationship(foreign_keys="Promise.person_id")
    counted_for: Mapped[User] = relationship(
        primaryjoin="foreign(Promise.counted_for_id) == User.id", foreign_keys="Promise.counted_for_id"
    )
    contact_person: Mapped[ContactPerson | None] = relationship()
    made_by: Mapped[User] = relationship(foreign_keys="Promise.made_by_id")
    settled_by: Mapped[User | None] = relationship(foreign_keys="Promise.settled_by_id")
    moved_from: Mapped[Promise | None] = relationship(remote_side="Promise.id")

    why = ""  # why its outcome is taken back in this flush; kept in the journal

    def __str__(self) -> str:
        return self.text


class Wish(Base):
    """What a client wants and does not get yet: in the client's words, why not now, and when to come back.

    ``season`` is the month it is for, 1 to 12, where it has one; ``lead_days`` before it one has to speak.
    ``come_back_on`` follows from both, or was chosen. ``words_fold`` is what it is searched by.
    """

    __tablename__ = "wish"
    __table_args__ = (
        CheckConstraint("words <> ''", name="in_words"),
        CheckConstraint("season IS NULL OR season BETWEEN 1 AND 12", name="season_is_a_month"),
        CheckConstraint("lead_days >= 0", name="lead_not_negative"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_when_not_open"),
        Index("ix_wish_come_back_on", "come_back_on", "id"),
    )

    client_id: Mapped[ClientId]
    interaction_id: Mapped[int | None] = mapped_column(
        ForeignKey("interaction.id", ondelete="RESTRICT"), index=True
    )
    words: Mapped[Words]
    words_fold: Mapped[Words]
    why_not_now: Mapped[str] = mapped_column(String(500), default="", server_default="")
    season: Mapped[int | None]
    lead_days: Mapped[int] = mapped_column(default=30, server_default="30")
    come_back_on: Mapped[date | None]
    state: Mapped[WishState] = mapped_column(default=WishState.open)
    made_at: Mapped[datetime]
    made_by_id: Mapped[UserId]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="RESTRICT"), index=True
    )
    outcome: Mapped[str] = mapped_column(String(500), default="", server_default="")

    client: Mapped[Client] = relationship()
    interaction: Mapped[Interaction | None] = relationship()
    made_by: Mapped[User] = relationship(foreign_keys="Wish.made_by_id")
    closed_by: Mapped[User | None] = relationship(foreign_keys="Wish.closed_by_id")

    def __str__(self) -> str:
        return self.words
