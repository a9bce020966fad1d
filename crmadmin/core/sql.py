"""What differs between SQLite and PostgreSQL, said once and compiled for each."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Engine,
    Float,
    Integer,
    ScalarSelect,
    Select,
    String,
    Subquery,
    TableClause,
    column,
    false,
    func,
    literal,
    select,
    table,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import NullType

from crmadmin.core import clock
from crmadmin.core.i18n import zone
from crmadmin.core.zones import offsets
from models.base import UtcDateTime


def insert(bind: Engine | Connection, entity: Any) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that may say what to do with a row that is there already (ON CONFLICT)."""
    return (postgresql if bind.dialect.name == "postgresql" else sqlite).insert(entity)


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


class _LocalText(GenericFunction[str]):
    """A moment as a text in the installation's zone; each database has a form of its own for it."""

    type = String()
    name = "local_text"
    sqlite_form = postgresql_form = ""


class _LocalDay(_LocalText):
    inherit_cache = False  # the zone is in the statement
    name = "local_day"
    sqlite_form, postgresql_form = "%Y-%m-%d", "YYYY-MM-DD"


class _LocalMinute(_LocalText):
    inherit_cache = False
    name = "local_minute"
    sqlite_form, postgresql_form = "%Y-%m-%d %H:%M:00", "YYYY-MM-DD HH24:MI:00"


@compiles(_LocalDay, "sqlite")
@compiles(_LocalMinute, "sqlite")
def _sqlite_local_text(element: Any, compiler: Any, **options: Any) -> str:
    (clause,) = element.clauses
    return f"strftime('{element.sqlite_form}', {_sqlite_local(compiler.process(clause, **options))})"


@compiles(_LocalDay, "postgresql")
@compiles(_LocalMinute, "postgresql")
def _postgresql_local_text(element: Any, compiler: Any, **options: Any) -> str:
    (clause,) = element.clauses
    moment = compiler.process(clause, **options)
    return f"to_char({moment} AT TIME ZONE '{zone().key}', '{element.postgresql_form}')"


def _sqlite_local(moment: str) -> str:
    """SQLite knows no zones: what to add is told for each stretch of time in which it is the same.

    What is going on now is asked about first, then what is over, the latest first: nearly every moment is of
    the first stretches. What is to come is far away.
    """
    known = [(since, f"'{seconds:+d} seconds'") for since, seconds in offsets(zone().key)]
    here = sum(since <= f"{clock.now():%Y-%m-%d %H:%M:%S.%f}" for since, _shift in known) or 1
    past, coming = known[:here], known[here:]
    whens = [f"WHEN {moment} >= '{since}' THEN {shift}" for since, shift in reversed(past[1:])]
    if coming:
        later = " ".join(f"WHEN {moment} >= '{since}' THEN {shift}" for since, shift in reversed(coming))
        whens.insert(0, f"WHEN {moment} >= '{coming[0][0]}' THEN CASE {later} END")
    first = past[0][1]
    return f"{moment}, " + (f"CASE {' '.join(whens)} ELSE {first} END" if whens else first)


def local_day(moment: Any) -> ColumnElement[str]:
    """The day of a moment, YYYY-MM-DD, in the installation's zone."""
    return _LocalDay(moment)


def local_minute(moment: Any) -> ColumnElement[str]:
    """The minute of a moment, YYYY-MM-DD HH:MM:00, in the installation's zone; nothing of no moment."""
    return _LocalMinute(moment)


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


def joined_by(rows: Select[Any, str], between: str) -> Subquery:
    """Of rows of (key, text): one row a key, with its texts as one, in the rows' order within their key."""
    ordered = rows.subquery()
    key, text = ordered.c
    return select(key.label("key"), _Joined(text, literal(between)).label("text")).group_by(key).subquery()


class _Among(GenericFunction[bool]):
    """The first is one of the second, an array; or, as SQLite is asked, what the third says."""

    type = NullType()  # a Boolean is asked whether it is 1, and then SQLite reads every row
    inherit_cache = True
    name = "among"


@compiles(_Among, "sqlite")
def _sqlite_among(element: Any, compiler: Any, **options: Any) -> str:
    _one, _many, listed = element.clauses
    return f"({compiler.process(listed, **options)})"


@compiles(_Among, "postgresql")
def _postgresql_among(element: Any, compiler: Any, **options: Any) -> str:
    one, many, _listed = element.clauses
    return f"({compiler.process(one, **options)} = ANY ({compiler.process(many, **options)}))"


def among(column: Any, numbers: Iterable[int]) -> ColumnElement[bool]:
    """The column is one of these. On PostgreSQL they are one parameter, not a statement of their length."""
    these = list(numbers)
    return _Among(column, literal(these, ARRAY(Integer)), column.in_(these))


def checked(criterion: ColumnElement[bool]) -> ColumnElement[bool]:
    """The criterion, said so that each row is asked whether it holds, and none is looked for by it.

    For where the rows come in an order of their own and soon enough of them fit: a database that looks for
    all that fit, to put them in order afterwards, reads a hundred times as many.
    """
    return func.coalesce(criterion, false())


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
