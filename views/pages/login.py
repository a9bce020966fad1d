"""Signing in and out, and the one-time link that makes the first admin."""

from functools import partial

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError, all_hold
from crmadmin.core.i18n import _
from crmadmin.services import absence_notices, first_admin, people, sign_in
from models import User
from views import sessions
from views.base import logins, me, signed_in
from views.forms import HEADER, is_ours, only_ours
from views.guards import is_local
from views.language import remember_choices

pages = Blueprint("login", __name__)

CARRIED = "carried."  # before the names of what somebody typed when his session ended
SECRET = frozenset({"password.index", "login.first_admin_post", "people.password"})
"""Doors of passwords: of what is typed at them nothing is ever shown again, whatever it is called."""


@pages.get("/login", endpoint="sign_in")
def ask_in() -> ResponseReturnValue:
    return redirect(_where_next()) if signed_in() else _page()


@pages.post("/login", endpoint="sign_in_post")
def let_in() -> ResponseReturnValue:
    """Whoever proves himself goes where he was going, with what he had typed there."""
    if not is_ours():
        return _page({"": _("The page had been open for too long. Please sign in once more.")}, 400)
    with transaction():
        answer = sign_in.sign_in(
            request.form.get("login", ""), request.form.get("password", ""), request.remote_addr or ""
        )
        if isinstance(answer, User):
            absence_notices.tell_returns(answer)
            remember_choices(answer)
            sessions.begin(answer)
    if isinstance(answer, DomainError):
        return _page({answer.field or "": str(answer)}, answer.status)
    if carried := _carried(request.form):
        return render_template("pages/login/again.html", next=_where_next(), carried=carried)
    return redirect(_where_next())


@pages.post("/logout")
def sign_out() -> ResponseReturnValue:
    if signed_in():
        only_ours()
        with transaction(by=me()):
            sessions.end()
    return redirect(url_for("login.sign_in"))


@pages.get("/first-admin/<token>", endpoint="first_admin")
def ask_first_admin(token: str) -> ResponseReturnValue:
    first_admin.link(token)
    return render_template("pages/login/first_admin.html", errors={})


@pages.post("/first-admin/<token>", endpoint="first_admin_post")
def make_first_admin(token: str) -> ResponseReturnValue:
    typed = request.form
    errors = {}
    if not is_ours():
        errors[""] = _("The page had been open for too long. Please send it once more.")
    else:
        try:
            with transaction():
                sessions.begin(_first_admin(token, typed))
        except DomainError as refusal:
            for part in refusal.parts:
                if part.field is None:
                    raise part from refusal
                errors[part.field] = str(part)
        else:
            return redirect("/")
    return render_template("pages/login/first_admin.html", errors=errors), 422


def _first_admin(token: str, typed: MultiDict[str, str]) -> User:
    """Made only if all of the form is well; what is not is told together."""
    said = {name: typed.get(name, "") for name in ("name", "login", "password")}
    made: list[User] = []
    all_hold(lambda: made.append(first_admin.use(token, **said)), partial(_same_twice, typed))
    return made[0]


def _same_twice(typed: MultiDict[str, str]) -> None:
    if typed.get("password") != typed.get("repeat"):
        raise DomainError(_("This is not the same password."), field="repeat")


@logins.unauthorized_handler
def to_the_door() -> ResponseReturnValue:
    """A stranger is asked to sign in and comes back; a script is told 401; what was typed comes along."""
    if "HX-Request" in request.headers or HEADER in request.headers:
        abort(401)
    here = request.full_path.rstrip("?")
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("login.sign_in", next=here if here != "/" else None))
    if request.endpoint in SECRET:
        expired, typed = _("You were signed out meanwhile. Sign in, and type it once more."), []
    else:
        expired = _("You were signed out meanwhile. Sign in, and what you typed is still there.")
        typed = [(CARRIED + name, value) for name, value in request.form.items(multi=True)]
    return _page({"": expired}, 401, carried=typed, where=here)


def _page(
    errors: dict[str, str] | None = None,
    status: int = 200,
    *,
    carried: list[tuple[str, str]] | None = None,
    where: str = "",
) -> ResponseReturnValue:
    if carried is None:
        carried = [(CARRIED + name, value) for name, value in _carried(request.form)]
    page = render_template(
        "pages/login/sign_in.html",
        errors=errors or {},
        carried=carried,
        next=where or _where_next(),
        has_admin=people.has_admin(),
    )
    return page, status


def _carried(form: MultiDict[str, str]) -> list[tuple[str, str]]:
    return [
        (name.removeprefix(CARRIED), value)
        for name, value in form.items(multi=True)
        if name.startswith(CARRIED)
    ]


def _where_next() -> str:
    where = request.values.get("next", "")
    return where if is_local(where) else "/"
