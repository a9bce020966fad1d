"""The quick record: on a client's card, from anywhere, and of a plan that came true, moves or is off."""

import json
from typing import Any
from urllib.parse import urlsplit

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import joinedload, selectinload

from crmadmin.core import i18n
from crmadmin.core.db import db, is_busy, transaction
from crmadmin.core.errors import DomainError, NotFound
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission
from crmadmin.queries.visibility import interaction_visible_to
from crmadmin.rules.recording import RecordDoor
from crmadmin.services import record, record_cost
from crmadmin.services.meanwhile import hold
from models import Client, Interaction, User
from models.kinds import InteractionState
from views import cost, uploads
from views.admin.filters import row_id
from views.admin.saving import broken
from views.base import Page, me
from views.fields import plain_text, read_moment
from views.forms import TOO_LONG, is_ours, made_once, only_ours
from views.of_client import visible_client
from views.record_form import RecordForm


def part(client: Client, viewer: User) -> dict[str, Any]:
    """What the part ``record`` of a client's card shows."""
    return {"form": RecordForm(client, viewer)}


class RecordPage(Page):
    """From anywhere: first the client, then the form; and what becomes of a plan, on its own line."""

    see = Permission.interactions_record
    model = Interaction

    def is_visible(self) -> bool:
        return False

    @expose("/")
    @expose("")
    def index(self) -> ResponseReturnValue:
        if typed := request.args.get("client", ""):
            try:
                return redirect(url_for("client_record.index", client_id=row_id(typed)))
            except ValueError:
                pass
        return self.render("pages/record/which.html")

    @expose("/left", methods=("POST",))
    def left(self) -> ResponseReturnValue:
        """A form was left with something typed in it: a browser says so, and waits for no answer."""
        only_ours()
        try:
            with transaction(by=me()):
                record_cost.left(request.form.get("door", ""), cost.spent(), by=me())
        except SQLAlchemyError as error:
            if not is_busy(error):
                raise
        return "", 204

    @expose("/plan/<int:plan_id>/held", methods=("GET", "POST"))
    def held(self, plan_id: int) -> ResponseReturnValue:
        """It took place: the few fields that are new."""
        plan = _plan(plan_id)
        if request.method == "POST":
            hold(plan)
            plan = _plan(plan_id)
            return _sent(self, plan.client, plan)
        if plan.state is not InteractionState.planned:
            return _no_plan(self, plan)
        return _drawn(self, RecordForm(plan.client, me(), plan))

    @expose("/plan/<int:plan_id>/move", methods=("GET", "POST"))
    def move(self, plan_id: int) -> ResponseReturnValue:
        """It takes place at another moment."""
        return self._act(plan_id, "move")

    @expose("/plan/<int:plan_id>/cancel", methods=("GET", "POST"))
    def cancel(self, plan_id: int) -> ResponseReturnValue:
        """It is called off, with a reason."""
        return self._act(plan_id, "cancel")

    def _act(self, plan_id: int, act: str) -> ResponseReturnValue:
        plan = _plan(plan_id)
        if request.method == "POST":
            return self._changed(plan, act)
        return self._asked(plan, act) if plan.state is InteractionState.planned else _no_plan(self, plan)

    def _changed(self, plan: Interaction, act: str) -> ResponseReturnValue:
        typed = str(plain_text(request.form.get("at" if act == "move" else "cancel_reason", "")))
        if not is_ours():
            return self._asked(plan, act, typed, str(TOO_LONG))
        try:
            with transaction(by=me()):
                hold(plan)
                _change(plan, act, typed)
        except DomainError as refusal:
            return self._asked(_plan(plan.id), act, typed, str(refusal))
        except SQLAlchemyError as error:
            return self._asked(_plan(plan.id), act, typed, broken(error))
        at = i18n.moment(plan.happened_at)
        said = _("Moved: %(at)s.", at=at) if act == "move" else _("Cancelled.")
        return _settled(self, plan.client_id, said, _line_of(plan))

    def _asked(self, plan: Interaction, act: str, typed: str = "", error: str = "") -> ResponseReturnValue:
        page = "parts/record/plan_form.html" if _is_part() else "pages/record/plan.html"
        at = f"{i18n.local(plan.happened_at):%Y-%m-%dT%H:%M}"
        shown = typed or (at if act == "move" else "")
        drawn = self.render(page, plan=plan, client=plan.client, act=act, typed=shown, error=error)
        return drawn, 422 if error else 200


class ClientRecordPage(Page):
    """The quick record of one client: as a part of a page, or as a page of its own."""

    see = Permission.interactions_record

    def is_visible(self) -> bool:
        return False

    @expose("/", methods=("GET", "POST"))
    @expose("", methods=("GET", "POST"))
    def index(self, client_id: int) -> ResponseReturnValue:
        client = _client(client_id)
        if request.method == "POST":
            if request.form.getlist("plans") or request.form.getlist("answers"):  # nobody else does meanwhile
                hold(client)
                client = _client(client_id)
            return _sent(self, client)
        form = RecordForm(client, me())
        form.answer_ids = set(request.args.getlist("answers"))
        return _drawn(self, form)


def _change(plan: Interaction, act: str, typed: str) -> None:
    if act == "cancel":
        record.call_off(plan, reason=typed, by=me())
        return
    try:
        record.move(plan, read_moment(typed) if typed else None, by=me())
    except ValueError as error:
        raise DomainError(str(error), field="at") from error


def _sent(page: Page, client: Client, plan: Interaction | None = None) -> ResponseReturnValue:
    """Keep what was typed, once however often it is sent; else show it again, with what is wrong."""
    form = RecordForm(client, me(), plan)
    form.read(request.form)
    if not is_ours():
        form.errors[""] = str(TOO_LONG)
        return _drawn(page, form)
    try:
        with transaction(by=me()):
            made = made_once(lambda: _line_of(_kept(form)), *uploads.marks())
    except DomainError:
        return _again(page, form, plan)
    except SQLAlchemyError as error:
        form.errors[""] = broken(error)
        return _again(page, form, plan)
    return _recorded(page, client.id, made)


def _kept(form: RecordForm) -> Interaction:
    """DomainError where anything is wrong, and all of it in the form: unreadable or refused."""
    draft = form.draft()
    try:
        uploads.check()
    except DomainError as refusal:
        form.tell(refusal)
    try:
        row = record.record(draft, by=me())
    except DomainError as refusal:
        form.tell(refusal)
        raise
    if form.errors:
        raise DomainError(_("This could not be read."))
    uploads.keep(draft.client, row)
    record_cost.saved(RecordDoor.plan if form.held else RecordDoor.quick, cost.spent(), by=me())
    return row


def _again(page: Page, wrong: RecordForm, plan: Interaction | None) -> ResponseReturnValue:
    """After a refusal nothing is as it was: rows are asked for anew, and what was typed stands again."""
    client = _client(wrong.client_id)
    anew = RecordForm(client, me(), _plan(plan.id) if plan else None, wrong.errors)
    anew.read(request.form)
    return _drawn(page, anew)


def _recorded(page: Page, client_id: int, where: str) -> ResponseReturnValue:
    """On the card the form is ready for the next one, and the card tells it; elsewhere one is led there."""
    here = urlsplit(request.headers.get("HX-Current-URL", "")).path
    if "/plan/" in request.path:
        return _settled(page, client_id, _("Recorded."), where)
    if _is_part() and here == url_for("clients.card", client_id=client_id):
        anew = RecordForm(_client(client_id), me(), said=_("Recorded."))
        return page.render("parts/record/form.html", form=anew), 200, _told(client_id, where)
    return _led(_("Recorded."), where)


def _settled(page: Page, client_id: int, said: str, where: str) -> ResponseReturnValue:
    """The line of a plan says what became of it, wherever it stands."""
    here = urlsplit(request.headers.get("HX-Current-URL", "")).path
    if not _is_part() or here.startswith(url_for("record.index")):
        return _led(said, where)
    return page.render("parts/record/plan_done.html", said=said, where=where), 200, _told(client_id, where)


def _led(said: str, where: str) -> ResponseReturnValue:
    flash(said, "success")
    return ("", 200, {"HX-Redirect": where}) if _is_part() else redirect(where)


def _told(client_id: int, where: str) -> dict[str, str]:
    """What else of the page tells of this client asks anew."""
    about = {"client": client_id, "interaction": int(where.rpartition("-")[2])}
    return {"HX-Trigger": json.dumps({"crm:recorded": about})}


def _drawn(page: Page, form: RecordForm) -> ResponseReturnValue:
    template = "parts/record/form.html" if _is_part() else "pages/record/page.html"
    return page.render(template, form=form, client=form.client), 422 if form.errors else 200


def _no_plan(page: Page, plan: Interaction) -> ResponseReturnValue:
    """Somebody has been quicker: the line says so, a page leads to it."""
    said = _("This is no plan any more: somebody has recorded or cancelled it meanwhile.")
    return _settled(page, plan.client_id, said, _line_of(plan)) if _is_part() else redirect(_line_of(plan))


def _is_part() -> bool:
    return request.headers.get("HX-Request") == "true"


def _line_of(row: Interaction) -> str:
    return url_for("clients.card", client_id=row.client_id) + f"#interaction-{row.id}"


def _client(client_id: int) -> Client:
    return visible_client(client_id, joinedload(Client.group), joinedload(Client.curator))


def _plan(plan_id: int) -> Interaction:
    asked = select(Interaction).where(interaction_visible_to(me()), Interaction.id == plan_id)
    more = (joinedload(Interaction.client).joinedload(Client.group), joinedload(Interaction.kind))
    plan = db.scalar(asked.options(*more, selectinload(Interaction.contact_persons)))
    if plan is None:
        raise NotFound(_("There is no such record."))
    return plan
