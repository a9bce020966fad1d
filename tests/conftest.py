"""One migrated database for the run; one rolled-back transaction for each test."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from crmadmin.app import create_app
from crmadmin.core import clock
from crmadmin.core.db import Database, act_as, connect, db, going_to_write
from crmadmin.core.schema import bring_up
from models import User
from models.base import language
from tests.support import QueryLog, a_database, cookie_of, settings_for

NOON = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday, noon in Moscow


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    url = a_database("app", tmp_path_factory.mktemp("data"))
    app = create_app(settings_for(url), testing=True)
    answer = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert answer.exit_code == 0, answer.output
    return app


@pytest.fixture
def session(app: Flask) -> Iterator[Database]:
    engine = db.get_bind()
    assert isinstance(engine, Engine)
    db.remove()
    going_to_write(True)
    with engine.connect() as connection:
        outer = connection.begin()
        db.configure(bind=connection, join_transaction_mode="create_savepoint")
        act_as(None)
        yield db
        db.remove()
        outer.rollback()
    going_to_write(False)
    db.configure(bind=engine, join_transaction_mode="conditional_savepoint")


@pytest.fixture
def engine(app: Flask, tmp_path: Path) -> Iterator[Engine]:
    """A migrated database of the test's own, for what several connections do to it at once."""
    before = db.get_bind()
    engine = connect(a_database("at_once", tmp_path))
    bring_up()
    yield engine
    engine.dispose()
    db.remove()
    db.configure(bind=before)


@pytest.fixture(autouse=True)
def noon() -> Iterator[datetime]:
    language.set("ru")  # whatever the test before asked for in its requests
    with clock.stopped_at(NOON):
        yield NOON


@pytest.fixture
def signed_in(app: Flask, session: Session) -> Callable[[User], FlaskClient]:
    def sign_in(user: User) -> FlaskClient:
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = cookie_of(user), True
        return client

    return sign_in


@pytest.fixture
def queries(session: Database) -> Iterator[Callable[[], QueryLog]]:
    with QueryLog.on(session.get_bind()) as log:
        yield lambda: log
