"""For whoever watches over the installation: is it alive, does the database answer."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from crmadmin.core import schema

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def alive() -> ResponseReturnValue:
    return {"status": "ok"}


@pages.get("/readyz")
def ready() -> ResponseReturnValue:
    """200 when the database answers and its schema is current, else 503."""
    try:
        current = schema.is_current()
    except Exception:  # whatever it is, the answer is the same: not ready
        return {"status": "no database"}, 503
    return ({"status": "ok"}, 200) if current else ({"status": "schema is not current"}, 503)
