"""Tools tests share: databases to test on, counting queries, reading a page."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url, select

from crmadmin.core.config import Settings
from crmadmin.core.db import db, going_to_write
from crmadmin.services import sign_in_sessions
from models import User

REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Whatever is committed meanwhile is in one transaction, which is rolled back at the end."""
    engine = db.get_bind()
    assert isinstance(engine, Engine)
    db.remove()
    going_to_write(True)
    with engine.connect() as connection:
        outer = connection.begin()
        db.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield
        db.remove()
        outer.rollback()
    going_to_write(False)
    db.configure(bind=engine, join_transaction_mode="conditional_savepoint")


def settings_for(url: str, **given: Any) -> Settings:
    """In English unless a test says otherwise: then a test reads the sentence that the code says."""
    start = {"database_url": url, "secret_key": "only for tests, and long enough", "locale": "en"}
    return Settings(**start | given)


def a_database(name: str, folder: Path) -> str:
    """The address of an empty database: a file of SQLite, or one on the server TEST_DATABASE_URL names."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        return f"sqlite:///{folder}/{name}.db"
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    fresh = f"crm_test_{name}_{worker}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{fresh}" WITH (FORCE)')
        connection.exec_driver_sql(f'CREATE DATABASE "{fresh}" TEMPLATE template0')
    admin.dispose()
    return make_url(server).set(database=fresh).render_as_string(hide_password=False)


def cookie_of(user: User) -> str:
    """What the cookie of somebody says who has just signed in, without the cost of a password."""
    cookie = sign_in_sessions.begin(user)
    db.commit()
    return cookie


def csrf_of(page: Any) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, "the page has no form with a csrf token"
    return found.group(1)


def all_of(session: Any, entity: Any) -> list[Any]:
    """Every row of a table, the oldest first."""
    return list(session.scalars(select(entity).order_by(entity.id)))


class QueryLog(list[str]):
    @classmethod
    @contextmanager
    def on(cls, bind: Any) -> Iterator[QueryLog]:
        log = cls()

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if "SAVEPOINT" not in statement:
                log.append(statement)

        event.listen(bind, "before_cursor_execute", note)
        try:
            yield log
        finally:
            event.remove(bind, "before_cursor_execute", note)

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        start, seen = len(self), list[str]()
        yield seen
        seen.extend(self[start:])
