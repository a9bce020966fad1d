"""Alarms: the inbox of whoever leads, and everybody's own; one page each, with its facts and its steps."""

from datetime import date
from itertools import groupby
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import ColumnElement, true

from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, lazy
from crmadmin.core.permissions import Permission
from crmadmin.queries import alarms as asked
from crmadmin.queries import choices
from crmadmin.services import alarm_steps as steps
from models import Alarm
from models.kinds import AlarmKind, AlarmState
from views import alarm_words, counters
from views.admin import filters as by
from views.base import Page, me
from views.fields import typed
from views.forms import must_be_ours, once_only
from views.guards import is_local
from views.registers import Asked, Register

TABS: dict[str, tuple[Any, ColumnElement[bool]]] = {
    "open": (lazy("To be dealt with"), asked.is_open),
    "new": (lazy("Not looked at"), Alarm.state == AlarmState.new),
    "talked": (lazy("Talked over"), Alarm.state == AlarmState.talked),
    "decided": (lazy("Decided"), ~asked.is_open),
    "all": (lazy("All of them"), true()),
}
_ORDER = by.one_of("order", lazy("Order"), {"newest": (lazy("the newest first"), true)}, is_main=True)
_PERSON = by.by_row("person", lazy("About whom"), Alarm.person_id, choices.everybody, is_main=True)
_FILTERS = (
    by.by_word("kind", lazy("About what"), Alarm.kind, AlarmKind, is_main=True),
    _ORDER,
    by.since("from", lazy("From"), Alarm.raised_at),
    by.until("to", lazy("To"), Alarm.raised_at),
)
_WORDS = {word: label for word, (label, _where) in TABS.items()}
INBOX = Register("alarms.index", _WORDS, (_PERSON, *_FILTERS))
OWN = Register("alarms.index", _WORDS, _FILTERS)
FIELDS = ("talk", "decision", "act_on", "answer")


class AlarmsPage(Page):
    see = Permission.alarms_see
    model = Alarm

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """By trouble: whoever has most that is open comes first; or the newest first."""
        said = Asked(INBOX if steps.may_decide(me()) else OWN)
        newest = said.tab == "decided" or any(each is _ORDER for each, _texts in said.said)
        where = [*said.where, TABS[said.tab][1]]
        found, more = said.rows(asked.listed(me(), where, newest=newest), asked.told)
        rows = [row.Alarm for row in found]
        people = groupby(rows, key=lambda row: row.person)
        by_person = steps.may_decide(me()) and not newest
        return self.render(
            "pages/alarms/index.html",
            groups=[(each, list(his)) for each, his in people]
            if by_person
            else [(None, rows)]
            if rows
            else [],
            sentence=alarm_words.of,
            also=alarm_words.also,
            may_decide=steps.may_decide(me()),
            **said.drawn(more),
        )

    @expose("/<int:id>", methods=("GET", "POST"))
    def one(self, id: int) -> ResponseReturnValue:
        """Its facts, what was said of it, and the next steps; each is sent by a form of its own."""
        alarm, errors = steps.known(id, me()), dict[str, str]()
        if request.method == "POST":
            errors = _stepped(alarm)
            if not errors:
                counters.forget()
                return redirect(_next(alarm))
            alarm = steps.known(id, me())
        page = self.render(
            "pages/alarms/one.html",
            alarm=alarm,
            sentence=alarm_words.of(alarm),
            behind=alarm_words.behind(alarm),
            all_of_it=alarm_words.all_of_it(alarm),
            span=alarm_words.span(alarm.starts_on, alarm.ends_on),
            is_open=alarm.state is not AlarmState.decided,
            may_decide=steps.may_decide(me()),
            may_answer=alarm.person_id == me().id,
            typed={name: typed(name) for name in FIELDS},
            errors=errors,
        )
        return page, 422 if errors else 200


def _stepped(alarm: Alarm) -> dict[str, str]:
    """What is wrong, by its field."""
    act = request.form.get("act", "")
    try:
        must_be_ours(_FIELD_OF.get(act, ""))
        with transaction(by=me()):
            once_only(lambda: _step(alarm, act))
    except DomainError as refusal:
        if refusal.status != 422:
            raise
        return {part.field or "": str(part) for part in refusal.parts}
    flash(_("It is written down."), "success")
    return {}


_FIELD_OF = {"talk": "talk", "decide": "decision", "answer": "answer"}


def _step(alarm: Alarm, act: str) -> None:
    match act:
        case "talk":
            steps.talk(alarm, typed("talk"), by=me())
        case "decide":
            steps.decide(alarm, typed("decision"), _day(typed("act_on")), by=me())
        case "answer":
            steps.answer(alarm, typed("answer"), by=me())
        case _:
            steps.see(alarm, by=me())


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DomainError(_("This is no date."), field="act_on") from None


def _next(alarm: Alarm) -> str:
    where = request.form.get("next", "")
    return where if where and is_local(where) else url_for("alarms.one", id=alarm.id)
