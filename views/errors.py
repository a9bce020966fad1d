"""What somebody sees when something is refused, missing or broken: a sentence, and a number the log has."""

import logging
import secrets
from http import HTTPStatus
from typing import Any

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from crmadmin.core.db import db, is_busy
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, lazy
from views.base import signed_in

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
    return _page(error.status, str(error)), error.status


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400 or error.response is not None:
        return error.get_response()
    sentence = _too_large() or SENTENCES.get(error.code) or _("This did not work.")
    return _page(error.code, sentence), error.code


def _too_large() -> str:
    """For what weighs more than a request may; whoever goes back finds what he typed."""
    most = current_app.config["MAX_CONTENT_LENGTH"]
    if (request.content_length or 0) <= most:
        return ""
    said = _("What you sent is too large: at most %(num)d MB together.", num=most // 1024 // 1024)
    way = _("Go back: what you typed is still there. Choose fewer files, or smaller ones.")
    return f"{said} {way}"


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


def _page(code: int, sentence: Any) -> str:
    """Inside the frame for whoever is signed in, so that menu and search lead on; bare where that fails."""
    heading = _("There is no such page") if code == HTTPStatus.NOT_FOUND else _("Something went wrong")
    said = {"code": code, "sentence": sentence, "heading": heading}
    if request.endpoint is not None or code == HTTPStatus.NOT_FOUND:
        try:
            if signed_in():
                admin = current_app.extensions["admin"][0]
                return admin.index_view.render("layout/refused.html", **said)
        except SQLAlchemyError:  # the database is what is broken: a frame would ask it again
            db.rollback()
    return render_template("layout/error.html", **said)


def _broken(error: Exception) -> ResponseReturnValue:
    """Nothing of Python or of the database reaches the page."""
    db.rollback()
    if isinstance(error, SQLAlchemyError) and is_busy(error):
        return _busy()
    number = secrets.token_hex(3)
    log.error("error %s at %s %s", number, request.method, request.path, exc_info=error)
    sentence = _("Something broke. Nothing of yours was saved half.")
    return render_template("layout/error.html", code=500, sentence=sentence, number=number), 500
