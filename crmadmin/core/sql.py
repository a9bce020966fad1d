"""What differs between SQLite and PostgreSQL, said once and compiled for each."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from models.base import UtcDateTime


class _Days(GenericFunction[float]):
    """Days from one moment to another, with their fraction."""

    type = Float()
    inherit_cache = True
    name = "days_between"


@compiles(_Days, "sqlite")
def _sqlite_days(element: Any, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(julianday({end}) - julianday({start}))"


@compiles(_Days, "postgresql")
def _postgresql_days(element: Any, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(extract(epoch from ({end} - {start}))::float / 86400)"


def days_between(start: Any, end: Any) -> ColumnElement[float]:
    """Days, with their fraction, from ``start`` to ``end``; either may be a column or a moment."""
    return _Days(_moment(start), _moment(end))


def _moment(value: Any) -> Any:
    return literal(value, UtcDateTime) if isinstance(value, datetime) else value


def contains(column: Any, folded: str) -> ColumnElement[bool]:
    """The folded text is somewhere in a column of folded text."""
    safe = folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return column.like(f"%{safe}%", escape="\\")
