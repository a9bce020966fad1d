"""Absences: who is away, who acts meanwhile; and what happened, for whoever is back."""

from datetime import date
from typing import Any, cast

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core import clock
from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError, NotFound
from crmadmin.core.i18n import _, lazy, plural
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import absences as asked
from crmadmin.queries import returns as meanwhile
from crmadmin.services import absence_notices, absences, returns
from models import Absence
from views.absence_form import AbsenceForm
from views.base import Page, me
from views.forms import once_only, only_ours, stale
from views.pages.bulk import id_or_none

SHOWN = 100
LINES = 100  # of what happened meanwhile, on one page


class SubstitutionPage(Page):
    see = Permission.absences_set
    model = Absence

    def __init__(self, **menu: Any) -> None:
        super().__init__(name=cast(str, lazy("Absences")), **menu)  # translated when it is shown

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Who is away and will be, with those who act; and who was."""
        tell_who_is_back()
        now = clock.now()
        current = db.scalars(asked.listed(now, past=False, most=SHOWN)).unique().all()
        return self.render(
            "pages/substitutions/index.html",
            away=[each for each in current if each.starts_at <= now],
            coming=[each for each in current if each.starts_at > now],
            past=db.scalars(asked.listed(now, past=True, most=SHOWN)).unique().all(),
            may_set=lambda each: absences.may_set(each.person, me()),
            viewer=me(),
        )

    @expose("/new", methods=("GET", "POST"))
    def new(self) -> Any:
        return self._form_page(AbsenceForm(me()), None)

    @expose("/<int:absence_id>", methods=("GET", "POST"))
    def edit(self, absence_id: int) -> Any:
        absence = absences.known(absence_id)
        form = AbsenceForm(me(), absence)
        if not absences.may_set(absence.person, me()) or absences.is_over(absence):
            return redirect(url_for("substitutions.index"))
        return self._form_page(form, absence)

    def _form_page(self, form: AbsenceForm, absence: Absence | None) -> Any:
        if request.method == "POST":
            form.read(request.form)
            if told := stale():
                form.errors[""] = told
            if not form.errors and self._kept(form, absence):
                return redirect(url_for("substitutions.index"))
        page = self.render(
            "pages/substitutions/form.html",
            form=form,
            absence=absence,
            goes_on=absence is not None and absence.starts_at <= clock.now(),
        )
        return (page, 422) if form.errors else page

    def _kept(self, form: AbsenceForm, absence: Absence | None) -> bool:
        first, last = form.first or date.min, form.back or date.min
        chosen: dict[str, Any] = {"reason": form.values["reason"], "by": me()}
        try:
            with transaction(by=me()):
                if absence is None:
                    once_only(lambda: absences.add(form.person or me(), first, last, form.who, **chosen))
                else:
                    chosen["seen"] = request.form.get("seen")
                    once_only(lambda: absences.change(absence, first, last, form.who, **chosen))
        except DomainError as refusal:
            if refusal.status == 403:
                raise
            form.refused(refusal)
            return False
        flash(_("The absence is kept; whoever substitutes is told."), "success")
        return True

    @expose("/<int:absence_id>/end", methods=("POST",))
    def end(self, absence_id: int) -> ResponseReturnValue:
        only_ours()
        return self._done(
            absence_id, absences.end, _("The absence is ended: nobody substitutes from now on.")
        )

    @expose("/<int:absence_id>/call-off", methods=("POST",))
    def call_off(self, absence_id: int) -> ResponseReturnValue:
        only_ours()
        return self._done(absence_id, absences.call_off, _("The absence is called off."))

    def _done(self, absence_id: int, act: Any, said: str) -> ResponseReturnValue:
        try:
            with transaction(by=me()):
                once_only(lambda: act(absences.known(absence_id), by=me()))
                absence_notices.tell_returns()
        except DomainError as refusal:
            if refusal.status != 422:
                raise
            flash(str(refusal), "error")
        else:
            flash(said, "success")
        return redirect(url_for("substitutions.index"))

    @expose("/<int:absence_id>/return", methods=("GET", "POST"))
    def back(self, absence_id: int) -> ResponseReturnValue:
        """What others wrote down with his clients while he was away: read line by line, or all at once."""
        absence = absences.known(absence_id)
        if absence.person_id != me().id and not allows(me().role, Permission.every_row):
            raise NotFound(_("There is no such absence."))
        if request.method == "POST":
            only_ours()
            return _confirmed(absence)
        start, end = returns.span(absence)
        total, seen = db.execute(meanwhile.counted(absence, start, end)).one()
        rows = db.scalars(meanwhile.lines(absence, start, end, seen=False, most=LINES)).all()
        read = db.scalars(meanwhile.lines(absence, start, end, seen=True, most=LINES)).all()
        return self.render(
            "pages/substitutions/back.html",
            absence=absence,
            start=start,
            end=end,
            total=total,
            seen=seen,
            rows=rows,
            read=read,
            mine=absence.person_id == me().id,
        )


def _confirmed(absence: Absence) -> ResponseReturnValue:
    """What was shown, nothing else: the next page, and what is written down meanwhile, is still to read."""
    texts = (
        request.form.get("shown", "").split(".") if "all" in request.form else request.form.getlist("line")
    )
    ids = [number for text in texts[:LINES] if (number := id_or_none(text))]
    with transaction(by=me()):
        number = returns.confirm(absence, ids, by=me())
        total, seen = db.execute(meanwhile.counted(absence, *returns.span(absence))).one()
    told = plural("%(num)d line confirmed.", "%(num)d lines confirmed.", number)
    if left := total - seen:
        told += " " + plural("%(num)d is still to read.", "%(num)d are still to read.", left)
    flash(told, "success")
    return redirect(url_for("substitutions.back", absence_id=absence.id))


def tell_who_is_back() -> None:
    """Until jobs exist, by the pages: whoever is back is told once what happened without him.

    Looked for by reading; only where somebody is to be told is there something to write.
    """
    if db.scalar(absence_notices.returns().with_only_columns(Absence.id).limit(1)) is None:
        return
    db.remove()  # a transaction that has only read cannot begin to write on SQLite
    with transaction():
        absence_notices.tell_returns()
