"""The calendar of contacts by day, week and month; and contacts that come again with a client."""

from datetime import date, time
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import select

from crmadmin.core import i18n
from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, lazy
from crmadmin.core.permissions import Permission
from crmadmin.queries import choices
from crmadmin.queries import recurring as asked
from crmadmin.services import next_contact, recurring
from models import Client, InteractionKind, RecurringPlan, User
from views import calendar_grid, recurring_words
from views.admin.filters import row_id
from views.base import Page, me
from views.fields import typed
from views.forms import TOO_LONG, is_ours, once_only
from views.of_client import OfClient, of_visible_client

VIEWS = {"day": lazy("Day"), "week": lazy("Week"), "month": lazy("Month")}
ALL = "all"


class CalendarPage(Page):
    see = Permission.interactions_see

    @expose("/")
    def index(self) -> ResponseReturnValue:
        view = request.args.get("view", "month")
        shown = calendar_grid.span(view if view in VIEWS else "month", _day_of(request.args.get("on", "")))
        whose, person = _whose(request.args.get("whose", ""))
        page = "parts/calendar/grid.html" if request.headers.get("HX-Request") else "pages/calendar/page.html"
        return self.render(
            page,
            shown=shown,
            weeks=calendar_grid.weeks(shown, whose),
            views=VIEWS,
            whose=ALL if whose is None else whose,
            person=person,
            people=db.scalars(choices.colleagues(me())).all(),
            today=i18n.today(),
            said=recurring_words.said,
            title=_title(shown),
        )


class RecurringPage(OfClient):
    """What comes again with one client: begun, and stopped with a reason."""

    see = Permission.interactions_record
    first = "begin"

    @expose("/again", methods=("GET", "POST"))
    def begin(self, client_id: int) -> ResponseReturnValue:
        client = self.client(client_id)
        errors: dict[str, str] = {}
        if request.method == "POST":
            errors = self._begun(client)
            if not errors:
                flash(_("It is planned, and comes again."), "success")
                return redirect(url_for("clients.card", client_id=client_id))
            client = self.client(client_id)
        usual = {"kind": str(next_contact.usual_kind().id), "every": "2", "way": "weekly", "time": "10:00"}
        drawn = self.render(
            "pages/calendar/again.html",
            client=client,
            kinds=db.scalars(choices.in_use(InteractionKind)(me())).all(),
            ways=recurring_words.WAYS,
            typed=usual | {name: typed(name) for name in request.form},
            errors=errors,
            running=db.scalars(asked.of_client(client_id)).all(),
            said=recurring_words.said,
        )
        return drawn, 422 if errors else 200

    def _begun(self, client: Client) -> dict[str, str]:
        """What is wrong, by field."""
        if not is_ours():
            return {"rule": str(TOO_LONG)}
        start, minute = _date(typed("starts_on")), _minute(typed("time"))
        try:
            rule = recurring_words.rule_of(typed("way"), typed("every"), start or i18n.today())
        except ValueError:
            return {"every": _("A whole number: weeks up to 52, months up to 24.")}
        if typed("until_on") and _date(typed("until_on")) is None:
            return {"until_on": _("This is no date.")}
        kind, until = _kind(typed("kind")), _date(typed("until_on"))
        try:
            with transaction(by=me()):
                once_only(lambda: recurring.begin(client, kind, rule, start, minute, until_on=until,
                                                  note=typed("note"), by=me()))  # fmt: skip
        except DomainError as refusal:
            if refusal.field is None:
                raise
            return {each.field or "rule": str(each) for each in refusal.parts}
        return {}


class RecurringStopPage(Page):
    """One that comes again is stopped, with a reason."""

    see = Permission.interactions_record
    model = RecurringPlan

    def __init__(self, **menu: Any) -> None:
        self._default_view = "stop"  # Flask-Admin wants one at "/"
        super().__init__(**menu)

    def is_visible(self) -> bool:
        return False

    @expose("/<int:series_id>/stop", methods=("GET", "POST"))
    def stop(self, series_id: int) -> ResponseReturnValue:
        series, error = of_visible_client(RecurringPlan, series_id), ""
        if request.method == "POST":
            error = self._stopped(series)
            if not error:
                flash(_("It comes no more."), "success")
                return redirect(url_for("clients.card", client_id=series.client_id))
            series = of_visible_client(RecurringPlan, series_id)
        drawn = self.render(
            "pages/calendar/stop.html",
            series=series, client=series.client, said=recurring_words.said(series.rule),
            typed=typed("reason"), error=error, may_stop=recurring.may_stop(series, me()),
        )  # fmt: skip
        return drawn, 422 if error else 200

    def _stopped(self, series: RecurringPlan) -> str:
        if not is_ours():
            return str(TOO_LONG)
        try:
            with transaction(by=me()):
                recurring.stop(series, reason=typed("reason"), by=me())
        except DomainError as refusal:
            if refusal.field is None:
                raise
            return str(refusal)
        return ""


def _whose(text: str) -> tuple[int | None, User | None]:
    """Whose calendar: one's own, unless the address says somebody's or all."""
    if text == ALL:
        return None, None
    try:
        person = db.scalar(select(User).where(User.id == row_id(text)))
    except ValueError:
        person = None
    return (person.id, person) if person else (me().id, me())


def _title(shown: calendar_grid.Span) -> str:
    if shown.view == "day":
        return i18n.day(shown.on)
    if shown.view == "week":
        return f"{i18n.day(shown.first)} – {i18n.day(shown.last)}"
    return i18n.month(shown.on)


def _day_of(text: str) -> date:
    day = _date(text)
    return day if day is not None and 1950 <= day.year <= 2150 else i18n.today()


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _minute(text: str) -> int | None:
    try:
        there = time.fromisoformat(text)
    except ValueError:
        return None
    return there.hour * 60 + there.minute


def _kind(text: str) -> InteractionKind | None:
    try:
        return db.scalar(
            select(InteractionKind).where(InteractionKind.id == row_id(text), InteractionKind.active)
        )
    except ValueError:
        return None
