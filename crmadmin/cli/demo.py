"""An invented company to look at. It has a database and sessions of its own: yours are never touched."""

import hmac
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import Engine

from crmadmin.cli.serve import listening, make_ready, real_app, run
from crmadmin.core.config import INSTANCE, ROOT, Settings, anchors_file
from crmadmin.core.db import connect, db, transaction
from crmadmin.core.i18n import _

FILE = INSTANCE / "demo.db"


@click.command()
@click.option("--file", type=click.Path(dir_okay=False, path_type=Path), default=FILE, help="Where it is.")
@click.option("--scale", type=click.FloatRange(0, 10), default=1.0, help="Size: 1 is 400 clients.")
@click.option("--only-fill", is_flag=True, help="Invent it anew and serve nothing.")
@with_appcontext
def demo(file: Path, scale: float, only_fill: bool) -> None:
    """Serve an invented company on this machine only: its passwords are known to everybody."""
    from seeds.demo import LOGINS  # here: no other command pays for it

    file = file.resolve()
    settings = turn_to(real_app(), file)
    if only_fill:
        fill(file, scale)
        return
    server = listening(real_app(), settings)
    if not file.exists():
        click.echo(_("Inventing a company: this takes half a minute, once…"), err=True)
        _fill_apart(file, scale)
    connect(settings.database_url)
    make_ready(settings)
    known = [f"{role} {login} {password}" for role, login, password in LOGINS]
    run(server, [settings.address, *known])


def turn_to(app: Flask, file: Path) -> Settings:
    """The app, on the demo's database and with a key of the demo's own.

    By the same key, whoever signs in here could show his cookie to the real installation, and be taken there
    for the person of the same number.
    """
    given: Settings = app.config["CRM"]
    key = hmac.new(given.secret_key.encode(), b"demo", "sha256").hexdigest()
    none = {"base_url": "", "mail_url": ""}  # its people have no letter boxes
    settings = replace(given, database_url=f"sqlite:///{file}", secret_key=key, host="127.0.0.1", **none)
    app.config.update(
        CRM=settings, SECRET_KEY=key, SESSION_COOKIE_NAME="crm_demo_session", SESSION_COOKIE_SECURE=False
    )
    return settings


def _fill_apart(file: Path, scale: float) -> None:
    """In a process of its own, which takes the memory it needed along."""
    words = ["-m", "flask", "--app", "wsgi", "demo", "--only-fill", f"--file={file}", f"--scale={scale}"]
    if subprocess.run([sys.executable, *words], cwd=ROOT, check=False).returncode:  # noqa: S603 - our own
        raise click.ClickException(_("The company could not be invented."))


def fill(file: Path, scale: float) -> None:
    """Filled under another name, then renamed: a demo is whole, or not there."""
    from seeds import demo as seeds

    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.unfinished")
    for leftover in (unfinished, *(Path(f"{unfinished}{end}") for end in ("-wal", "-shm"))):
        leftover.unlink(missing_ok=True)
    settings = replace(current_app.config["CRM"], database_url=f"sqlite:///{unfinished}")
    engine = connect(settings.database_url)
    make_ready(settings)
    with transaction() as session:
        seeds.load(session, settings.locale, scale)
    seeds.look_back(settings.locale)
    _close(engine)
    anchors_file(f"sqlite:///{file}").unlink(missing_ok=True)  # those of the company before
    unfinished.replace(file)


def _close(engine: Engine) -> None:
    """Everything into the one file: what SQLite keeps beside it is not renamed along."""
    db.remove()
    raw = engine.raw_connection()  # outside of any transaction, where alone it may be done
    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    engine.dispose()
