"""The server: one process of waitress, on Windows too."""

import ctypes
import gc
import logging
import signal
import sys
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from crmadmin.cli.jobs import in_background
from crmadmin.core.config import Settings
from crmadmin.core.db import db, transaction
from crmadmin.core.i18n import _
from crmadmin.core.schema import bring_up
from crmadmin.services import first_admin, people
from seeds import reference

_M_ARENA_MAX = -8  # as glibc numbers it
# Statements and templates that are kept grow with the first requests. To walk through all that is kept takes
# 0.15 s in which nobody is answered: as often as Python does it of itself, one page of twenty.
_SELDOM = (10_000, 20, 50)

Server = BaseWSGIServer | MultiSocketServer


@click.command()
@with_appcontext
def serve() -> None:
    """Serve your own database; while there is no administrator, print a link that makes the first one."""
    settings: Settings = current_app.config["CRM"]
    server = listening(real_app(), settings)
    make_ready(settings)
    told = [where := settings.address]
    if not people.has_admin():
        with transaction():
            token = first_admin.new_link()
        told.append(_("Make the first administrator: %(link)s", link=f"{where}/first-admin/{token}"))
    run(server, told)


def real_app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined]


def make_ready(settings: Settings) -> None:
    """Schema and reference lists, as this version of the program needs them."""
    try:
        bring_up()
        with transaction() as session:
            reference.load(session)
    except SQLAlchemyError as error:
        place = make_url(settings.database_url).render_as_string(hide_password=True)
        reason = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        raise click.ClickException(
            _("The database %(place)s does not answer: %(reason)s", place=place, reason=reason)
        ) from error


def listening(app: Flask, settings: Settings) -> Server:
    """The port is taken before anything else is done, so that a second start fails at once and harmlessly."""
    _keep_memory_together()  # before there are threads
    options: dict[str, Any] = {"host": settings.host, "port": settings.port, "threads": settings.threads}
    try:
        # Waitress would drop X-Forwarded-… before the app decides whom it believes.
        forwarded = not settings.trusted_proxies
        return create_server(app, ident=None, clear_untrusted_proxy_headers=forwarded, **options)
    except (OSError, ValueError) as error:
        raise click.ClickException(
            _(
                "Cannot listen on %(host)s:%(port)s: does something else, or this program itself, run there? "
                "CRM_PORT chooses another port.",
                host=settings.host,
                port=settings.port,
            )
        ) from error


def _keep_memory_together() -> None:
    """Else glibc gives each thread a heap of its own, and what a request has let go stays in it."""
    with suppress(OSError, AttributeError, TypeError):  # another system, another library
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def run(server: Server, told: Iterable[str], *, with_jobs: bool = True) -> None:
    """Say what there is to say, and serve until Ctrl-C or a polite kill; answers begun are ended.

    Beside the answers the jobs are done, in a thread of their own, unless whoever calls wants none.
    """
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is no news
    db.remove()  # or this thread would hold the database as it was at the start
    gc.collect()
    gc.freeze()  # what is loaded now stays: collections need not walk through it again and again
    gc.set_threshold(*_SELDOM)
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    with in_background(real_app()) if with_jobs else nullcontext():
        try:
            click.echo("\n".join(told))
            sys.stdout.flush()
            server.run()
        except (SystemExit, KeyboardInterrupt):  # come so early that waitress was not yet waiting for it
            server.task_dispatcher.shutdown()
    bind = db.get_bind()
    if isinstance(bind, Engine):
        bind.dispose()  # SQLite puts everything into the one file when the last connection is closed
