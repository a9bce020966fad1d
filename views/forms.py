"""What our forms share: the session's one token, good for every form of a page and for twelve hours."""

from datetime import timedelta
from typing import Any, cast

from flask import abort, g, request
from flask_admin.form import SecureForm
from werkzeug.datastructures import MultiDict

HEADER = "X-CSRFToken"  # how scripts send it


class CrmForm(SecureForm):
    """The base of every form, Flask-Admin's included: as good as the session, not thirty minutes."""

    class Meta(SecureForm.Meta):
        csrf_time_limit = timedelta(hours=12)


def csrf_token() -> str:
    """One for all forms of a page."""
    if "csrf_token" not in g:
        g.csrf_token = cast(Any, CrmForm()).csrf_token.current_token
    return g.csrf_token


def is_ours() -> bool:
    """Whether what was posted comes from a page of this session."""
    typed = request.form.get("csrf_token") or request.headers.get(HEADER, "")
    return CrmForm(cast(Any, MultiDict({"csrf_token": typed}))).validate()


def only_ours() -> None:
    """400 for a change that no page of ours asked for."""
    if not is_ours():
        abort(400)
