"""The bulk path into PostgreSQL: COPY into bare tables; keys, indexes and constraints come last."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.bench.tables import COLUMNS, Rows, columns

LAST = "puxf"  # primary keys, unique ones, exclusions, and foreign keys that need the first

_CONSTRAINTS = """
    SELECT contype::text, conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype IN ('p', 'u', 'x') AND conrelid::regclass::text = ANY(%(ours)s)
       OR contype = 'f' AND ARRAY[conrelid::regclass::text, confrelid::regclass::text] && %(ours)s
    ORDER BY position(contype::text in 'fxup'), conrelid::regclass::text, conname
"""
_INDEXES = """
    SELECT tablename, indexname, indexdef FROM pg_indexes
    WHERE schemaname = current_schema() AND tablename = ANY(%(ours)s) ORDER BY tablename, indexname
"""


def plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def connected(url: str, **options: object) -> psycopg.Connection:
    return psycopg.connect(plain(url), **options)  # type: ignore[arg-type]


def emptied(url: str) -> None:
    """Make the database anew on its server."""
    with _server(url) as connection:
        name = sql.Identifier(str(make_url(url).database))
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))


def version(url: str) -> str:
    """What the database was filled with; nothing where there is none."""
    with _server(url) as connection:
        asked = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
        found = connection.execute(asked, [make_url(url).database]).fetchone()
    return found[0] or "" if found else ""


def _server(url: str) -> psycopg.Connection:
    return connected(
        make_url(url).set(database="postgres").render_as_string(hide_password=False), autocommit=True
    )


class Copier:
    """One process's own way in."""

    def __init__(self, url: str) -> None:
        self.connection = connected(url)
        self.connection.execute("SET TIME ZONE 'UTC'")
        self.copies = {table: f"COPY {table} ({', '.join(columns(table))}) FROM STDIN" for table in COLUMNS}

    def take(self, rows: Rows) -> None:
        for table, several in rows.items():
            if several:
                with self.connection.cursor().copy(self.copies[table]) as copy:
                    for row in several:
                        copy.write_row(row)

    def close(self) -> None:
        self.connection.commit()
        self.connection.close()


class Store:
    """Strips the tables at the beginning; ``written`` puts on again what it took off."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection = connected(url, autocommit=True)
        tables = {"ours": list(COLUMNS)}
        constraints = self.connection.execute(_CONSTRAINTS, tables).fetchall()
        for _kind, table, name, _said in constraints:
            self.connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        indexes = self.connection.execute(_INDEXES, tables).fetchall()
        for _table, name, _said in indexes:
            self.connection.execute(f'DROP INDEX "{name}"')
        self.constraints = [
            (kind, table, f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {said}')
            for kind, table, name, said in constraints
        ]
        self.indexes = [("i", table, said) for table, _name, said in indexes]

    def written(self) -> Iterable[str]:
        """Keys, indexes and constraints, two tables at a time; then sequences and statistics."""
        own = [each for each in [*self.constraints, *self.indexes] if each[0] != "f"]
        for step, chosen in (
            ("keys and indexes", own),
            ("foreign keys", [each for each in self.constraints if each[0] == "f"]),
        ):
            yield step
            self._at_once(chosen)
        yield "VACUUM ANALYZE"
        for table in COLUMNS:
            if "id" in columns(table):
                self.connection.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
                )
        self.connection.execute("VACUUM (ANALYZE)")

    def _at_once(self, chosen: list[tuple[str, str, str]]) -> None:
        """The statements of a table one after the other, tables beside each other."""
        tables: dict[str, list[str]] = {}
        for kind, table, said in sorted(chosen, key=lambda each: LAST.find(each[0]) % 9):
            tables.setdefault("all" if kind == "f" else table, []).append(said)
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(self._run, sorted(tables.values(), key=len, reverse=True)))

    def _run(self, statements: list[str]) -> None:
        with connected(self.url, autocommit=True) as connection:
            connection.execute("SET maintenance_work_mem = '1GB'")
            for statement in statements:
                connection.execute(statement)

    def finish(self, version: str) -> None:
        name = sql.Identifier(str(make_url(self.url).database))
        self.connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(version)))
        self.connection.execute("CHECKPOINT")
        self.connection.close()
