"""What every table shares: one metadata, one naming convention, one set of column types."""

from contextvars import ContextVar
from datetime import UTC, datetime
from enum import Enum as PyEnum
from typing import Annotated, Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    MetaData,
    String,
    Text,
    TypeDecorator,
    func,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

__all__ = ["Base", "ClientId", "Name", "Reference", "UserId", "UtcDateTime", "language", "named"]

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

language: ContextVar[str] = ContextVar("language", default="ru")
"""In which language reference data says its name; set for each request by the app."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept as UTC; SQLite forgets the offset, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Name = Annotated[str, mapped_column(String(200))]
Words = Annotated[str, mapped_column(Text, default="", server_default="")]
UserId = Annotated[int, mapped_column(ForeignKey("app_user.id", ondelete="RESTRICT"), index=True)]
ClientId = Annotated[int, mapped_column(ForeignKey("client.id", ondelete="RESTRICT"), index=True)]


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {
        datetime: UtcDateTime,
        PyEnum: Enum(PyEnum, native_enum=False, length=20),
    }

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"


def named(entity: Any) -> ColumnElement[str]:
    """The name of reference data, in the language of whoever looks, as an expression.

    For an alias, too, which would keep the language of whoever asked it for its ``name`` first.
    """
    if language.get() == "en":
        return func.coalesce(func.nullif(entity.name_en, ""), entity.name_ru)
    return entity.name_ru


class Reference:
    """A row of reference data: matched by its code, named in two languages, hidden rather than deleted."""

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_ru: Mapped[Name]
    name_en: Mapped[str] = mapped_column(String(200), default="", server_default="")
    position: Mapped[int] = mapped_column(default=100, server_default="100")
    active: Mapped[bool] = mapped_column(default=True, server_default="1")

    @hybrid_property
    def name(self) -> str:
        """The name in the language of whoever looks; the other one where there is none."""
        return (self.name_en or self.name_ru) if language.get() == "en" else self.name_ru

    @name.inplace.expression
    @classmethod
    def _name_expression(cls) -> ColumnElement[str]:
        return named(cls)

    def __str__(self) -> str:
        return self.name
