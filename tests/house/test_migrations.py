"""The schema's history says exactly what the tables say, forwards and backwards."""

import re

from alembic import command
from sqlalchemy import Engine, inspect

from crmadmin.core.db import db
from crmadmin.core.schema import bring_up, history, is_current
from models import Base
from tests.house.tree import ROOT

VERSIONS = sorted((ROOT / "models/migrations/versions").glob("*.py"))


def every_table() -> set[str]:
    bind = db.get_bind()
    assert isinstance(bind, Engine)
    found = set(inspect(bind).get_table_names()) - {"alembic_version"}
    return {name for name in found if not re.search("_search(_|$)", name)}  # SQLite's trigrams: see 0002


def tables() -> set[str]:
    """Without what SQLite keeps a search index in: those are made by a migration, and no model knows them."""
    return {name for name in every_table() if not re.search(r"_search(_[a-z]+)?$", name)}


def test_migrations_make_the_models(app):
    answer = app.test_cli_runner().invoke(args=["db", "check"])

    assert answer.exit_code == 0, answer.exception


def test_migrations_are_numbered_without_a_gap():
    assert [path.name[:5] for path in VERSIONS] == [f"{n:04}_" for n in range(1, len(VERSIONS) + 1)]
    for number, path in enumerate(VERSIONS, 1):
        text = path.read_text()
        before = f'"{number - 1:04}"' if number > 1 else "None"
        assert f'revision = "{number:04}"\n' in text, path.name
        assert f"down_revision = {before}\n" in text, path.name


def test_a_migration_names_no_type_of_ours():
    """It must read the same for ever, whatever becomes of today's code."""
    for path in VERSIONS:
        assert not re.search(
            r"^\s*(from|import) (models|crmadmin|views|seeds)\b|models\.", path.read_text(), re.MULTILINE
        )


def test_every_migration_leads_back_and_forth(an_installation):
    with an_installation("migrations").app_context():
        bring_up()
        assert is_current()
        assert tables() == set(Base.metadata.tables)

        with history() as found:
            command.downgrade(found, "base")
        assert every_table() == set()

        bring_up()
        assert is_current()
        assert tables() == set(Base.metadata.tables)
