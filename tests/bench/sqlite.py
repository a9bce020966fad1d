"""The bulk path into a file of SQLite: nothing is safe until it is whole, and indexes come last."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import make_url

from crmadmin.core.schema import LOOKED_AT
from tests.bench.tables import COLUMNS, Rows, columns


def emptied(url: str) -> None:
    """Remove the file, and what SQLite keeps beside it."""
    path = str(make_url(url).database)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    for tail in ("", "-wal", "-shm", "-journal"):
        Path(path + tail).unlink(missing_ok=True)


def version(url: str) -> str:
    """What the file was filled with; nothing where there is none."""
    path = Path(str(make_url(url).database))
    if not path.exists():
        return ""
    connection = sqlite3.connect(path)
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return f"{number & 0xFFFFFFFF:08x}"


class Store:
    """Takes rows in the order of their making; ``finish`` makes a database of them."""

    def __init__(self, url: str) -> None:
        self.connection = sqlite3.connect(str(make_url(url).database), isolation_level=None)
        for pragma in (
            "journal_mode = OFF",
            "synchronous = OFF",
            "locking_mode = EXCLUSIVE",
            "foreign_keys = OFF",
            "cache_size = -1000000",
            "temp_store = MEMORY",
        ):
            self.connection.execute(f"PRAGMA {pragma}")
        self.inserts = {table: _insert(table) for table in COLUMNS}
        self.later = self._stripped()
        self.connection.execute("BEGIN")

    def _stripped(self) -> list[str]:
        """Drop indexes and triggers; what makes them again is their own statement."""
        names = ", ".join(f"'{table}'" for table in COLUMNS)
        found = self.connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') "
            f"AND sql IS NOT NULL AND tbl_name IN ({names}) ORDER BY type, tbl_name, name"
        ).fetchall()
        for kind, name, _sql in found:
            self.connection.execute(f'DROP {kind} "{name}"')
        return [sql for _kind, _name, sql in found]

    def take(self, rows: Rows) -> None:
        for table, several in rows.items():
            if several:
                self.connection.executemany(self.inserts[table], several)

    def written(self) -> Iterable[str]:
        """End the rows, and make the indexes and the triggers again: one step at a time."""
        self.connection.execute("COMMIT")
        for statement in self.later:
            yield statement.split("ON")[0].strip()
            self.connection.execute(statement)
        for table in self._full_text():
            yield f"rebuild {table}"
            self.connection.execute(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")
        yield "ANALYZE"
        self.connection.execute(f"PRAGMA analysis_limit = {LOOKED_AT}")  # as the nightly job does
        self.connection.execute("ANALYZE")

    def _full_text(self) -> list[str]:
        """Search indexes that read another table: their triggers were away while it was filled."""
        found = self.connection.execute(
            "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%content%' ORDER BY name"
        )
        return [name for (name,) in found]

    def finish(self, version: str) -> None:
        self.connection.execute(
            f"PRAGMA user_version = {int(version, 16) - (1 << 32 if version[0] > '7' else 0)}"
        )
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.close()


def _insert(table: str) -> str:
    names = columns(table)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
