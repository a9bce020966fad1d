"""Which pages of numbers go out as letters, how often and to whom; what became of the last ones."""

from collections.abc import Callable
from typing import Any

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import select

from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError, NotFound
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission
from crmadmin.jobs import post
from crmadmin.queries import choices
from crmadmin.reports import kpi_words
from crmadmin.services import report_letters, report_pages, report_post, report_standings
from crmadmin.services.report_letters import Wanted
from crmadmin.services.report_pages import PAGES
from models import ReportLetter, User
from models.kinds import Every
from views.base import Page, me
from views.forms import made_once, must_be_ours, only_ours

_FIELDS = ("page", "person", "every", "mark")


class KpiLettersPage(Page):
    see = Permission.report_letters_set
    model = ReportLetter

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self.render(
            "pages/kpi/letters.html",
            standings=report_standings.everyone(),
            pages=PAGES,
            said=kpi_words.period,
            has_mail=bool(current_app.config["CRM"].mail_url),
        )

    @expose("/new", methods=("GET", "POST"))
    def new(self) -> ResponseReturnValue:
        """``page`` and ``person`` of the address are chosen already: the page of numbers one comes from."""
        if request.method == "POST":
            return self._sent(None, _set_up)
        named = {name: request.args.get(name, "") for name in ("page", "person")}
        usual = {"page": "team", "every": Every.week.value, "readers": [str(me().id)]}
        return self._form(None, usual | {name: said for name, said in named.items() if said})

    @expose("/<int:id>", methods=("GET", "POST"))
    def edit(self, id: int) -> ResponseReturnValue:
        if request.method == "POST":
            return self._sent(_row(id), lambda wanted: _changed(_row(id), wanted))
        row = _row(id)
        return self._form(row, _shown(row))

    @expose("/<int:id>/switch", methods=("POST",))
    def switch(self, id: int) -> ResponseReturnValue:
        """``act`` is ``stop`` or ``go_on``."""
        only_ours()
        goes_on = request.form.get("act") == "go_on"
        with transaction(by=me()):
            report_letters.switch(_row(id), goes_on, by=me())
        flash(_("They go on.") if goes_on else _("They are stopped."), "success")
        return redirect(url_for("kpi_letters.index"))

    @expose("/<int:id>/trial", methods=("POST",))
    def trial(self, id: int) -> ResponseReturnValue:
        """One at once, to whoever asks; the outcome is told in words."""
        only_ours()
        said = _trial(id)
        flash(said or _("A letter is on its way to %(to)s.", to=me().email), "error" if said else "success")
        return redirect(url_for("kpi_letters.index"))

    def _sent(self, row: ReportLetter | None, act: Callable[[Wanted], None]) -> ResponseReturnValue:
        typed: dict[str, Any] = {name: request.form.get(name, "") for name in _FIELDS}
        typed["readers"] = request.form.getlist("readers")
        try:
            must_be_ours()
            with transaction(by=me()):
                act(_read(typed))
        except DomainError as refusal:
            if refusal.status != 422:
                raise
            errors = {part.field or "": str(part) for part in refusal.parts}
            if row is not None:
                row = _row(row.id)
                typed["mark"] = report_letters.mark(row)
            return self._form(row, typed, errors), 422
        flash(_("Saved."), "success")
        return redirect(url_for("kpi_letters.index"))

    def _form(
        self, row: ReportLetter | None, typed: dict[str, Any], errors: dict[str, str] | None = None
    ) -> str:
        people = db.scalars(choices.colleagues(me())).all()
        return self.render(
            "pages/kpi/letter.html",
            row=row,
            typed=typed,
            errors=errors or {},
            people=people,
            readers=[(each, report_pages.sees_all(each)) for each in _offered(row, people)],
            page_choices=[(key, each.title) for key, each in PAGES.items()],
        )


def _offered(row: ReportLetter | None, people: Any) -> list[User]:
    """Readers who have left meanwhile are there too, to be dropped."""
    gone = [each for each in row.readers if not each.active] if row else []
    return [*gone, *people]


def _row(id: int) -> ReportLetter:
    row = db.get(ReportLetter, id)
    if row is None:
        raise NotFound(_("There are no such letters any more."))
    return row


def _shown(row: ReportLetter) -> dict[str, Any]:
    return {
        "page": row.page,
        "person": str(row.person_id or ""),
        "every": row.every.value,
        "readers": [str(each.id) for each in row.readers],
        "mark": report_letters.mark(row),
    }


def _read(typed: dict[str, Any]) -> Wanted:
    """As values; a person counts where the page is one person's only."""
    page = typed["page"]
    person = _people([typed["person"]]) if page in PAGES and PAGES[page].of_person else []
    if typed["every"] not in {each.value for each in Every}:
        raise DomainError(_("Choose how often."), field="every")
    return Wanted(page, Every(typed["every"]), _people(typed["readers"]), person[0] if person else None)


def _people(said: list[str]) -> list[User]:
    ids = {number for each in said if (number := _number(each))}
    return list(db.scalars(select(User).where(User.id.in_(ids)).order_by(User.name, User.id)))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _set_up(wanted: Wanted) -> None:
    """Sent twice, it is set once."""

    def make() -> str:
        row = report_letters.set_up(wanted, by=me())
        return url_for("kpi_letters.edit", id=row.id)

    made_once(make)


def _changed(row: ReportLetter, wanted: Wanted) -> None:
    report_letters.change(row, wanted, seen=request.form.get("mark", ""), by=me())


def _trial(id: int) -> str:
    """Blank when the server has taken it, else why not."""
    settings = current_app.config["CRM"]
    row = _row(id)
    if not settings.mail_url:
        return _("This installation sends no letters: the administrator has not said by which server.")
    if not me().email:
        return _("You have no e-mail address here: the administrator enters it.")
    with transaction(by=me()):
        letter = report_post.trial(row, settings, by=me())
    if letter is None:
        return _("One was sent within this minute already.")
    reason = post.send_now(letter, settings)
    return _("The letter was not taken: %(reason)s", reason=reason) if reason else ""
