"""Whose client: who answered for it and when, who is offered it, who acts while somebody is away."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, ClientId, UserId
from models.clients import Client
from models.interactions import Interaction
from models.kinds import OfferState
from models.people import User
from models.reference import ClientGroup


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


class HandoverOffer(Base):
    """A manager offers a client of his to somebody; the head decides."""

    __tablename__ = "handover_offer"
    __table_args__ = (
        CheckConstraint("from_id <> to_id", name="to_somebody_else"),
        CheckConstraint("reason <> ''", name="with_a_reason"),
        Index(
            "uq_handover_offer_open",
            "client_id",
            unique=True,
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
    )

    client_id: Mapped[ClientId]
    from_id: Mapped[UserId]
    to_id: Mapped[UserId]
    reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[OfferState] = mapped_column(default=OfferState.offered)
    offered_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="RESTRICT"), index=True
    )
    answer: Mapped[str] = mapped_column(String(500), default="", server_default="")

    client: Mapped[Client] = relationship()
    from_person: Mapped[User] = relationship(foreign_keys="HandoverOffer.from_id")
    to_person: Mapped[User] = relationship(foreign_keys="HandoverOffer.to_id")
    decided_by: Mapped[User | None] = relationship(foreign_keys="HandoverOffer.decided_by_id")


class Absence(Base):
    """Somebody is away, ``[starts_at, ends_at)``; others act for him, and his clients stay his.

    ``ends_at`` is brought forward when he is back early; ``cancelled_at`` calls off one that has not begun.
    """

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("ends_at >= starts_at", name="ends_after_start"),
        Index("ix_absence_person_id_starts_at", "person_id", "starts_at"),
        Index("ix_absence_starts_at_ends_at", "starts_at", "ends_at"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="RESTRICT"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500), default="", server_default="")
    set_at: Mapped[datetime]
    set_by_id: Mapped[UserId]
    cancelled_at: Mapped[datetime | None]

    person: Mapped[User] = relationship(foreign_keys="Absence.person_id")
    set_by: Mapped[User] = relationship(foreign_keys="Absence.set_by_id")
    substitutions: Mapped[list["Substitution"]] = relationship(
        back_populates="absence", order_by="Substitution.id", cascade="all, delete-orphan"
    )


class Substitution(Base):
    """Who acts for somebody absent: with the clients of one group, or with all that no other one has."""

    __tablename__ = "substitution"
    __table_args__ = (
        UniqueConstraint("absence_id", "group_id", name="uq_substitution_absence_id_group_id"),
        Index(
            "uq_substitution_of_the_rest",
            "absence_id",
            unique=True,
            sqlite_where=text("group_id IS NULL"),
            postgresql_where=text("group_id IS NULL"),
        ),
    )

    absence_id: Mapped[int] = mapped_column(ForeignKey("absence.id", ondelete="CASCADE"), index=True)
    substitute_id: Mapped[UserId]
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("client_group.id", ondelete="RESTRICT"), index=True
    )

    absence: Mapped[Absence] = relationship(back_populates="substitutions")
    substitute: Mapped[User] = relationship()
    group: Mapped[ClientGroup | None] = relationship()


class SeenAfterAbsence(Base):
    """Whoever was away has read what happened with his clients meanwhile: line by line."""

    __tablename__ = "seen_after_absence"
    __table_args__ = (
        UniqueConstraint(
            "absence_id", "interaction_id", name="uq_seen_after_absence_absence_id_interaction_id"
        ),
    )

    absence_id: Mapped[int] = mapped_column(ForeignKey("absence.id", ondelete="CASCADE"), index=True)
    interaction_id: Mapped[int] = mapped_column(ForeignKey("interaction.id", ondelete="RESTRICT"), index=True)
    seen_at: Mapped[datetime]

    interaction: Mapped[Interaction] = relationship()


class FirstTouchDecision(Base):
    """Whose client it was first, as the head decided; the newest one counts, the others stay."""

    __tablename__ = "first_touch_decision"
    __table_args__ = (CheckConstraint("reason <> ''", name="with_a_reason"),)

    client_id: Mapped[ClientId]
    person_id: Mapped[UserId]
    reason: Mapped[str] = mapped_column(String(500))
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[UserId]

    client: Mapped[Client] = relationship()
    person: Mapped[User] = relationship(foreign_keys="FirstTouchDecision.person_id")
    decided_by: Mapped[User] = relationship(foreign_keys="FirstTouchDecision.decided_by_id")
