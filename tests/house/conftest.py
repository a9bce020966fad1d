"""Other installations beside the one all tests share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from crmadmin.app import create_app
from crmadmin.core.db import db
from tests.support import a_database, settings_for


@pytest.fixture
def an_installation(app: Flask, tmp_path: Path) -> Iterator[Callable[[str], Flask]]:
    """Makes another app on an empty database; afterwards the sessions belong to the shared one again."""
    db.remove()
    shared, made = db.get_bind(), list[Engine]()
    db.remove()

    def make(name: str) -> Flask:
        other = create_app(settings_for(a_database(name, tmp_path)), testing=True)
        bind = db.get_bind()
        assert isinstance(bind, Engine)
        made.append(bind)
        db.remove()
        return other

    yield make
    db.remove()
    db.configure(bind=shared)
    for engine in made:
        engine.dispose()
