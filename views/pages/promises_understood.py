"""How lines that begin with "!", and due times, are understood while they are typed: nothing is kept."""

from datetime import datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core import clock, i18n
from crmadmin.core.errors import DomainError
from crmadmin.rules.date_phrases import Due, due
from crmadmin.services import record, record_promises
from crmadmin.services.record_promises import FIELDS, Said, Typed, Words
from models import Client, Interaction
from models.kinds import InteractionState
from views.admin.filters import row_id
from views.base import me
from views.fields import read_moment, typed
from views.forms import only_ours
from views.of_client import of_visible_client, visible_client
from views.record_form import RecordForm

MOST_SHOWN = 10


class Understood:
    """For the page of promises."""

    render: Any

    @expose("/understood/<int:client_id>", methods=("POST",))
    def understood(self, client_id: int) -> ResponseReturnValue:
        """What lines with "!" of a quick record, or the due time of a form, would mean."""
        only_ours()
        client = visible_client(client_id)
        if "due" in request.form:
            return self.render("parts/promises/until.html", until=until(typed("due")), typed=typed("due"))
        form = RecordForm(client, me())
        form.read(request.form)
        return self._understood(record.promised(form.draft()))

    @expose("/understood", methods=("POST",))
    def understood_in_form(self) -> ResponseReturnValue:
        """What they would mean in the full form: of the record it corrects, those that are new in it."""
        only_ours()
        id, state = request.args.get("record", ""), _state()
        row = of_visible_client(Interaction, _number(id)) if id else None
        client = row.client if row else _client()
        planned_for = _moment() if state is InteractionState.planned else None
        next_at = record_promises.next_contact(client, row, planned_for) if client else None
        words = Words(*(typed(name) for name in FIELDS))
        return self._understood(record_promises.anew(words, row, state, next_at))

    def _understood(self, said: Said) -> str:
        found = [(each, _refusal(each)) for each in said.promises[:MOST_SHOWN]]
        return self.render("parts/promises/understood.html", found=found)


def until(text: str) -> Due | None:
    return due(text, clock.now(), i18n.zone())


def _refusal(promise: Typed) -> str:
    try:
        promise.check()
    except DomainError as refusal:
        return str(refusal)
    return ""


def _number(text: str) -> int:
    """Of a row; none has 0."""
    try:
        return row_id(text)
    except ValueError:
        return 0


def _client() -> Client | None:
    """The one that is chosen in the form, so far."""
    id = _number(typed("client"))
    return visible_client(id) if id else None


def _state() -> InteractionState:
    said = typed("state")
    return InteractionState(said) if said in set(InteractionState) else InteractionState.held


def _moment() -> datetime | None:
    try:
        return read_moment(typed("happened_at"))
    except ValueError:
        return None
