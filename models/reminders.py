"""How people are reached: letters that wait, what each wants, the calendar feed, the jobs."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, UserId, Words
from models.kinds import LetterKind, NoticeChannel, NoticeKind
from models.people import User


class NoticeChoice(Base):
    """Somebody wants a kind of notice by a channel, or does not; without a row the usual holds."""

    __tablename__ = "notice_choice"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "channel", name="uq_notice_choice_person_id_kind_channel"),
    )

    person_id: Mapped[UserId]
    kind: Mapped[NoticeKind]
    channel: Mapped[NoticeChannel]
    wanted: Mapped[bool]

    person: Mapped[User] = relationship()


class NoticeTimes(Base):
    """When somebody may be disturbed: quiet hours and the hour of the digest, minutes of the day.

    Minutes in the installation's zone; a quiet time may go over midnight. ``digest_minute`` empty: no digest.
    """

    __tablename__ = "notice_times"
    __table_args__ = (
        CheckConstraint("quiet_from IS NULL OR quiet_from BETWEEN 0 AND 1439", name="quiet_from_in_a_day"),
        CheckConstraint("quiet_until IS NULL OR quiet_until BETWEEN 0 AND 1439", name="quiet_until_in_a_day"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_has_both_ends"),
        CheckConstraint("digest_minute IS NULL OR digest_minute BETWEEN 0 AND 1439", name="digest_in_a_day"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="RESTRICT"), unique=True)
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    digest_minute: Mapped[int | None]

    person: Mapped[User] = relationship()


class Letter(Base):
    """A letter to one of us: a row before it is sent, and ``sent_at`` only when the server has taken it.

    ``key`` keeps the same letter from being written twice to one person. ``failed_at``: given up, for the
    reason in ``error``; what is neither sent nor given up is tried again from ``next_try_at`` on.
    """

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("person_id", "key", name="uq_letter_person_id_key"),
        Index(
            "ix_letter_waiting",
            "next_try_at",
            "id",
            sqlite_where=text("sent_at IS NULL AND failed_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND failed_at IS NULL"),
        ),
    )

    person_id: Mapped[UserId]
    kind: Mapped[LetterKind]
    key: Mapped[str] = mapped_column(String(100))
    to: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[Words]
    html: Mapped[Words]
    made_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    error: Mapped[str] = mapped_column(String(500), default="", server_default="")
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]

    person: Mapped[User] = relationship()


class CalendarLink(Base):
    """The secret address of somebody's calendar feed, as a hash. A new one makes the old one worthless."""

    __tablename__ = "calendar_link"

    person_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="RESTRICT"), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]

    person: Mapped[User] = relationship()


class JobRun(Base):
    """A job of the program by its name: who has it at the moment, until when, and when it was last done."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(60), unique=True)
    holder: Mapped[str] = mapped_column(String(100), default="", server_default="")
    held_until: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(500), default="", server_default="")

    def __str__(self) -> str:
        return self.name
