"""What is done once a day by whoever comes first, after his answer is sent: the anchor of the journal, and
telling those who left an act on many clients unfinished.

Unless a job has done it before: here it is done where nobody does the jobs.
"""

import logging
import threading
from datetime import date
from functools import partial
from pathlib import Path

from flask import Flask, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from crmadmin.core.config import anchors_file
from crmadmin.core.db import db, transaction
from crmadmin.core.i18n import today
from crmadmin.jobs import daily_anchor
from crmadmin.services import unfinished
from views.guards import STATIC

log = logging.getLogger("crmadmin.daily")

_turn = threading.Lock()
DONE = "anchored_on"


def install(app: Flask) -> None:
    """In tests only where a test asks for it: else each first request would cost more than the others."""
    app.config.setdefault("DAILY_ANCHORS", not app.testing and not app.config["TESTING"])
    app.after_request(_first_of_the_day)


def file_of(app: Flask) -> Path:
    return app.config.get("ANCHORS_FILE") or anchors_file(app.config["CRM"].database_url)


def _first_of_the_day(response: Response) -> Response:
    app, day = current_app._get_current_object(), today()  # type: ignore[attr-defined]
    if app.config["DAILY_ANCHORS"] and request.endpoint not in STATIC and app.extensions.get(DONE) != day:
        response.call_on_close(partial(_anchor, app, day))
    return response


def _anchor(app: Flask, day: date) -> None:
    """A busy database is left alone until the next request; the log tells of a file that is not written."""
    if not _turn.acquire(blocking=False):
        return
    try:
        with app.app_context():
            try:
                tell()
                daily_anchor.make(file_of(app))
            except SQLAlchemyError as error:
                log.warning("no anchor yet: %s", error)
                return
            except OSError as error:
                log.warning("the anchor is not in its file: %s", error)
            app.extensions[DONE] = day
    finally:
        db.remove()
        _turn.release()


def tell() -> int:
    """Whoever left something unfinished yesterday or before: of how many acts."""
    with transaction():
        return unfinished.tell_whoever_began()
