"""Why a client is in its group: the rule and its values then and now; or by whose hand, and until when."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core import i18n
from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission
from crmadmin.queries import choices
from crmadmin.services import standings
from crmadmin.services.grouping_why import why
from models import Client, ClientGroup
from views import grouping_words as words
from views.admin.filters import row_id
from views.base import me
from views.fields import text_or_blank
from views.forms import only_ours
from views.of_client import OfClient


class ClientGroupPage(OfClient):
    see = Permission.clients_see

    @expose("/group")
    def index(self, client_id: int) -> ResponseReturnValue:
        return _page(self, self.client(client_id), {})


class ClientHoldPage(OfClient):
    see = Permission.clients_group
    first = "hold"

    @expose("/group/hold", methods=("GET", "POST"))
    def hold(self, client_id: int) -> Any:
        """Into a group by hand, or kept in this one, until a day; or left to the rules again."""
        client = self.client(client_id)
        if request.method == "GET":
            return redirect(url_for("client_group.index", client_id=client.id))
        only_ours()
        errors: dict[str, str] = {}
        said = _("The group is set by hand.")
        try:
            with transaction(by=me()):
                if request.form.get("step") == "release":
                    standings.release(client, by=me())
                    said = _("The rules decide again.")
                else:
                    reason = text_or_blank(request.form.get("reason"))[:500]
                    standings.hold(client, _group(client), reason=reason, until=_until(), by=me())
        except DomainError as refusal:
            if refusal.status == DomainError.status:
                errors |= {part.field or "": str(part) for part in refusal.parts}
            else:
                raise
        if errors:
            return _page(self, self.client(client_id), errors), 422
        flash(said, "success")
        return redirect(url_for("clients.card", client_id=client.id))


def _page(page: OfClient, client: Client, errors: dict[str, str]) -> str:
    db.refresh(client)  # what was refused is not told as if it were so
    standing = standings.of(client)
    return page.render(
        "pages/client/group.html",
        client=client,
        standing=standing,
        held=standings.is_held(standing),
        why=why(client, standing),
        offered=words.Choices(),
        title=words.title,
        value_words=words.value_words,
        may_hold=standings.may_hold(client, me()),
        groups=[(row.id, row.name) for row in db.scalars(choices.in_use(ClientGroup)(me()))],
        typed=request.form,
        errors=errors,
        tomorrow=(i18n.today() + timedelta(days=1)).isoformat(),
    )


def _group(client: Client) -> ClientGroup:
    try:
        id = row_id(request.form.get("group", ""))
    except ValueError:
        id = 0
    if id == client.group_id:
        return client.group
    row = db.scalar(choices.in_use(ClientGroup)(me()).where(ClientGroup.id == id))
    if row is None:
        raise DomainError(_("Choose a group."), field="group")
    return row


def _until() -> datetime | None:
    """The end of that day; blank: for ever."""
    typed = request.form.get("until", "").strip()
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise DomainError(_("Not a valid date value."), field="until") from None
    if not 1900 <= day.year <= 2200:
        raise DomainError(_("The year lies between 1900 and 2200."), field="until")
    return i18n.start_of(day + timedelta(days=1))
