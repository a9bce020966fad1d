"""How people keep their lists: filters saved by name, the columns each one wants to see."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, UserId
from models.people import User


class SavedFilter(Base):
    """A list to come back to: the part of its address that says which rows, under a name.

    ``list`` is the list's word in addresses and code, ``query`` what stands after the question mark.
    """

    __tablename__ = "saved_filter"
    __table_args__ = (
        UniqueConstraint("person_id", "list", "name", name="uq_saved_filter_person_id_list_name"),
        CheckConstraint("name <> ''", name="named"),
    )

    person_id: Mapped[UserId]
    list: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(Text)
    shared: Mapped[bool] = mapped_column(default=False, server_default="0")
    created_at: Mapped[datetime]

    person: Mapped[User] = relationship()

    def __str__(self) -> str:
        return self.name


class ListLayout(Base):
    """How one person wants one list: names of columns in order, parted by blanks, and rows on a page."""

    __tablename__ = "list_layout"
    __table_args__ = (
        UniqueConstraint("person_id", "list", name="uq_list_layout_person_id_list"),
        CheckConstraint("page_size IS NULL OR page_size > 0", name="page_size_is_positive"),
    )

    person_id: Mapped[UserId]
    list: Mapped[str] = mapped_column(String(40))
    columns: Mapped[str] = mapped_column(Text, default="", server_default="")
    page_size: Mapped[int | None]
