"""What somebody sees when something is refused, missing or broken: a sentence, and a number the log has."""

import logging
import secrets

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from crmadmin.core.db import db, is_busy
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, lazy

log = logging.getLogger("crmadmin.errors")

SENTENCES = {
    400: lazy("The address or the form is not what this program makes."),
    403: lazy("This is not yours to open."),
    404: lazy("There is nothing at this address."),
    405: lazy("This address is not opened this way."),
    413: lazy("This is too large."),
    429: lazy("Too many attempts: wait a little."),
}


def refuse(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def _domain(error: DomainError) -> ResponseReturnValue:
    db.rollback()
    return render_template("layout/error.html", code=error.status, sentence=str(error)), error.status


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400 or error.response is not None:
        return error.get_response()
    sentence = SENTENCES.get(error.code) or _("This did not work.")
    return render_template("layout/error.html", code=error.code, sentence=sentence), error.code


def _busy() -> ResponseReturnValue:
    """Somebody else holds the database; whatever was typed comes back with a button that sends it again."""
    kept = request.args if request.method == "GET" else request.form
    page = render_template(
        "pages/busy/busy.html",
        sentence=_("Somebody else is writing just now. Nothing is lost: try again."),
        typed=list(kept.items(multi=True)),
        where=request.path if request.method == "GET" else request.full_path,
        method="get" if request.method == "GET" else "post",
    )
    return page, 503


def _broken(error: Exception) -> ResponseReturnValue:
    """Nothing of Python or of the database reaches the page."""
    db.rollback()
    if isinstance(error, SQLAlchemyError) and is_busy(error):
        return _busy()
    number = secrets.token_hex(3)
    log.error("error %s at %s %s", number, request.method, request.path, exc_info=error)
    sentence = _("Something broke. Nothing of yours was saved half.")
    return render_template("layout/error.html", code=500, sentence=sentence, number=number), 500
