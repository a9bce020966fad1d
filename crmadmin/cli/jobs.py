"""The jobs from the command line, and in a thread beside the web server."""

import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from crmadmin.core import schema
from crmadmin.core.db import db
from crmadmin.core.i18n import _
from crmadmin.jobs import ticks
from crmadmin.jobs.catalogue import JOBS
from crmadmin.jobs.ticks import Said
from views.place import place_of

log = logging.getLogger("crmadmin.jobs")

FIRST = 5  # seconds after the start of a server, which has better things to do at first
BETWEEN = ticks.EVERY.total_seconds()

jobs = AppGroup("jobs", help="What the program does by itself.")


@jobs.command()
@click.option("--once", is_flag=True, help="One tick, and a line for each job. Exit code 1 where one fails.")
def run(once: bool) -> None:
    """Do the jobs, every minute, until Ctrl-C. For installations where no `flask serve` does them."""
    if not schema.is_current():
        raise click.ClickException(_("The schema is not current: flask --app wsgi db upgrade"))
    if once:
        said = _tick(current_app, lambda: True)
        for each in said:
            click.echo(line(each))
        sys.exit(1 if any(each.what == "failed" for each in said) else 0)
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: ended.set())
    click.echo(_("A tick a minute. Ctrl-C ends it."))
    try:
        _until(ended, current_app, first=0)
    except KeyboardInterrupt:
        ended.set()


def line(said: Said) -> str:
    words = {
        "done": _("done"),
        "early": _("not due yet"),
        "held": _("somebody else has it"),
        "pause": _("failed lately, tried again soon"),
        "failed": _("failed"),
    }
    return f"{said.job.name}: {words[said.what]}{f' ({said.words})' if said.words else ''}"


@contextmanager
def in_background(app: Flask) -> Iterator[None]:
    """The jobs beside whatever is done inside. A job that is being done is ended, unless it takes long."""
    ended = threading.Event()
    thread = threading.Thread(target=_until, args=(ended, app), name="jobs", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=5)


def _until(ended: threading.Event, app: Flask, first: float = FIRST) -> None:
    pause = first
    while not ended.wait(pause):
        with app.app_context():
            try:
                _tick(app, lambda: not ended.is_set())
            except SQLAlchemyError as error:  # no database for a while: the next tick does what this did not
                log.warning("no tick: %s", str(getattr(error, "orig", error)).partition("\n")[0])
            except Exception:
                log.exception("no tick")
        pause = BETWEEN


def _tick(app: Flask, go_on: Callable[[], bool]) -> list[Said]:
    try:
        return ticks.tick(JOBS, place_of(app), go_on)
    finally:
        db.remove()
