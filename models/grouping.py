"""Which group a client belongs to, by rules that are rows: conditions over facts, and points on two axes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Name
from models.kinds import Axis
from models.reference import ClientGroup


class GroupRule(Base):
    """Clients of whom ``conditions`` are true belong to ``group``; the first rule by ``position`` decides.

    ``conditions`` is a tree: ``{"all": […]}`` or ``{"any": […]}`` of such trees and of
    ``{"fact": …, "is": …, "value": …, "stay": …}``; ``stay`` is the bound for a client that is in the
    group already, so that nobody goes to and fro. ``stay_days``: no rule moves a client on before.
    ``version`` grows with each change, and each move says which one decided.
    """

    __tablename__ = "group_rule"
    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("stay_days >= 0", name="stay_not_negative"),
        Index("ix_group_rule_position", "position", "id"),
    )

    name: Mapped[Name]
    position: Mapped[int] = mapped_column(default=100, server_default="100")
    group_id: Mapped[int] = mapped_column(ForeignKey("client_group.id", ondelete="RESTRICT"), index=True)
    conditions: Mapped[dict[str, Any]] = mapped_column(JSON)
    stay_days: Mapped[int] = mapped_column(default=30, server_default="30")
    active: Mapped[bool] = mapped_column(default=True, server_default="1")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    changed_at: Mapped[datetime]

    group: Mapped[ClientGroup] = relationship()

    def __str__(self) -> str:
        return self.name


class AxisPoint(Base):
    """So many points on an axis for a client of whom ``condition`` is true: potential, or intensity."""

    __tablename__ = "axis_point"

    axis: Mapped[Axis]
    position: Mapped[int] = mapped_column(default=100, server_default="100")
    condition: Mapped[dict[str, Any]] = mapped_column(JSON)
    points: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True, server_default="1")


class GroupStanding(Base):
    """Since when and why a client is in its group: one row a client that a rule or a person has put there.

    ``rule`` with its ``rule_version``, and ``facts`` as they stood then; or by hand: until ``held_until``,
    for ever where it is empty, no rule moves the client.
    """

    __tablename__ = "group_standing"
    __table_args__ = (Index("ix_group_standing_rule_id", "rule_id"),)

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id", ondelete="RESTRICT"), unique=True)
    since: Mapped[datetime]
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("group_rule.id", ondelete="RESTRICT"))
    rule_version: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_hand: Mapped[bool] = mapped_column(default=False, server_default="0")
    held_until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="", server_default="")

    rule: Mapped[GroupRule | None] = relationship()
