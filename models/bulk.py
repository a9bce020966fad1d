"""Acts on many clients at once: what was done, and to each client what."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.kinds import BulkKind, BulkVerdict


class BulkAct(Base):
    """One act, from its first slice to its undoing; what is left of it can be done, or undone, later.

    ``target_id`` is the group, curator, tag, channel or kind of interaction it gives; ``parameters`` is what
    else was chosen, ``counts`` how many clients have which verdict. ``left`` of ``total`` clients are still
    to be done, or undone; ``reached`` is the last one that is. ``key`` makes a form sent twice one act.
    """

    __tablename__ = "bulk_act"

    kind: Mapped[BulkKind]
    target_id: Mapped[int | None]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    address: Mapped[str] = mapped_column(String(2000), default="", server_default="")
    key: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(index=True)
    by_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    total: Mapped[int]
    left: Mapped[int]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    reached: Mapped[int] = mapped_column(default=0, server_default="0")
    finished_at: Mapped[datetime | None]
    undo_at: Mapped[datetime | None]
    undo_by_id: Mapped[int | None] = mapped_column(index=True)
    undo_by_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    undone_at: Mapped[datetime | None]


class BulkRow(Base):
    """What an act made of one client: where it stood before, and what was made for it.

    ``before_id`` is the former group, curator or channel, ``archived_at`` when it was archived, by the act or
    before it, ``made_id`` the planned interaction, ``carried`` the plans that went along to the new
    curator, ``promised`` the promises. ``given_id`` is the group a rule gives the client, ``given`` why, and
    since when and why it was in the former one. ``picked``: to be undone though somebody touched it since.
    """

    __tablename__ = "bulk_row"
    __table_args__ = (
        UniqueConstraint("act_id", "client_id"),
        Index("ix_bulk_row_act_id_verdict", "act_id", "verdict", "client_id"),
    )

    act_id: Mapped[int] = mapped_column(ForeignKey("bulk_act.id", ondelete="CASCADE"))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id", ondelete="RESTRICT"), index=True)
    verdict: Mapped[BulkVerdict] = mapped_column(default=BulkVerdict.waiting)
    before_id: Mapped[int | None]
    archived_at: Mapped[datetime | None]
    made_id: Mapped[int | None]
    carried: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    promised: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    given_id: Mapped[int | None]
    given: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    picked: Mapped[bool] = mapped_column(default=False, server_default="0")
