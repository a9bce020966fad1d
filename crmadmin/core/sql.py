"""What differs between SQLite and PostgreSQL, said once and compiled for each."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    ScalarSelect,
    Select,
    String,
    TableClause,
    column,
    literal,
    select,
    table,
)
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


def has_own_trigrams(bind: Any) -> bool:
    """Whether trigrams are a table of their own (SQLite), and no index that is used unasked (PostgreSQL)."""
    return bind.dialect.name == "sqlite"


def trigram_index(of: str, trigrams: list[list[list[str]]]) -> tuple[TableClause, ColumnElement[bool]]:
    """SQLite's table of trigrams, and where it has all of these: each in one of its ways, all of a way."""
    index = table(f"{of}_search", column("rowid", Integer), column(f"{of}_search", String))
    each = [[f"({' AND '.join(map(_quoted, way))})" for way in ways] for ways in trigrams]
    said = " AND ".join(f"({' OR '.join(ways)})" for ways in each)
    return index, index.c[f"{of}_search"].op("MATCH", is_comparison=True)(said)


def _quoted(trigram: str) -> str:
    doubled = trigram.replace('"', '""')
    return f'"{doubled}"'
