"""Alarms of numbers: which of somebody's lie where they ask for a talk.

By a norm, of whatever has one: the last closed week outside it, where he worked enough of it. Without a norm
a manager's own weeks say it (reports.outliers). One client's share of his time is that of four weeks, by the
rule of the department. A newcomer is measured by norms of his own alone.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import inf
from typing import Any

from crmadmin.core.i18n import local, start_of, today
from crmadmin.reports import indicators, outliers
from crmadmin.reports.indicators import Figures
from crmadmin.reports.outliers import WATCHED, Outlier, Worked
from crmadmin.rules import own_weeks
from crmadmin.rules.corridor import Side, Source
from crmadmin.rules.own_weeks import Outside
from crmadmin.rules.periods import Period
from crmadmin.services import department, kpi, kpi_marks, kpi_spans, working_time
from crmadmin.services.alarm_found import Found
from models import User
from models.kinds import AlarmKind, Role

LEAST_CONTACTS = 10  # of four weeks, before one client's share of them says anything


def found() -> list[Found]:
    """Of the last closed week; nothing is written."""
    week, weeks, together = kpi_spans.of_alarms()
    people = [each for each in kpi.team(None, week).people if each.person.active]
    past = _Past([each.person for each in people], weeks, together)
    agreed = department.values()
    newest = today() - timedelta(weeks=agreed[department.NEWCOMER_WEEKS])
    most = agreed[department.ONE_CLIENT_PERCENT] / 100
    told: list[Found] = []
    for of in people:
        is_new = local(of.person.created_at).date() > newest
        mine = list(_by_norms(of, is_new))
        if not is_new and of.person.role is Role.manager:
            mine += outliers.of_own_weeks(past.weeks_of(of.person), _without_norms(of))
            told += _one_client(of, past.together(of.person), week, most)
        told += _numbers(of, mine, week)
    return told


def _by_norms(of: kpi.OfPerson, is_new: bool) -> Iterator[Outlier]:
    if of.days < own_weeks.ENOUGH_DAYS:
        return
    for key, cell in of.cells.items():
        at = cell.corridor
        if cell.value is None or not cell.is_trouble or at is None or at.source is Source.history:
            continue
        if at.source is Source.person or not is_new:
            low, high = 0.0 if at.low is None else at.low, inf if at.high is None else at.high
            yield Outlier(key, "norm", Outside(cell.side, cell.value, low, high, 0.0, 1))


def _without_norms(of: kpi.OfPerson) -> set[str]:
    """Of what has a norm, the norm has spoken."""
    corridors = {key: of.cells[key].corridor for key in WATCHED}
    return {key for key, at in corridors.items() if at is None or at.source is Source.history}


class _Past:
    """The last weeks of all of them, read at once."""

    def __init__(self, people: Sequence[User], weeks: Sequence[Period], together: Period) -> None:
        self.weeks, self.four = weeks, together
        self.time = working_time.read(people, weeks[0].start, weeks[-1].end)
        spans = [_span(person, each) for person in people for each in [*self.weeks, self.four]]
        self.figures = kpi_marks.figures(spans)

    def weeks_of(self, person: User) -> list[Worked]:
        days = (self.time.until_now(person, each) for each in self.weeks)
        figures = (self.figures[_span(person, each)] for each in self.weeks)
        return [Worked(*each) for each in zip(figures, days, strict=True)]

    def together(self, person: User) -> Figures:
        """What he did in the last four weeks."""
        return self.figures[_span(person, self.four)]


def _span(person: User, period: Period) -> kpi_marks.Span:
    return kpi_marks.work(person.id, start_of(period.start), start_of(period.end))


def _numbers(of: kpi.OfPerson, mine: Sequence[Outlier], week: Period) -> Iterator[Found]:
    """One alarm for each side of what says the same."""
    for about, side, same in outliers.together(mine):
        first = same[0]
        kind = AlarmKind.too_few if side is Side.low else AlarmKind.too_many
        facts = {
            **_facts(first),
            "days": of.days,
            "result": of.result_per_contact,
            "also": [{"indicator": each.indicator, **_facts(each)} for each in same[1:]],
        }
        yield Found(
            kind, f"{kind}-{about}-{of.person.id}", of.person.id, facts, indicator=first.indicator,
            starts_on=_first_day(week, first.said.weeks), ends_on=week.last, more=week.start.toordinal(),
        )  # fmt: skip


def _first_day(week: Period, weeks: int) -> date:
    return week.start - timedelta(weeks=weeks - 1)


def _facts(each: Outlier) -> dict[str, Any]:
    said = each.said
    return {
        "why": each.why,
        "value": said.value,
        "low": said.low or None,
        "high": None if said.high == inf else said.high,
        "middle": None if each.why == "norm" else said.middle,
        "weeks": said.weeks,
    }


def _one_client(of: kpi.OfPerson, figures: Figures, week: Period, most: float) -> Iterator[Found]:
    """One client takes more of his time than the department wants; a norm of his goes before that."""
    corridor, share = of.cells["top_share"].corridor, indicators.value("top_share", figures)
    has_norm = corridor is not None and corridor.source is not Source.history
    if has_norm or share is None or share <= most or figures["contacts"] < LEAST_CONTACTS:
        return
    facts = {"why": "share", "value": share, "high": most, "weeks": own_weeks.TOGETHER}
    yield Found(
        AlarmKind.too_many, f"one_client-{of.person.id}", of.person.id, facts,
        client_id=figures["top_client"], indicator="top_share",
        starts_on=_first_day(week, own_weeks.TOGETHER), ends_on=week.last, more=week.start.toordinal(),
    )  # fmt: skip
