"""Contacts that come again: a rule, of which only the next one is a plan."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, ClientId, UserId, Words
from models.clients import Client
from models.people import User
from models.reference import InteractionKind


class RecurringPlan(Base):
    """A contact that comes again and again with a client, until it is stopped.

    ``rule`` is an RRULE of RFC 5545 without its start: ``FREQ=WEEKLY;INTERVAL=2``, ``FREQ=MONTHLY;BYDAY=1MO``
    ``starts_on`` and ``minute`` (of the day) are in the installation's zone. Only the next one is kept as a
    planned interaction, whose ``series_id`` names this row; what comes after it is computed.
    """

    __tablename__ = "recurring_plan"
    __table_args__ = (
        CheckConstraint("rule <> ''", name="has_a_rule"),
        CheckConstraint("minute BETWEEN 0 AND 1439", name="minute_of_a_day"),
        CheckConstraint("until_on IS NULL OR until_on >= starts_on", name="ends_after_start"),
        Index("ix_recurring_plan_person_id_stopped_at", "person_id", "stopped_at"),
    )

    client_id: Mapped[ClientId]
    kind_id: Mapped[int] = mapped_column(ForeignKey("interaction_kind.id", ondelete="RESTRICT"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="RESTRICT"))
    rule: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    minute: Mapped[int]
    until_on: Mapped[date | None]
    note: Mapped[Words]
    made_at: Mapped[datetime]
    made_by_id: Mapped[UserId]
    stopped_at: Mapped[datetime | None]
    stopped_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="RESTRICT"), index=True
    )

    client: Mapped[Client] = relationship()
    kind: Mapped[InteractionKind] = relationship()
    person: Mapped[User] = relationship(foreign_keys="RecurringPlan.person_id")
    made_by: Mapped[User] = relationship(foreign_keys="RecurringPlan.made_by_id")
    stopped_by: Mapped[User | None] = relationship(foreign_keys="RecurringPlan.stopped_by_id")

    def __str__(self) -> str:
        return self.rule
