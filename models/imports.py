"""Imports: what was brought in, and what became of each row."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.kinds import RowVerdict


class ImportRun(Base):
    """One file imported: which, when, by whom, and how many rows of each verdict."""

    __tablename__ = "import_run"

    file_name: Mapped[str] = mapped_column(String(300))
    layout: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(index=True)
    by_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)


class ImportRow(Base):
    """What became of one row of a file: the client it made or changed, or why it was refused."""

    __tablename__ = "import_row"
    __table_args__ = (UniqueConstraint("run_id", "line"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    line: Mapped[int]
    verdict: Mapped[RowVerdict]
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id", ondelete="RESTRICT"), index=True)
    said: Mapped[str] = mapped_column(String(1000), default="", server_default="")
