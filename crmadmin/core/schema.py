"""The schema's history: where the database is in it, and how it is brought up."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

import models
from crmadmin.core.db import db, reading

LOOKED_AT = 1_000  # rows of each index: enough to choose between two, and no long wait for whoever writes


def _config() -> Config:
    """No alembic.ini is needed at the root."""
    found = Config()
    found.set_main_option("script_location", str(Path(models.__file__).parent / "migrations"))
    return found


def _engine() -> Engine:
    bind = db.get_bind()
    return bind if isinstance(bind, Engine) else bind.engine


@contextmanager
def history() -> Iterator[Config]:
    """Alembic's settings with an open connection; everything inside is one transaction."""
    engine = _engine()
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:  # a table that is remade would else take its dependants along
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
        with connection.begin():
            found = _config()
            found.attributes["connection"] = connection
            yield found
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = ON")  # type: ignore[union-attr]


def is_current() -> bool:
    """Whether the database is at the newest schema; raises where there is no database to ask."""
    newest = set(ScriptDirectory.from_config(_config()).get_heads())
    with reading(_engine()) as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == newest


def bring_up() -> None:
    """Bring the database up to the newest schema; nothing is done where it is there already."""
    if not is_current():
        with history() as found:
            command.upgrade(found, "head")


def next_number(found: Config) -> str:
    """Migrations are numbered without a gap: ``0001``, ``0002``…"""
    newest = ScriptDirectory.from_config(found).get_current_head()
    return f"{int(newest or 0) + 1:04}"


def analyse(connection: Connection) -> None:
    """Let SQLite know how its rows lie: which index it reads hangs on it. PostgreSQL sees to it by itself."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA analysis_limit = {LOOKED_AT}")
        connection.exec_driver_sql("ANALYZE")
