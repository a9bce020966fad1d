"""Norms: whose numbers are to lie between which bounds; set by whoever leads, seen by those they are for."""

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, today
from crmadmin.core.permissions import Permission
from crmadmin.queries import norms as asked
from crmadmin.reports.indicators import INDICATORS
from crmadmin.services import norms
from models import Norm
from views import alarm_words
from views.base import Page, me
from views.fields import typed
from views.forms import made_once, must_be_ours, once_only
from views.norm_form import NormForm

_PLACES = {key: place for place, key in enumerate(INDICATORS)}


class NormsPage(Page):
    see = Permission.norms_see
    model = Norm

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """By indicator: those in force and to come; or those that are over."""
        past = request.args.get("state") == "past"
        rows = sorted(db.scalars(asked.listed(me(), today(), past=past)), key=_place)
        return self.render(
            "pages/norms/index.html",
            groups=[
                (INDICATORS[key], list(some)) for key, some in groupby(rows, key=lambda row: row.indicator)
            ],
            past=past,
            today=today(),
            last=lambda norm: norm.valid_until and norm.valid_until - timedelta(days=1),
            bounds=lambda norm: alarm_words.bounds(norm.indicator, norm.low, norm.high),
        )


class NormEditPage(Page):
    see = Permission.norms_change
    model = Norm

    def is_visible(self) -> bool:
        return False

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        """A new one; after another, where the address names it."""
        form = NormForm(me())
        form.offer(request.args)
        if request.method == "POST" and self._added(form):
            return redirect(url_for("norms.index"))
        return self._page(form, None)

    @expose("/<int:id>", methods=("GET", "POST"))
    def edit(self, id: int) -> ResponseReturnValue:
        """Changed or called off while it is young, else ended."""
        norm = _known(id)
        form = NormForm(me(), norm)
        if request.method == "POST":
            if self._edited(norm, form):
                return redirect(url_for("norms.index"))
            norm = _known(id)
        return self._page(form, norm)

    def _page(self, form: NormForm, norm: Norm | None) -> ResponseReturnValue:
        page = self.render(
            "pages/norms/edit.html",
            form=form,
            norm=norm,
            is_young=norm is None or norms.may_change(norm),
            is_over=norm is not None and norms.is_over(norm),
            bounds=alarm_words.bounds(norm.indicator, norm.low, norm.high) if norm else "",
            title=INDICATORS[norm.indicator].title if norm else "",
        )
        return page, 422 if form.errors else 200

    def _added(self, form: NormForm) -> bool:
        def made() -> str:
            norms.add(wanted, ends_earlier=bool(form.values["ends_earlier"]), by=me())
            return url_for("norms.index")

        form.read(request.form)
        wanted: Any = form.wanted()
        if wanted is None:
            return False
        try:
            must_be_ours()
            with transaction(by=me()):
                made_once(made)
        except DomainError as refusal:
            return _refused(form, refusal)
        flash(_("The norm is set."), "success")
        return True

    def _edited(self, norm: Norm, form: NormForm) -> bool:
        act = request.form.get("act", "")
        try:
            must_be_ours()
            if act == "change":
                form.read(request.form)
                if (wanted := form.wanted()) is None:
                    return False
                _kept(lambda: norms.change(norm, wanted, by=me()))
            elif act == "call_off":
                _kept(lambda: norms.call_off(norm, by=me()))
            else:
                form.values["last"] = typed("last")
                last = _day(form.values["last"])
                _kept(lambda: norms.end(norm, last, by=me()))
        except DomainError as refusal:
            return _refused(form, refusal)
        said = _("The norm is called off.") if act == "call_off" else _("The norm is changed.")
        flash(said, "success")
        return True


def _kept(act: Any) -> None:
    with transaction(by=me()):
        once_only(act)


def _refused(form: NormForm, refusal: DomainError) -> bool:
    if refusal.status != 422:
        raise refusal
    form.refused(refusal)
    return False


def _place(norm: Norm) -> int:
    return _PLACES.get(norm.indicator, len(_PLACES))


def _known(id: int) -> Norm:
    return norms.known(id, me())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise DomainError(_("This is no date."), field="last") from None
