from sqlalchemy import text

from crmadmin.app import create_app
from crmadmin.core.db import db
from tests.factories import a_client
from tests.support import a_database, settings_for


def ask(app, *words: str):
    return app.test_cli_runner().invoke(args=["doctor", *words])


def test_a_healthy_base_is_exit_code_0(app, session):
    a_client()

    assert ask(app).exit_code == 0


def test_a_fault_is_one_line_and_exit_code_1_until_it_is_mended(app, session):
    a_client()
    session.execute(text("UPDATE client SET name_fold = 'x'"))
    session.commit()

    answer = ask(app)
    assert (answer.exit_code, len(answer.stdout.splitlines())) == (1, 1)

    ask(app, "--repair")
    assert ask(app).exit_code == 0


def test_an_empty_database_is_told_to_be_brought_up(app, session, tmp_path):
    """The other app leaves the sessions pointing at its database: they are given back."""
    bind = db.get_bind()
    try:
        empty = create_app(settings_for(a_database("empty", tmp_path)), testing=True)
        answer = ask(empty)
    finally:
        db.get_bind().dispose()
        db.remove()
        db.configure(bind=bind)

    assert answer.exit_code == 1
    assert "db upgrade" in answer.stdout
