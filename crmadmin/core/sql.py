"""What differs between SQLite and PostgreSQL, said once and compiled for each."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, ScalarSelect, Select, String, literal, select
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


class _Joined(GenericFunction[str]):
    """Texts of several rows as one."""

    type = String()
    inherit_cache = True
    name = "joined"


@compiles(_Joined, "sqlite")
def _sqlite_joined(element: Any, compiler: Any, **options: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **options)})"


@compiles(_Joined, "postgresql")
def _postgresql_joined(element: Any, compiler: Any, **options: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **options)})"


def joined(rows: Select[str], between: str) -> ScalarSelect[str]:
    """The rows' one text column as one text, in the rows' order."""
    ordered = rows.subquery()
    return select(_Joined(ordered.c[0], literal(between))).scalar_subquery()


def contains(column: Any, folded: str) -> ColumnElement[bool]:
    """The folded text is somewhere in a column of folded text."""
    safe = folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return column.like(f"%{safe}%", escape="\\")
