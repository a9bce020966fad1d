"""What recording costs, week by week: the program's own measure, shown to everybody."""

from datetime import date
from typing import Any, NamedTuple

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core.i18n import _, lazy, today
from crmadmin.core.permissions import Permission
from crmadmin.reports import record_cost
from crmadmin.reports.record_cost import Cost, placed
from crmadmin.rules import periods
from crmadmin.rules.periods import Period, Unit
from crmadmin.rules.recording import AIM, RecordDoor
from crmadmin.services import kpi_cost
from views.base import Page
from views.kpi_drawing import decimal, percents
from views.kpi_files import taken
from views.kpi_look import days

FIRST = date(2000, 1, 1)
DOORS: dict[RecordDoor, Any] = {
    RecordDoor.quick: lazy("Quick record"),
    RecordDoor.plan: lazy("A plan that took place"),
    RecordDoor.full: lazy("Full form"),
}


class Line(NamedTuple):
    """A row of one of the tables: its numbers as people read them. ``value`` is what a picture takes."""

    name: str
    until: str
    address: str
    is_here: bool
    seconds: str
    value: float | None
    keys: str
    left: str
    hours: str
    forms: int


class KpiCostPage(Page):
    """Of everybody, for everybody: a slow form is the program's fault."""

    see = Permission.record_cost_see

    def is_visible(self) -> bool:
        return False

    @expose("/")
    @expose("")
    def index(self) -> ResponseReturnValue:
        told = kpi_cost.told(_asked())
        cost = told.team[told.week]
        after = periods.before(told.week, -1)
        return self.render(
            "pages/kpi/cost.html",
            aim=AIM,
            week=days(told.week),
            before=_address(periods.before(told.week)),
            after=_address(after) if after.start <= today() else "",
            headline=_headline(cost),
            cost=cost,
            team=[
                _line(f"{week.start:%d.%m}", of, week, is_here=week == told.week)
                for week, of in told.team.items()
            ],
            people=[_line(person.name, of) for person, of in told.people],
            doors=[_line(str(DOORS[door]), of) for door, of in told.doors.items()],
            file=_file_of(told.week),
        )

    @expose("/export/<export_type>/")
    def table_export(self, export_type: str) -> Any:
        """All the weeks of the line, each with its people."""
        week = _asked()
        weeks = kpi_cost.line(week)
        sheet = record_cost.sheet(kpi_cost.of_team(weeks), kpi_cost.of_people(weeks))
        told = {"from": weeks[0].start.isoformat(), "to": weeks[-1].last.isoformat()}
        return taken(self, sheet, export_type, "kpi-cost", told, _address(week))


def _asked() -> Period | None:
    """The week in which the day of the address lies; none of what nobody understands, or lies ahead."""
    try:
        day = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        return None
    return periods.around(Unit.week, day) if FIRST <= day <= today() else None


def _address(week: Period | None) -> str:
    return url_for("kpi_cost.index", week=week and week.start.isoformat())


def _file_of(week: Period) -> Any:
    return lambda kind: url_for("kpi_cost.table_export", export_type=kind, week=week.start.isoformat())


def _headline(cost: Cost) -> str:
    """In one sentence, and whether the aim is reached."""
    if cost.seconds is None:
        return _("Nothing was measured in this week.")
    seconds = decimal(placed(cost.seconds) or 0)
    if cost.within_aim:
        return _("Half of the records took %(seconds)s s at most: the aim is reached.", seconds=seconds)
    more = decimal(placed(cost.seconds - AIM) or 0)
    return _(
        "Half of the records took more than %(seconds)s s: %(more)s s over the aim.",
        seconds=seconds,
        more=more,
    )


def _line(name: str, cost: Cost, week: Period | None = None, *, is_here: bool = False) -> Line:
    share = cost.left_share
    return Line(
        name=name,
        until=f"{week.last:%d.%m}" if week else "",
        address=_address(week) if week else "",
        is_here=is_here,
        seconds=_said(cost.seconds),
        value=placed(cost.seconds),
        keys=_said(cost.keys),
        left="–" if share is None else percents(share),
        hours="–" if cost.hours is None else _("%(hours)s h", hours=_said(cost.hours)),
        forms=cost.forms,
    )


def _said(value: float | None) -> str:
    shown = placed(value)
    return "–" if shown is None else decimal(shown)
