"""Promises: what we owe clients and they us, who keeps them how well, and what becomes of each."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import ColumnElement, true

from crmadmin.core import clock, i18n
from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, lazy
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import choices
from crmadmin.queries import promises as asked
from crmadmin.queries.clients import group_of
from crmadmin.reports import promises_kept
from crmadmin.rules.date_phrases import due
from crmadmin.rules.days import span
from crmadmin.services import promises
from crmadmin.services.meanwhile import hold
from models import ClientGroup, Promise, User
from models.kinds import PromiseSide, PromiseState
from views.admin import filters as by
from views.admin.days import by_days
from views.base import Page, me
from views.fields import typed
from views.forms import must_be_ours
from views.guards import is_local
from views.of_client import of_visible_client
from views.pages.promise_form import PromiseForms
from views.pages.promises_understood import Understood
from views.registers import Asked, Register

DUE = ("today", "tomorrow", "this_week", "next_week", "this_month", "last_week", "last_month")
PERIODS = ("this_month", "last_month", "last_90", "last_365")
_KEPT = (PromiseState.kept, PromiseState.kept_late)

STATES: dict[str, tuple[Any, Callable[[datetime], ColumnElement[bool]]]] = {
    "open": (lazy("Open ones"), lambda _at: asked.is_open),
    "overdue": (lazy("Overdue ones"), asked.is_overdue),
    "kept": (lazy("Kept"), lambda _at: Promise.state.in_(_KEPT)),
    "broken": (lazy("Broken"), lambda _at: Promise.state == PromiseState.broken),
    "moved": (lazy("Moved"), lambda _at: Promise.state == PromiseState.moved),
    "all": (lazy("All of them"), lambda _at: true()),
}
REGISTER = Register(
    "promises.index",
    {word: label for word, (label, _where) in STATES.items()},
    (
        by.one_of("hands", lazy("In whose hands"),
                  {"mine": (lazy("in mine"), lambda: asked.in_hands(me(), clock.now()))}, is_main=True),
        by.by_word("side", lazy("Who owes"), Promise.side, PromiseSide, is_main=True),
        by.by_row("person", lazy("Who answers for it"), Promise.person_id, choices.everybody, is_main=True),
        by.by_row("group", lazy("Group of the client"), group_of(Promise.client_id),
                  choices.in_use(ClientGroup), is_main=True, empty=None),
        by_days("due", lazy("Due"), Promise.due_at, DUE, is_main=True),
        by.since("from", lazy("From"), Promise.due_at),
        by.until("to", lazy("To"), Promise.due_at),
    ),
)  # fmt: skip


class PromisesPage(PromiseForms, Understood, Page):
    see = Permission.promises_see
    model = Promise

    @expose("/")
    def index(self) -> ResponseReturnValue:
        said = Asked(REGISTER)
        where = [*said.where, STATES[said.tab][1](clock.now())]
        found = asked.listed(me(), where, newest=said.tab not in {"open", "overdue"})
        rows, more = said.rows(found, lambda ids: asked.told(me(), ids))
        return self.render("pages/promises/index.html", rows=rows, **said.drawn(more))

    @expose("/kept")
    def kept(self) -> ResponseReturnValue:
        """How well each of us keeps what he promises clients; a manager sees himself."""
        word = request.args.get("period", "")
        word = word if word in PERIODS else PERIODS[0]
        first, end = span(word, i18n.today())
        if first is None or end is None:
            raise AssertionError("these periods have both bounds")
        measured = promises_kept.by_person(i18n.start_of(first), i18n.start_of(end), clock.now())
        if not allows(me().role, Permission.every_row):
            measured = measured.where(User.id == me().id)
        return self.render(
            "pages/promises/kept.html",
            rows=db.execute(measured).all(),
            period=word,
            periods=PERIODS,
            first=first,
            end=end,
        )

    @expose("/<int:id>")
    def one(self, id: int) -> ResponseReturnValue:
        """Everything of one, and the forms that settle it."""
        return self._one(of_visible_client(Promise, id))

    @expose("/<int:id>/keep", methods=("POST",))
    def keep(self, id: int) -> ResponseReturnValue:
        return self._settle(id, "keep")

    @expose("/<int:id>/move", methods=("POST",))
    def move(self, id: int) -> ResponseReturnValue:
        return self._settle(id, "move")

    @expose("/<int:id>/break_off", methods=("POST",))
    def break_off(self, id: int) -> ResponseReturnValue:
        return self._settle(id, "break_off")

    @expose("/<int:id>/reopen", methods=("POST",))
    def reopen(self, id: int) -> ResponseReturnValue:
        """What was said of it is taken back."""
        return self._settle(id, "reopen")

    def _settle(self, id: int, act: str) -> ResponseReturnValue:
        promise = of_visible_client(Promise, id)
        try:
            must_be_ours("outcome" if act == "keep" else "reason")
            with transaction(by=me()):
                hold(promise)
                said = _settled(promise, act)
        except DomainError as refusal:
            if refusal.status != 422:
                raise
            errors = {part.field or "": str(part) for part in refusal.parts}
            return self._one(of_visible_client(Promise, id), act, errors), 422
        flash(said, "success")
        return redirect(_next(promise))

    def _one(self, promise: Promise, act: str = "", errors: dict[str, str] | None = None) -> str:
        return self.render(
            "pages/promises/one.html",
            promise=promise,
            client=promise.client,
            may_settle=promise.state is PromiseState.open and promises.may_settle(promise, me()),
            may_reopen=promises.may_reopen(promise, me()),
            moved_to=db.scalar(asked.moved_to(promise)) if promise.state is PromiseState.moved else None,
            act=act,
            errors=errors or {},
            typed=request.form,
            next=_next(promise),
        )


def _settled(promise: Promise, act: str) -> str:
    match act:
        case "keep":
            promises.keep(promise, outcome=typed("outcome"), by=me())
            return _("Kept.") if promise.state is PromiseState.kept else _("Kept, but late.")
        case "move":
            said = due(typed("due"), clock.now(), i18n.zone())
            at, whole = (said.at, said.whole_day) if said else (None, True)
            promises.move(promise, at, whole_day=whole, reason=typed("reason"), by=me())
            return _("Moved with consent.")
        case "reopen":
            again = promises.reopen(promise, reason=typed("reason"), by=me())
            return _("It is open again.") if again is promise else _("It has its earlier time again.")
        case _:
            promises.break_off(promise, reason=typed("reason"), by=me())
            return _("Written down as broken.")


def _next(promise: Promise) -> str:
    where = request.values.get("next", "")
    return where if is_local(where) else url_for("clients.card", client_id=promise.client_id)
