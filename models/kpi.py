"""The managers' numbers: what is expected, what was counted, what alarmed the head, what recording costs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, UserId, Words
from models.clients import Client
from models.kinds import AlarmKind, AlarmState, Every, KpiPart, Role, Saving
from models.people import User


class Norm(Base):
    """What is expected of a person, or of a role: bounds of an indicator, ``[valid_from, valid_until)``.

    Of what adds up (contacts, minutes…) a bound is for a working week of five days; of a share or a delay it
    is the number itself. A person's own norm goes before that of his role. At least one bound is there.
    """

    __tablename__ = "norm"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (role IS NULL)", name="of_a_person_or_a_role"),
        CheckConstraint("low IS NOT NULL OR high IS NOT NULL", name="has_a_bound"),
        CheckConstraint("low IS NULL OR high IS NULL OR low <= high", name="bounds_in_order"),
        CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name="ends_after_start"),
        Index("ix_norm_indicator_valid_from", "indicator", "valid_from"),
    )

    indicator: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="RESTRICT"), index=True)
    role: Mapped[Role | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    set_at: Mapped[datetime]
    set_by_id: Mapped[UserId]

    person: Mapped[User | None] = relationship(foreign_keys=[person_id])
    set_by: Mapped[User] = relationship(foreign_keys="Norm.set_by_id")


class KpiMark(Base):
    """What was counted of one person in ``[starts_at, ends_at)``, kept so that long periods need no counting.

    Of ``work`` it is what he did in that time; of ``clients`` how his clients stood at its end, and there
    ``starts_at`` is ``ends_at``. ``figures`` is by key, and never changes by time alone: what does so is not
    kept. Whatever changes a row behind it adds to ``touched`` in the same transaction; the figures hold while
    ``counted`` is the same number. ``doctor`` counts them again and compares.
    """

    __tablename__ = "kpi_mark"
    __table_args__ = (
        UniqueConstraint(
            "person_id", "part", "starts_at", "ends_at", name="uq_kpi_mark_person_id_part_starts_at_ends_at"
        ),
        CheckConstraint("ends_at >= starts_at", name="ends_after_start"),
        Index("ix_kpi_mark_person_id_ends_at", "person_id", "ends_at"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="RESTRICT"))
    part: Mapped[KpiPart]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    touched: Mapped[int] = mapped_column(default=0, server_default="0")
    counted: Mapped[int | None]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Alarm(Base):
    """Something the head is to look into, about one person; the person sees it at the same time.

    ``key`` keeps the same thing from being raised twice while it is dealt with. ``facts`` are the numbers as
    they stood. It is new, then seen, then talked over, and closed by a decision: words, and the ``act_on``
    day by which it is to show.
    """

    __tablename__ = "alarm"
    __table_args__ = (
        CheckConstraint("state <> 'decided' OR decision <> ''", name="decided_in_words"),
        CheckConstraint("(state = 'decided') = (decided_at IS NOT NULL)", name="decided_at_a_moment"),
        Index(
            "uq_alarm_open_key",
            "key",
            unique=True,
            sqlite_where=text("state <> 'decided'"),
            postgresql_where=text("state <> 'decided'"),
        ),
        Index("ix_alarm_person_id_raised_at", "person_id", "raised_at", "id"),
        Index("ix_alarm_state_raised_at", "state", "raised_at", "id"),
        Index("ix_alarm_key_raised_at", "key", "raised_at"),
    )

    kind: Mapped[AlarmKind]
    key: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="RESTRICT"))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id", ondelete="RESTRICT"), index=True)
    indicator: Mapped[str] = mapped_column(String(40), default="", server_default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    raised_at: Mapped[datetime]
    state: Mapped[AlarmState] = mapped_column(default=AlarmState.new)
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="RESTRICT"), index=True)
    talked_at: Mapped[datetime | None]
    talked_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="RESTRICT"), index=True
    )
    talk: Mapped[Words]
    decision: Mapped[Words]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="RESTRICT"), index=True
    )
    act_on: Mapped[date | None]

    person: Mapped[User] = relationship(foreign_keys=[person_id])
    client: Mapped[Client | None] = relationship()
    seen_by: Mapped[User | None] = relationship(foreign_keys=[seen_by_id])
    talked_by: Mapped[User | None] = relationship(foreign_keys=[talked_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])


class RecordCost(Base):
    """What one opening of a form for recording cost: never a word of what was typed.

    ``door`` is which form it was. ``seconds`` from opening it to saving or leaving it, while it was in sight;
    ``keys`` pressed in it. One that was left without saving is ``abandoned``.
    """

    __tablename__ = "record_cost"
    __table_args__ = (
        CheckConstraint("seconds >= 0 AND keys >= 0", name="not_negative"),
        # All that a week is counted from, so that its rows need not be looked up one by one.
        Index("ix_record_cost_on_day", "on_day", "person_id", "saving", "door", "seconds", "keys"),
    )

    person_id: Mapped[UserId]
    on_day: Mapped[date]
    door: Mapped[str] = mapped_column(String(20))
    saving: Mapped[Saving]
    seconds: Mapped[int]
    keys: Mapped[int]


report_letter_reader = Table(
    "report_letter_reader",
    Base.metadata,
    Column("report_letter_id", ForeignKey("report_letter.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("app_user.id", ondelete="RESTRICT"), primary_key=True, index=True),
)


class ReportLetter(Base):
    """A page of numbers that goes out by itself: ``page`` is which, ``person`` whose, none the team's.

    ``sent_for`` is the first day after the last period that was sent.
    """

    __tablename__ = "report_letter"
    __table_args__ = (CheckConstraint("page <> ''", name="of_a_page"),)

    page: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="RESTRICT"), index=True)
    every: Mapped[Every]
    made_at: Mapped[datetime]
    made_by_id: Mapped[UserId]
    sent_for: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True, server_default="1")

    person: Mapped[User | None] = relationship(foreign_keys=[person_id])
    made_by: Mapped[User] = relationship(foreign_keys="ReportLetter.made_by_id")
    readers: Mapped[list[User]] = relationship(secondary=report_letter_reader, order_by=User.name)
