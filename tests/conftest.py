"""One migrated database for the run; one rolled-back transaction for each test."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from xdist.scheduler import LoadScopeScheduling

from crmadmin.app import create_app
from crmadmin.core import clock
from crmadmin.core.db import Database, act_as, connect, db
from crmadmin.core.schema import bring_up
from crmadmin.services.files import keep
from models import User
from models.base import language
from tests.factories import FILE
from tests.support import QueryLog, a_database, cookie_of, nothing_kept, settings_for

DATABASE = "postgresql" if os.environ.get("TEST_DATABASE_URL") else "sqlite"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is about one kind of database alone is no test of the other: nothing is skipped."""
    others = [
        each for each in items if any(mark.args[0] != DATABASE for mark in each.iter_markers("only_on"))
    ]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [each for each in items if each not in others]


class OneBrowser(LoadScopeScheduling):
    """Tests in a browser are one worker's: one installation is filled, what they leave comes in one order.

    All others go one by one to whoever is free.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneBrowser:
    return OneBrowser(config, log)


NOON = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday, noon in Moscow


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    url = a_database("app", tmp_path_factory.mktemp("data"))
    app = create_app(settings_for(url), testing=True)
    app.config["FILES"] = tmp_path_factory.mktemp("files")
    keep(app.config["FILES"], sha256(FILE).hexdigest(), FILE)
    answer = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert answer.exit_code == 0, answer.output
    return app


@pytest.fixture
def session(app: Flask) -> Iterator[Database]:
    with nothing_kept():
        act_as(None)
        yield db


@pytest.fixture
def engine(app: Flask, tmp_path: Path) -> Iterator[Engine]:
    """A migrated database of the test's own, for what several connections do to it at once."""
    before = db.get_bind()
    engine = connect(a_database("at_once", tmp_path))
    bring_up()
    yield engine
    db.remove()  # before its pool goes: what comes back later is closed by nobody
    engine.dispose()
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
