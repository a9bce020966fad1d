"""An act on many clients: chosen, previewed, done slice by slice, told what became of it, undone."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import ColumnElement
from werkzeug.datastructures import MultiDict

from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError, NotFound
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission
from crmadmin.queries import bulk as asked
from crmadmin.services import bulk, bulk_undo
from crmadmin.services.bulk_parameters import CHOSEN
from models import BulkAct, Client
from models.kinds import BulkKind, BulkVerdict
from views.admin.clients import ClientView
from views.admin.filters import row_id
from views.base import Page, me
from views.bulk_form import BulkForm
from views.forms import only_ours
from views.labels import label

NAMED = 20  # clients of one verdict that a preview names
SHOWN = 100
MOST_TICKED = 1_000
GOES_ON = "bulk_goes_on"  # in the session: the act that has just been begun in it


class BulkPage(Page):
    see = Permission.clients_change
    model = BulkAct

    def __init__(self, clients: ClientView, **menu: Any) -> None:
        self.clients = clients
        super().__init__(**menu)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """What was done lately: an act that was interrupted is found here again."""
        acts = db.scalars(asked.acts_seen_by(me()).limit(SHOWN)).all()
        return self.render("pages/bulk/acts.html", acts=acts)

    @expose("/new", methods=("GET", "POST"))
    def new(self) -> Any:
        """Choose, see whom it is about, do it. What was typed decides; nothing is changed by looking."""
        form = BulkForm(self._kind(), me())
        found = self._found()
        if request.method == "POST":
            only_ours()
            form.read(request.form)
            if request.form.get("step") == "start" and not form.errors:
                try:
                    return self._begin(form.act(self._list_address(), request.full_path), found)
                except DomainError as refusal:
                    form.errors[refusal.field or ""] = str(refusal)
        page = self._form_page(form, found)
        return (page, 422) if form.errors and request.form.get("step") == "start" else page

    def _begin(self, act: BulkAct, found: list[ColumnElement[bool]]) -> ResponseReturnValue:
        """A small act is done at once, in one transaction; a large one slice by slice, by its own page."""
        with transaction(by=me()):
            act = bulk.begin(act, found, shown=request.form.get("due"), by=me())
            if act.left and act.left <= bulk.SLICE:
                act = bulk.go_on(act.id, by=me())
        return to([act])

    def _form_page(self, form: BulkForm, found: list[ColumnElement[bool]]) -> str:
        counts, named = None, dict[BulkVerdict, Any]()
        if form.is_chosen:
            act = form.act("")
            try:
                counts = bulk.preview(act, found, by=me())
            except DomainError as refusal:
                form.errors.setdefault(refusal.field or "", str(refusal))
            named = {
                word: bulk.first_of(act, found, word, NAMED, by=me())
                for word in counts or ()
                if word is not BulkVerdict.same
            }
        return self.render(
            "pages/bulk/new.html",
            form=form,
            kind=form.kind,
            counts=counts,
            named=named,
            due=(counts or {}).get(BulkVerdict.done, 0),
            total=sum(counts.values()) if counts is not None else bulk.how_many(found),
            back=self._list_address(),
            here=request.full_path,
        )

    # Which clients

    def _kind(self) -> BulkKind:
        try:
            kind = BulkKind(request.args.get("act", ""))
        except ValueError:
            raise NotFound(_("There is no such act.")) from None
        if kind not in CHOSEN:
            raise NotFound(_("There is no such act."))
        return kind

    def _found(self) -> list[ColumnElement[bool]]:
        """The ticked clients, or all that the list's address finds; only such as the viewer may see."""
        if request.args.get("all") == "1":
            said = self.clients.read_address(MultiDict(parse_qsl(request.args.get("list", ""))))
            where, _order = self.clients.asked_by(said)
            return where
        ids = [number for text in request.args.get("ids", "").split(",") if (number := id_or_none(text))]
        return [self.clients.visible_to(me()), Client.id.in_(ids[:MOST_TICKED])]

    def _list_address(self) -> str:
        said = self.clients.read_address(MultiDict(parse_qsl(request.args.get("list", ""))))
        return self.clients._get_list_url(said)[:2000]

    # What becomes of it

    @expose("/<int:act_id>")
    def act(self, act_id: int) -> ResponseReturnValue:
        act = self._seen(act_id)
        rows = db.execute(asked.rows_of(act, _told_by_name(act), SHOWN)).all()
        return self.render(
            "pages/bulk/act.html",
            act=act,
            rows=rows,
            running=bulk.is_running(act),
            may_go_on=bulk.may_go_on(act, me()),
            may_undo=self._may_undo(act),
            go=session.pop(GOES_ON, None) == act.id and bulk.may_go_on(act, me()),
            error="",
            pause=bulk.pause(),
            verdict=verdict,
        )

    @expose("/<int:act_id>/next", methods=("POST",))
    def next(self, act_id: int) -> Any:
        """The next slice; a script asks for one after the other, or whoever clicks."""
        only_ours()
        self._seen(act_id)
        error, act = "", None
        try:
            with transaction(by=me()):
                act = bulk.go_on(act_id, by=me())
        except DomainError as refusal:
            error = str(refusal)
        act = act or self._seen(act_id)
        if "HX-Request" not in request.headers:
            if error:
                flash(error, "error")
            return redirect(url_for("bulk.act", act_id=act_id))
        if not error and not bulk.is_running(act):
            return "", 200, {"HX-Redirect": url_for("bulk.act", act_id=act_id)}
        go = request.form.get("go") == "1" and not error
        shown = {"may_go_on": True, "go": go, "pause": bulk.pause()}
        return self.render("parts/bulk/progress.html", act=act, error=error, **shown)

    @expose("/<int:act_id>/undo", methods=("GET", "POST"))
    def undo(self, act_id: int) -> ResponseReturnValue:
        act = self._seen(act_id)
        if request.method == "POST":
            only_ours()
            return self._undone(act)
        if not self._may_undo(act):
            return redirect(url_for("bulk.act", act_id=act_id))
        counts = bulk_undo.preview(act, by=me())
        touched = bulk_undo.touched(act, by=me()) if BulkVerdict.touched in counts else []
        return self.render("pages/bulk/undo.html", act=act, counts=counts, touched=touched)

    def _undone(self, act: BulkAct) -> ResponseReturnValue:
        picked = [number for text in request.form.getlist("pick")[:SHOWN] if (number := id_or_none(text))]
        try:
            with transaction(by=me()):
                bulk_undo.begin(act, picked=picked, by=me())
                if act.left <= bulk.SLICE:
                    act = bulk.go_on(act.id, by=me())
        except DomainError as refusal:
            flash(str(refusal), "error")
            return redirect(url_for("bulk.act", act_id=act.id))
        return to([act])

    def _may_undo(self, act: BulkAct) -> bool:
        if act.undo_at and not act.undone_at:
            return False
        return bulk_undo.may(act, me()) and any(act.counts.get(word) for word in asked.NOT_UNDONE)

    def _seen(self, act_id: int) -> BulkAct:
        row = db.scalar(asked.acts_seen_by(me()).where(BulkAct.id == act_id))
        if row is None:
            raise NotFound(_("There is no such act."))
        return row


def to(acts: Sequence[BulkAct], page: str = "bulk.act") -> ResponseReturnValue:
    """To their page, which goes on by itself this once: a link to it, sent or kept, does not."""
    if any(bulk.is_running(act) for act in acts):
        session[GOES_ON] = acts[0].id
    return redirect(url_for(page, act_id=acts[0].id))


def id_or_none(text: str) -> int | None:
    try:
        return row_id(text)
    except ValueError:
        return None


def verdict(word: str) -> Any:
    return label(BulkVerdict(word))


def _told_by_name(act: BulkAct) -> tuple[BulkVerdict, ...]:
    """Those of whom one wants to know which they are."""
    return (BulkVerdict.touched, BulkVerdict.stays) if act.undo_at else asked.REFUSED
