"""Many rows in one statement. PostgreSQL takes them as one text of JSON: one plan and one answer for all.

Past the flush: whoever calls it tells the journal himself, or is the journal.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, Text, bindparam, cast, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Session

Row = Mapping[str, Any]

# Each row that moves to another page is put into its search index anew, by hundreds of trigrams: these wait
# in a list, and it is far cheaper to sort many of them in at once. Searches read the list, so it is emptied.
_PATIENTLY = ("SET LOCAL plan_cache_mode = auto", "SET LOCAL gin_pending_list_limit = '16MB'")
_SORT_IN = text(
    "SELECT gin_clean_pending_list(pg_class.oid) FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid "
    "WHERE relname LIKE '%\\_search\\_text\\_trgm' AND indrelid = CAST(CAST(:name AS text) AS regclass) "
    "AND pg_has_role(relowner, 'USAGE')"
)


def expect_many(session: Session) -> None:
    """Until this transaction ends, PostgreSQL plans the check of a foreign key once, not for each row."""
    if _takes_json(session):
        for setting in _PATIENTLY:
            session.execute(text(setting))


def sort_in(session: Session, *tables: Table) -> None:
    """What many changed rows are found by goes where searches find it at once."""
    if _takes_json(session):
        for table in tables:
            session.execute(_SORT_IN, {"name": table.name})


def insert_rows(session: Session, table: Table, rows: Sequence[Row], *tell: str) -> Sequence[Any]:
    """Rows that give all the same columns, and of each, in no order, the columns to ``tell``."""
    if not rows:
        return []
    names = list(rows[0])
    put: Any = insert(table)
    at_once = _takes_json(session)
    if at_once:
        put = put.from_select(names, select(_given(table, names)))
    if tell:
        put = put.returning(*(table.c[name] for name in tell))
    done = session.connection().execute(put, _told(rows) if at_once else rows)
    return done.all() if tell else []


def update_rows(session: Session, table: Table, key: str, rows: Sequence[Row]) -> None:
    """Each row's other values are written where its value of ``key`` stands."""
    if not rows:
        return
    names = [name for name in rows[0] if name != key]
    if _takes_json(session):
        given = _given(table, [key, *names])
        put = update(table).where(table.c[key] == given.c[key])
        session.connection().execute(put.values({name: given.c[name] for name in names}), _told(rows))
        return
    put = update(table).where(table.c[key] == bindparam(_of(key)))
    put = put.values({name: bindparam(_of(name)) for name in names})
    session.connection().execute(put, [{_of(name): value for name, value in row.items()} for row in rows])


def _takes_json(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _given(table: Table, names: Sequence[str]) -> Any:
    """The rows as a table: each column of the type it has where it goes."""
    said = cast(bindparam("given_rows", type_=Text), JSON)
    rows = func.json_to_recordset(said).table_valued(*(table.c[name] for name in names), name="given")
    return rows.render_derived(with_types=True)


def _told(rows: Sequence[Row]) -> dict[str, str]:
    return {"given_rows": json.dumps(rows, ensure_ascii=False, default=_moment)}


def _moment(value: Any) -> str:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError("neither JSON nor a moment that says its zone")
    return value.isoformat()


def _of(name: str) -> str:
    """A parameter's own name: a statement takes a column's name for the column's."""
    return f"new_{name}"
