"""The cookie that remembers who is signed in."""

import hmac

from flask import Flask, current_app, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import login_user

from models import User

KEPT = ("language", "theme")  # chosen before signing in, and good after it


def install(app: Flask) -> None:
    app.session_interface = Sessions()


class Sessions(SecureCookieSessionInterface):
    """Renewed by every page, so that it ends twelve hours after the last one; never by a file.

    A picture that is answered late would else bring back the session as it was before signing in or out.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        is_file = request.endpoint is not None and request.endpoint.endswith("static")
        return not is_file and super().should_set_cookie(app, session)


def start_anew() -> None:
    """Nothing of a former session lives on, its token least of all; language and theme do."""
    kept = {key: session[key] for key in KEPT if key in session}
    session.clear()
    session.update(kept)
    session.permanent = True


def begin(user: User) -> None:
    """Sign him in. Pages he left open keep their token: what he typed there can still be sent."""
    start_anew()
    login_user(user)
    key = str(current_app.secret_key).encode()
    session["csrf"] = hmac.new(key, f"forms of {user.get_id()}".encode(), "sha256").hexdigest()
