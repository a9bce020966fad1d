"""The part of one's own page of numbers that looks at oneself: what is to be done, or what is in reach."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import request

from crmadmin.core import i18n
from crmadmin.core.i18n import _, lazy
from crmadmin.reports import kpi_words
from crmadmin.reports.indicators import INDICATORS, MAIN, Better, Indicator
from crmadmin.reports.kpi_answer import Answer, Cell
from crmadmin.rules.periods import Period, Unit
from crmadmin.rules.reach import Goal, Mark, Way
from crmadmin.services import kpi_look
from crmadmin.services.kpi_look import Best, Reach
from models import User
from models.kinds import KpiLook
from views.kpi_drawing import said

WAYS: dict[Way, Any] = {
    Way.better: lazy("better than before"),
    Way.same: lazy("as before"),
    Way.worse: lazy("was better before"),
}
_BESTS: dict[Unit, Any] = {Unit.week: lazy("your best week"), Unit.month: lazy("your best month")}


class Goals(NamedTuple):
    """One indicator: now, the next mark and how far it is, records, where it goes."""

    indicator: Indicator
    now: str
    mark: str
    goal: str
    part: float | None
    week: str
    week_of: str
    month: str
    month_of: str
    way: Way | None
    way_word: str


def look_of(viewer: User, answer: Answer) -> dict[str, Any]:
    """What ``parts/kpi/look.html`` takes as ``look``: on the viewer's own page, and on nobody else's."""
    chosen = viewer.kpi_look
    found: dict[str, Any] = {
        "chosen": chosen,
        "choices": list(KpiLook),
        "here": request.full_path.rstrip("?"),
    }
    if chosen is KpiLook.missed:
        return found | {"missed": kpi_look.missed(viewer)}
    reached = kpi_look.reached(viewer, answer)
    cells = answer.of(viewer.id).cells
    goals = [_goals(INDICATORS[key], cells[key], reached, answer.period.unit) for key in MAIN]
    return found | {
        "streak": reached.streak,
        "nearest": _nearest(goals, reached.marks),
        "goals": goals,
        "is_empty": not reached.weeks and not reached.months and not cells["contacts"].value,
    }


def _goals(each: Indicator, cell: Cell, reached: Reach, unit: Unit) -> Goals:
    mark, way = reached.marks[each.key], reached.ways[each.key]
    week, month = reached.weeks.get(each.key), reached.months.get(each.key)
    return Goals(
        indicator=each,
        now=said(each, cell.value),
        mark=said(each, mark.value) if mark else "",
        goal=_goal(mark, unit),
        part=_part(each, cell.value, mark),
        week=_best(each, week),
        week_of=days(week.period) if week else "",
        month=_best(each, month),
        month_of=kpi_words.period(month.period) if month else "",
        way=way,
        way_word=str(WAYS[way]) if way else "",
    )


def days(week: Period) -> str:
    """«2–8 марта», «30 марта – 5 апреля»."""
    if week.start.month == week.last.month:
        return f"{week.start.day}–{i18n.day(week.last)}"
    return f"{i18n.day(week.start)} – {i18n.day(week.last)}"


def _best(each: Indicator, best: Best | None) -> str:
    return said(each, best.value) if best else "–"


def _goal(mark: Mark | None, unit: Unit) -> str:
    if mark is None:
        return ""
    if mark.goal is Goal.team:
        return _("the median of the team")
    if mark.goal is Goal.round:
        return _("a round number")
    return str(_BESTS.get(unit) or _("your best of twelve"))


def _part(each: Indicator, value: float | None, mark: Mark | None) -> float | None:
    """Of the way to a mark that lies above, what is behind."""
    if value is None or mark is None or each.better is Better.less or not mark.value:
        return None
    return round(value / mark.value, 3)


def _nearest(goals: list[Goals], marks: Mapping[str, Mark | None]) -> Goals | None:
    """The mark that is more than a round number, and of which least is left."""
    near = [
        each
        for each in goals
        if each.part and (mark := marks[each.indicator.key]) and mark.goal is not Goal.round
    ]
    return max(near, key=lambda each: each.part or 0, default=None)
