"""Two ways to look at oneself: nothing missed, and what one can reach. One's own numbers, nobody else's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.i18n import start_of, today
from crmadmin.queries import kpi_look
from crmadmin.queries import today as of_today
from crmadmin.reports.indicators import INDICATORS, MAIN, Better, Figures, Indicator
from crmadmin.rules import periods, reach
from crmadmin.rules.periods import Period, Unit
from crmadmin.rules.reach import Mark, Streak, Way
from crmadmin.services import department, kpi_marks, working_time
from crmadmin.services.kpi import Answer
from models import Client, Interaction, Promise, User
from models.kinds import KpiLook

MOST = 30  # of each kind
YEAR = 52  # weeks
LEAST = 3  # of which a share, a median or a number of clients says something


def choose(look: KpiLook, *, by: User) -> None:
    """Remembered with the person; told to nobody."""
    by.kpi_look = look


# Nothing missed


class Due(NamedTuple):
    """What is to be done: contacts, promises, requests without an answer."""

    plans: Sequence[Interaction]
    promises: Sequence[Promise]
    requests: Sequence[Interaction]

    @property
    def many(self) -> int:
        return len(self.plans) + len(self.promises) + len(self.requests)


@dataclass(frozen=True)
class Missed:
    """``soon``: (client, silence) of those that will be silent soon."""

    today: Due
    late: Due
    soon: Sequence[tuple[Client, float]]


def missed(viewer: User) -> Missed:
    now, start = clock.now(), start_of(today())
    end = start_of(today() + timedelta(days=1))
    plans = db.scalars(of_today.to_contact(viewer, now, end, acting=False, most=MOST)).all()
    owed = db.scalars(of_today.promises_due(viewer, now, acting=False, most=MOST)).all()
    asked = db.scalars(of_today.unanswered(viewer, now, acting=False, most=MOST)).all()
    waits_since = now - timedelta(days=department.value_of(department.UNANSWERED_DAYS))
    return Missed(
        today=Due(
            [each for each in plans if each.happened_at >= start],
            [each for each in owed if now <= each.due_at < end],
            [each for each in asked if each.happened_at >= waits_since],
        ),
        late=Due(
            [each for each in plans if each.happened_at < start],
            [each for each in owed if each.due_at < now],
            [each for each in asked if each.happened_at < waits_since],
        ),
        soon=[(client, quiet) for client, quiet in db.execute(kpi_look.silent_soon(viewer, now, MOST))],
    )


# What one can reach


class Best(NamedTuple):
    value: float
    period: Period


@dataclass(frozen=True)
class Reach:
    """By the keys of the main indicators: the best of his weeks and months within a year, the next mark, and
    where it goes. ``streak``: working days in a row on which every contact was written down the same day."""

    weeks: Mapping[str, Best]
    months: Mapping[str, Best]
    marks: Mapping[str, Mark | None]
    ways: Mapping[str, Way | None]
    streak: Streak


def reached(viewer: User, answer: Answer) -> Reach:
    """``answer`` has his numbers of the period that is looked at."""
    weeks = periods.all_before(periods.around(Unit.week, today()), YEAR)
    months = periods.all_before(periods.around(Unit.month, today()))
    time = working_time.read([viewer], min(weeks[0].start, months[0].start), today() + timedelta(days=1))
    figures = _figures(viewer, [each for each in [*weeks, *months] if time.until_now(viewer, each)])
    bests = {Unit.week: _bests(weeks, figures), Unit.month: _bests(months, figures)}
    of, own = answer.of(viewer.id), bests.get(answer.period.unit)
    marks: dict[str, Mark | None] = {}
    ways: dict[str, Way | None] = {}
    for key in MAIN:
        each, cell = INDICATORS[key], of.cells[key]
        line = [value for value in cell.line if value is not None]
        best = _best_of_line(line, each) if own is None else own[key].value if key in own else None
        is_more = _is_more(each)
        marks[key] = reach.next_mark(cell.value, best, answer.medians[key], each.shown, is_more=is_more)
        ways[key] = reach.way(cell.line, is_more=is_more)
    return Reach(bests[Unit.week], bests[Unit.month], marks, ways, _streak(viewer, time))


def _figures(viewer: User, of: Sequence[Period]) -> dict[Period, Figures]:
    """How his clients stood is looked up for as many periods back as the pages of numbers do."""
    spans: dict[Period, list[kpi_marks.Span]] = {}
    standing = {*periods.weeks_before(today()), *(each for each in of if each.unit is Unit.month)}
    for each in of:
        start, end = start_of(each.start), start_of(each.end)
        spans[each] = [kpi_marks.work(viewer.id, start, end)]
        if each in standing:
            spans[each].append(kpi_marks.clients(viewer.id, end))
    found = kpi_marks.figures(span for several in spans.values() for span in several)
    return {
        each: {key: value for span in several for key, value in found[span].items()}
        for each, several in spans.items()
    }


def _bests(of: Sequence[Period], figures: Mapping[Period, Figures]) -> dict[str, Best]:
    """The latest of several that are alike."""
    found: dict[str, Best] = {}
    for key in MAIN:
        each = INDICATORS[key]
        for period in (each for each in of if each in figures):
            value = each.value(figures[period])
            if value is None or not _says_something(each, value, figures[period]):
                continue
            if key not in found or not reach.is_better(found[key].value, value, is_more=_is_more(each)):
                found[key] = Best(value, period)
    return found


def _says_something(each: Indicator, value: float, figures: Figures) -> bool:
    """No record is made of nothing, nor of a share of one or two."""
    if _is_more(each) and not value:
        return False
    return each.adds_up or figures[each.of or each.counts] >= LEAST


def _best_of_line(line: Sequence[float], each: Indicator) -> float | None:
    return (max if _is_more(each) else min)(line, default=None)


def _is_more(each: Indicator) -> bool:
    return each.better is not Better.less


def _streak(viewer: User, time: working_time.WorkingTime) -> Streak:
    """Days without a contact neither go on with it nor break it."""
    end = today() + timedelta(days=1)
    start = end - timedelta(weeks=YEAR)
    rows = db.execute(kpi_look.prompt_days(viewer, start_of(start), start_of(end)))
    days = [(date.fromisoformat(row.day), row.same_day == row.contacts) for row in rows]
    worked = set(time.days_of(viewer, Period(start, end)))
    return reach.streak(each for each in days if each[0] in worked)
