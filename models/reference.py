"""Reference data: what the lists of a form are made of."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Reference
from models.kinds import Tone


class ClientGroup(Reference, Base):
    """How much attention a client gets: a colour, and the days allowed between held contacts."""

    __tablename__ = "client_group"
    __table_args__ = (CheckConstraint("rhythm_days IS NULL OR rhythm_days > 0", name="rhythm_is_positive"),)

    tone: Mapped[Tone] = mapped_column(default=Tone.blue)
    rhythm_days: Mapped[int | None]


class Industry(Reference, Base):
    __tablename__ = "industry"


class Region(Reference, Base):
    """A tree: a country or a federal district, and the regions in it."""

    __tablename__ = "region"
    __table_args__ = (CheckConstraint("parent_id <> id", name="not_in_itself"),)

    parent_id: Mapped[int | None] = mapped_column(ForeignKey("region.id", ondelete="RESTRICT"), index=True)

    parent: Mapped[Region | None] = relationship(remote_side="Region.id")


class InteractionKind(Reference, Base):
    """A call, a meeting, a letter…; only kinds that are contacts break a silence.

    ``minute_choices`` are the minutes that the quick record offers for it: whole numbers, blanks between.
    What is ``internal`` is between ourselves: a report for the client leaves it out.
    """

    __tablename__ = "interaction_kind"
    __table_args__ = (CheckConstraint("usual_minutes >= 0", name="minutes_not_negative"),)

    contact: Mapped[bool] = mapped_column(default=True, server_default="1")
    usual_minutes: Mapped[int] = mapped_column(default=10, server_default="10")
    internal: Mapped[bool] = mapped_column(default=False, server_default="0")
    icon: Mapped[str] = mapped_column(String(40), default="", server_default="")
    minute_choices: Mapped[str] = mapped_column(String(60), default="5 15 30 60", server_default="5 15 30 60")


class Result(Reference, Base):
    """How an interaction ended."""

    __tablename__ = "result"


class Channel(Reference, Base):
    """By which way a client came to us."""

    __tablename__ = "channel"


class Tag(Reference, Base):
    """A word of our own about clients, in a colour; a client has any number of them."""

    __tablename__ = "tag"

    tone: Mapped[Tone] = mapped_column(default=Tone.blue)


class DepartmentRule(Base):
    """A number the department has agreed on, by its word: who changes it is told by the journal."""

    __tablename__ = "department_rule"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    value: Mapped[int]

    def __str__(self) -> str:
        return self.code
