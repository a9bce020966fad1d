"""Who was first with a client: the claims, the rule's verdict, and the head's decision."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission
from crmadmin.services import first_touch
from models import Client
from views.admin.filters import row_id
from views.base import me
from views.fields import text_or_blank
from views.forms import made_once, must_be_ours
from views.of_client import OfClient


class FirstTouchPage(OfClient):
    see = Permission.clients_see

    @expose("/first")
    def index(self, client_id: int) -> ResponseReturnValue:
        """All of it; ``part`` alone is what the card shows, asked for when the card is there already."""
        client = self.client(client_id)
        found = first_touch.of(client)
        page = "parts/first_touch/verdict.html" if "part" in request.args else "pages/first_touch/page.html"
        return self.render(page, client=client, found=found)


class FirstTouchDecisionPage(OfClient):
    see = Permission.first_touch_decide
    first = "decide"

    @expose("/first/decide", methods=("GET", "POST"))
    def decide(self, client_id: int) -> ResponseReturnValue:
        client = self.client(client_id)
        errors: dict[str, str] = {}
        if request.method == "POST":
            try:
                must_be_ours()
                with transaction(by=me()):
                    where = made_once(lambda: _decided(client))
            except DomainError as refusal:
                errors[refusal.field or ""] = str(refusal)
            else:
                flash(_("It is decided, and the reason is kept."), "success")
                return redirect(where)
        found = first_touch.of(client)
        page = self.render(
            "pages/first_touch/decide.html",
            client=client,
            found=found,
            claimants=[(claim.person.id, claim.person.name) for claim in found.claims],
            typed=request.form,
            errors=errors,
        )
        return (page, 422) if errors else page


def _decided(client: Client) -> str:
    first_touch.decide(client, _person(), text_or_blank(request.form.get("reason")), by=me())
    return url_for("first_touch.index", client_id=client.id)


def _person() -> int | None:
    try:
        return row_id(request.form.get("person", ""))
    except ValueError:
        return None
