"""The demo, started as a person starts it; a small company, so that it does not take half a minute."""

import sqlite3
from dataclasses import replace

from flask import Flask

from crmadmin.cli.demo import turn_to
from crmadmin.core.config import Settings
from tests.cli.test_serve import a_free_port, fetched, running
from tests.support import settings_for

ANYWHERE = "0.0.0.0"  # noqa: S104 - asked for, and not given
ROLES = {"manager", "head", "colleague", "admin"}


def started(file, port, **settings):
    words = ("demo", "--file", str(file), "--scale", "0.03")
    return running(*words, port=port, **settings)


def test_a_company_is_invented_once_and_one_line_a_role_is_printed(tmp_path):
    file, port = tmp_path / "new" / "demo.db", a_free_port()
    unused = f"sqlite:///{tmp_path}/mine.db"
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "demo.db.unfinished").write_text("left by a start that was cut short")

    with started(file, port, database_url=unused, host=ANYWHERE) as process:
        printed = [process.stdout.readline().split() for _ in range(5)]
        assert printed[0] == [f"http://127.0.0.1:{port}"]
        assert {role for role, _login, _password in printed[1:]} == ROLES
        assert fetched(f"http://127.0.0.1:{port}/readyz")[0] == 200

    assert {each.name for each in file.parent.iterdir()} <= {"demo.db", "demo.db.anchors.txt"}
    assert not (tmp_path / "mine.db").exists()

    with sqlite3.connect(file) as database:
        database.execute("UPDATE app_user SET name = 'Renamed' WHERE login = ?", [printed[1][1]])
    with started(file, port, database_url=unused) as process:
        assert [process.stdout.readline().split() for _ in range(5)] == printed
    with sqlite3.connect(file) as database:
        (kept,) = database.execute("SELECT count(*) FROM app_user WHERE name = 'Renamed'").fetchone()
    assert kept == 1


def test_a_cookie_of_the_demo_opens_no_real_installation(tmp_path):
    app, mine = Flask("somewhere"), settings_for("sqlite:///mine.db", base_url="https://crm.example")
    app.config["CRM"] = replace(mine, host=ANYWHERE)
    turned: Settings = turn_to(app, tmp_path / "demo.db")

    assert turned.secret_key == app.config["SECRET_KEY"] != mine.secret_key
    assert turned.host == "127.0.0.1"
    assert app.config["SESSION_COOKIE_NAME"] != "crm_session"
    assert app.config["SESSION_COOKIE_SECURE"] is False
