"""What every door shares: it knows who is at it, names one permission, and is shut without it."""

import secrets
from typing import Any, cast

from flask import abort, g
from flask.typing import ResponseReturnValue
from flask_admin import BaseView
from flask_login import LoginManager, current_user

from crmadmin.core.permissions import Permission, allows
from crmadmin.services import sign_in_sessions
from models import User

logins = LoginManager()
logins.login_view = "login.sign_in"  # pyright: ignore[reportAttributeAccessIssue]
logins.session_protection = "basic"


@logins.user_loader
def _known(cookie: str) -> User | None:
    return sign_in_sessions.whose(cookie)


def me() -> User:
    """The signed-in user, as a plain row: what the domain takes, and what a type checker understands."""
    return cast(User, current_user._get_current_object())


def signed_in() -> bool:
    return bool(current_user.is_authenticated)


def can(permission: Permission | str) -> bool:
    """Whether whoever is at the door may; templates ask it by the permission's text."""
    return signed_in() and allows(me().role, Permission(permission))


def csp_nonce() -> str:
    """One secret per answer: a script without it is not run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return g.csp_nonce


class Guarded:
    """Shut to strangers, and to whoever lacks the permission ``see``."""

    see: Permission

    def is_accessible(self) -> bool:
        return can(self.see)

    def inaccessible_callback(self, name: str, **kwargs: Any) -> ResponseReturnValue:
        return abort(403) if signed_in() else cast(ResponseReturnValue, logins.unauthorized())

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        """As Flask-Admin means it: its own version swallows a TypeError and calls the view a second time."""
        return fn(self, *args, **kwargs)


class Page(Guarded, BaseView):
    """A page of our own, inside the admin's menu and frame."""
