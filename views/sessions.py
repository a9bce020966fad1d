"""The cookie that remembers who is signed in."""

import hmac

from flask import Flask, current_app, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import login_user, logout_user

from crmadmin.services import sign_in_sessions
from models import User

WHO = "_user_id"  # where Flask-Login keeps what it asks the user loader by
KEPT = ("language", "theme")  # chosen before signing in, and good after it


def install(app: Flask) -> None:
    app.session_interface = Sessions()


class Sessions(SecureCookieSessionInterface):
    """Renewed by every page, so that the cookie ends twelve hours after the last one; never by a file.

    A picture that is answered late would else bring back the session as it was before signing in or out.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        is_file = request.endpoint is not None and request.endpoint.endswith("static")
        return not is_file and super().should_set_cookie(app, session)


def end() -> None:
    """Sign him out, within a transaction: here, and wherever the cookie was copied to."""
    sign_in_sessions.end(session.get(WHO, ""))
    logout_user()
    start_anew()


def start_anew() -> None:
    """Nothing of a former session lives on, its token least of all; language and theme do."""
    kept = {key: session[key] for key in KEPT if key in session}
    session.clear()
    session.update(kept)
    session.permanent = True


def begin(user: User) -> None:
    """Sign him in, within a transaction; what this browser was signed in by before ends.

    Pages he left open keep their token: what he typed there can still be sent.
    """
    sign_in_sessions.end(session.get(WHO, ""))
    cookie = sign_in_sessions.begin(user)
    start_anew()
    login_user(user)
    session[WHO] = cookie
    key = str(current_app.secret_key).encode()
    session["csrf"] = hmac.new(key, f"forms of {user.get_id()}".encode(), "sha256").hexdigest()
