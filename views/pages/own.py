"""What everybody sets for himself: language, light, password."""

from flask import Blueprint, flash, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission
from crmadmin.services import sign_in
from models.kinds import Language, Theme
from views import sessions
from views.base import Page, me, signed_in
from views.forms import is_ours, only_ours
from views.guards import is_local
from views.language import remember_choices

pages = Blueprint("own", __name__)
pages.before_request(only_ours)


@pages.post("/language")
def language() -> ResponseReturnValue:
    return _chosen("language", request.form.get("locale", ""), set(Language))


@pages.post("/theme")
def theme() -> ResponseReturnValue:
    return _chosen("theme", request.form.get("theme", ""), set(Theme))


def _chosen(what: str, value: str, known: set[str]) -> ResponseReturnValue:
    """Remembered with the person, or until he signs in by the browser; an unknown word changes nothing."""
    if value in known:
        session[what] = value
        if signed_in():
            with transaction(by=me()):
                remember_choices(me(), anew=True)
    where = request.form.get("next", "")
    return redirect(where if is_local(where) else "/")


class OwnPassword(Page):
    """A new password for oneself; whoever else is signed in under the old one is signed out."""

    see = Permission.self_change

    def is_visible(self) -> bool:
        return False

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        if request.method == "GET":
            return self.render("pages/own/password.html", errors={})
        errors = self._errors()
        if errors:
            return self.render("pages/own/password.html", errors=errors), 422
        flash(_("Your password is changed. Everywhere else you are signed out."), "success")
        return redirect("/")

    def _errors(self) -> dict[str, str]:
        typed = request.form
        if not is_ours():
            return {"": _("The page had been open for too long. Please send it once more.")}
        if typed.get("password") != typed.get("repeat"):
            return {"repeat": _("This is not the same password.")}
        try:
            with transaction(by=me()):
                refusal = sign_in.change_password(
                    me(), typed.get("old", ""), typed.get("password", ""), request.remote_addr or ""
                )
                if refusal is None:
                    sessions.begin(me())  # anew: whoever had copied the old cookie is out
        except DomainError as error:
            refusal = error
        return {refusal.field or "": str(refusal)} if refusal else {}
