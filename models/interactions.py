"""Everything that happens, or is to happen, between us and a client."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, UserId, Words
from models.clients import Client, ContactPerson
from models.kinds import Direction, InteractionState
from models.people import User
from models.reference import InteractionKind, Result

interaction_contact_person = Table(
    "interaction_contact_person",
    Base.metadata,
    Column("interaction_id", ForeignKey("interaction.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "contact_person_id",
        ForeignKey("contact_person.id", ondelete="RESTRICT"),
        primary_key=True,
        index=True,
    ),
)
interaction_participant = Table(
    "interaction_participant",
    Base.metadata,
    Column("interaction_id", ForeignKey("interaction.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("app_user.id", ondelete="RESTRICT"), primary_key=True, index=True),
)


# A client's timeline is narrowed to a kind or to one of ours in the index. The state is left out: what is
# planned would be looked for here, among thousands that are past.
_TIMELINE = ("client_id", "happened_at", "id", "kind_id", "person_id")


# The list of what happened begins beyond tens of thousands of plans: they are passed without being looked at.
_BY_TIME = ("happened_at", "id", "state")


# Who has worked with a client, and how much, is counted without looking at one of its thousands of records.
_WORKED = ("client_id", "person_id", "kind_id", "state", "minutes", "happened_at")


def _planned_with_a_client() -> Index:
    """A few among a client's thousands: found without reading those that are past."""
    planned = text("state = 'planned'")
    columns = ("client_id", "happened_at", "id")
    return Index("ix_interaction_planned", *columns, sqlite_where=planned, postgresql_where=planned)


def _planned_by_person() -> Index:
    """What somebody is to do: a few among all that he has done."""
    planned = text("state = 'planned'")
    columns = ("person_id", "happened_at", "id")
    return Index("ix_interaction_planned_by_person", *columns, sqlite_where=planned, postgresql_where=planned)


def _unanswered() -> tuple[Index, ...]:
    """What a client asked and nobody has reacted to: few, found without reading all that was said, with a
    client, by whoever spoke, and in the order of asking.

    Not "state = 'held'", by which SQLite would rather read all that was held in the index of states.
    """
    waits = text(
        "state <> 'planned' AND state <> 'cancelled'"
        " AND request <> '' AND reaction = '' AND answered_at IS NULL"
    )
    places = {
        "unanswered": ("client_id", "happened_at", "id"),
        "unanswered_by_person": ("person_id", "happened_at", "id"),
        "waiting": ("happened_at", "id", "client_id"),
    }
    return tuple(
        Index(f"ix_interaction_{name}", *columns, sqlite_where=waits, postgresql_where=waits)
        for name, columns in places.items()
    )


def _cancelled() -> Index:
    """What was called off, with all that the team's history is narrowed by."""
    off = text("state <> 'planned' AND state <> 'held'")  # see `_unanswered`
    columns = ("happened_at", "id", "client_id", "kind_id", "person_id", "state")
    return Index("ix_interaction_cancelled", *columns, sqlite_where=off, postgresql_where=off)


def _spent() -> Index:
    """Who spends how much on whom in a month: added up without looking at the records themselves."""
    held = text("state <> 'planned' AND state <> 'cancelled'")  # see `_unanswered`
    columns = ("happened_at", "client_id", "person_id", "kind_id", "minutes", "state")
    return Index("ix_interaction_spent", *columns, sqlite_where=held, postgresql_where=held)


class Interaction(Base):
    """One call, meeting, letter…: planned, held or cancelled; plan and fact are one row.

    ``happened_at`` is when it took place, or is to take place while it is planned; ``planned_for`` keeps the
    moment it was planned for; ``recorded_at`` is when it was written down, and nobody sets it. ``person`` is
    ours who spoke, ``participants`` others of ours, ``contact_persons`` those at the client.
    ``search_text`` is request, reaction and note, folded. ``no_next_reason`` says why nothing is to follow;
    a plan that was made with a record ``follows`` it: no foreign key, for SQLite adds none in place. Nor have
    the record that is the ``answer`` to a request, open until ``answered_at``, and the ``series`` of a plan,
    which stands for the day ``series_on`` of its rule wherever it is moved.
    ``no_answer_reason`` says why a request needs no answer.
    """

    __tablename__ = "interaction"
    __table_args__ = (
        CheckConstraint("minutes IS NULL OR minutes BETWEEN 0 AND 1440", name="minutes_within_a_day"),
        CheckConstraint("state <> 'cancelled' OR cancel_reason <> ''", name="cancelled_with_a_reason"),
        CheckConstraint("state <> 'planned' OR planned_for IS NOT NULL", name="planned_for_a_moment"),
        Index("ix_interaction_client_id_happened_at", *_TIMELINE),
        Index("ix_interaction_person_id_happened_at", "person_id", "happened_at", "id", "state", "kind_id"),
        Index("ix_interaction_happened_at", *_BY_TIME),
        Index("ix_interaction_recorded_at", "recorded_at", "id"),
        Index("ix_interaction_kind_id_happened_at", "kind_id", "happened_at", "id"),
        Index("ix_interaction_state_happened_at", "state", "happened_at", "id"),
        Index("ix_interaction_result_id_happened_at", "result_id", "happened_at", "id"),
        Index("ix_interaction_client_id_person_id", *_WORKED),
        _planned_with_a_client(),
        _planned_by_person(),
        *_unanswered(),
        _cancelled(),
        _spent(),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id", ondelete="RESTRICT"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("interaction_kind.id", ondelete="RESTRICT"))
    state: Mapped[InteractionState] = mapped_column(default=InteractionState.held)
    direction: Mapped[Direction] = mapped_column(default=Direction.outgoing)
    person_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="RESTRICT"))
    recorded_by_id: Mapped[UserId]
    happened_at: Mapped[datetime]
    planned_for: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    request: Mapped[Words]
    reaction: Mapped[Words]
    result_id: Mapped[int | None] = mapped_column(ForeignKey("result.id", ondelete="RESTRICT"))
    minutes: Mapped[int | None]
    note: Mapped[Words]
    cancel_reason: Mapped[str] = mapped_column(String(500), default="", server_default="")
    no_next_reason: Mapped[str] = mapped_column(String(500), default="", server_default="")
    follows_id: Mapped[int | None] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    answer_id: Mapped[int | None] = mapped_column(index=True)
    no_answer_reason: Mapped[str] = mapped_column(String(500), default="", server_default="")
    series_id: Mapped[int | None] = mapped_column(index=True)
    series_on: Mapped[date | None]
    search_text: Mapped[Words] = mapped_column(deferred=True)

    client: Mapped[Client] = relationship()
    kind: Mapped[InteractionKind] = relationship()
    person: Mapped[User] = relationship(foreign_keys=[person_id])
    recorded_by: Mapped[User] = relationship(foreign_keys="Interaction.recorded_by_id")
    result: Mapped[Result | None] = relationship()
    participants: Mapped[list[User]] = relationship(secondary=interaction_participant, order_by=User.name)
    contact_persons: Mapped[list[ContactPerson]] = relationship(
        secondary=interaction_contact_person, order_by=ContactPerson.name
    )

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at:%Y-%m-%d}"
