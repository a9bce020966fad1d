"""Handing over: one client, those a list finds, everything of a person; offers, and briefs to print."""

from typing import Any
from urllib.parse import parse_qsl

from flask import abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import ColumnElement, select
from werkzeug.datastructures import MultiDict

from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError, NotFound
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission
from crmadmin.queries import bulk as bulk_asked
from crmadmin.queries import handover as asked
from crmadmin.services import bulk, bulk_undo, handover
from models import BulkAct, Client, User
from models.kinds import BulkKind, BulkVerdict
from views.admin.clients import ClientView
from views.base import Page, can, me
from views.forms import only_ours, stale
from views.handover_form import HandoverForm
from views.pages.briefs import briefs_of
from views.pages.bulk import GOES_ON, MOST_TICKED, id_or_none, to, verdict
from views.pages.offers import OfferDoors

SHOWN = 50
BRIEFS = 50  # on one page to print


class HandoverPage(OfferDoors, Page):
    see = Permission.handover_offer
    model = BulkAct

    def __init__(self, clients: ClientView, **menu: Any) -> None:
        self.clients = clients
        super().__init__(**menu)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """What waits for a decision, what was handed over lately, and where one begins."""
        return self.render(
            "pages/handover/index.html",
            offers=db.scalars(asked.open_offers(me(), SHOWN)).all(),
            decided=db.scalars(asked.decided_offers(me(), SHOWN)).all(),
            acts=db.scalars(asked.acts_lately(me(), SHOWN)).all(),
            people=db.scalars(select(User).where(User.active).order_by(User.name, User.id)).all(),
            may_decide=can(Permission.curators_change),
        )

    @expose("/new", methods=("GET", "POST"))
    def new(self) -> Any:
        """Choose to whom, see what becomes of the clients, do it. Nothing is changed by looking."""
        told = stale() if request.method == "POST" else ""
        person, found = self._found() if can(Permission.curators_change) else (None, None)
        if found is None:
            if told:
                abort(400)
            return self._elsewhere()
        form = HandoverForm(me(), handover.groups_of(found), but=person)
        starts = request.form.get("step") == "start"
        if request.method == "POST":
            form.read(request.form)
            if told:
                form.errors[""] = told
            elif starts and not form.errors:
                try:
                    return self._begin(form, found)
                except DomainError as refusal:
                    form.refused(refusal)
        page = self._form_page(form, found, person)
        return (page, 422) if form.errors and (starts or told) else page

    def _elsewhere(self) -> ResponseReturnValue:
        """A manager offers; and who does not say which clients begins anew."""
        if can(Permission.curators_change):
            return redirect(url_for("handover.index"))
        return redirect(url_for("handover.offer", client=id_or_none(request.args.get("client", ""))))

    def _begin(self, form: HandoverForm, found: list[ColumnElement[bool]]) -> ResponseReturnValue:
        with transaction(by=me()):
            acts = handover.begin(
                form.key,
                found,
                form.heirs,
                reason=form.reason,
                address=self._back(),
                shown=request.form.get("due"),
                by=me(),
            )
        return to(acts, "handover.act")

    def _form_page(self, form: HandoverForm, found: list[ColumnElement[bool]], person: User | None) -> str:
        preview = None
        if form.is_chosen:
            try:
                preview = handover.preview(found, form.heirs, by=me())
            except DomainError as refusal:
                form.refused(refusal)
        one = _only(found) if sum(each.number for each in form.groups) == 1 else None
        return self.render(
            "pages/handover/new.html",
            form=form,
            preview=preview,
            person=person,
            client=one,
            back=self._back(),
            here=request.full_path,
        )

    # Which clients

    def _found(self) -> tuple[User | None, list[ColumnElement[bool]] | None]:
        """Everything of a person, one client, the ticked ones, or all that the list's address finds."""
        visible = self.clients.visible_to(me())
        if number := id_or_none(request.args.get("person", "")):
            person = db.get(User, number)
            if person is None:
                raise NotFound(_("There is no such person."))
            return person, [visible, Client.curator_id == number]
        if request.args.get("all") == "1":
            return None, self.clients.asked_by(self._said())[0]
        texts = request.args.get("client") or request.args.get("ids", "")
        ids = [number for text in texts.split(",") if (number := id_or_none(text))]
        return None, [visible, Client.id.in_(ids[:MOST_TICKED])] if ids else None

    def _said(self) -> Any:
        return self.clients.read_address(MultiDict(parse_qsl(request.args.get("list", ""))))

    def _back(self) -> str:
        if number := id_or_none(request.args.get("client", "")):
            return url_for("clients.card", client_id=number)
        if request.args.get("person"):
            return url_for("handover.index")
        return self.clients._get_list_url(self._said())[:2000]

    # What becomes of it

    @expose("/<int:act_id>")
    def act(self, act_id: int) -> ResponseReturnValue:
        seen = self._seen(act_id)
        if seen.kind is not BulkKind.curator:
            return redirect(url_for("bulk.act", act_id=act_id))
        acts = handover.of_same_form(seen)
        counts: dict[str, int] = {}
        for each in acts:
            for word, number in each.counts.items():
                counts[word] = counts.get(word, 0) + number
        return self.render(
            "pages/handover/act.html",
            acts=acts,
            counts=counts,
            refused=[row for each in acts for row in db.execute(_refused(each)).all()],
            verdict=verdict,
            may_undo={each.id: _may_undo(each) for each in acts},
            **_progress(acts, go=session.pop(GOES_ON, None) in {each.id for each in acts}),
        )

    @expose("/<int:act_id>/next", methods=("POST",))
    def next(self, act_id: int) -> Any:
        """The next slice of whichever of these acts is not finished."""
        only_ours()
        acts, error = handover.of_same_form(self._seen(act_id)), ""
        running = next((each for each in acts if bulk.is_running(each)), None)
        try:
            if running is not None:
                with transaction(by=me()):
                    bulk.go_on(running.id, by=me())
        except DomainError as refusal:
            error = str(refusal)
        acts = handover.of_same_form(self._seen(act_id))
        done = url_for("handover.act", act_id=act_id)
        if "HX-Request" not in request.headers:
            if error:
                flash(error, "error")
            return redirect(done)
        if not error and not _running(acts):
            return "", 200, {"HX-Redirect": done}
        go = request.form.get("go") == "1" and not error
        return self.render("parts/handover/progress.html", **_progress(acts, go=go, error=error))

    @expose("/<int:act_id>/brief")
    def brief(self, act_id: int) -> ResponseReturnValue:
        """All clients of a handing over on one page to print; so many at a time."""
        seen = self._seen(act_id)
        if seen.kind is not BulkKind.curator:
            return redirect(url_for("bulk.act", act_id=act_id))
        acts = [each for each in handover.of_same_form(seen) if _is_about(each, me())]
        after = id_or_none(request.args.get("after", "")) or 0
        rows = db.scalars(asked.handed_in([each.id for each in acts], after, BRIEFS + 1)).all()
        shown = rows[:BRIEFS]
        return self.render(
            "pages/handover/brief.html",
            briefs=briefs_of(shown),
            acts=acts,
            back=url_for("handover.act", act_id=act_id),
            further=shown[-1].id if len(rows) > BRIEFS else None,
        )

    def _seen(self, act_id: int) -> BulkAct:
        """One's own, or what one was given; the head and the admin see everybody's."""
        row = db.get(BulkAct, act_id)
        if row is None or not (row.by_id == me().id or _is_about(row, me())):
            raise NotFound(_("There is no such act."))
        return row


def _is_about(act: BulkAct, viewer: User) -> bool:
    own = act.by_id == viewer.id or act.target_id == viewer.id
    return can(Permission.every_row) or (act.kind is BulkKind.curator and own)


def _running(acts: Any) -> bool:
    return any(bulk.is_running(each) for each in acts)


def _progress(acts: Any, *, go: bool, error: str = "") -> dict[str, Any]:
    running = [each for each in acts if bulk.is_running(each)]
    may_go_on = bool(running) and all(bulk.may_go_on(each, me()) for each in running)
    return {
        "act": acts[0],
        "running": bool(running),
        "total": sum(each.total for each in acts),
        "left": sum(each.left for each in running),
        "undoing": any(each.undo_at for each in running),
        "may_go_on": may_go_on,
        "go": go and may_go_on,
        "error": error,
    }


def _may_undo(act: BulkAct) -> bool:
    if (act.undo_at and not act.undone_at) or not can(Permission.curators_change):
        return False
    return bulk_undo.may(act, me()) and any(act.counts.get(word) for word in bulk_asked.NOT_UNDONE)


def _refused(act: BulkAct) -> Any:
    words = (BulkVerdict.touched, BulkVerdict.stays) if act.undo_at else bulk_asked.REFUSED
    return bulk_asked.rows_of(act, words, SHOWN)


def _only(found: list[ColumnElement[bool]]) -> Client | None:
    return db.scalar(select(Client).where(*found).limit(1))
