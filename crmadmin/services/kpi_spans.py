"""Which periods a page of numbers asks for, and of whom: what a page reads, and what is counted before it is
opened, is one list."""

from collections.abc import Iterable

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.i18n import start_of, today
from crmadmin.queries import kpi_people
from crmadmin.reports import outliers
from crmadmin.rules import own_weeks, periods
from crmadmin.rules.periods import Period, Unit
from crmadmin.services import kpi_marks
from crmadmin.services.kpi_marks import Span

USUAL = (Unit.day, Unit.week, Unit.month, Unit.quarter, Unit.year)


def asked(period: Period, *compared: Period) -> list[Period]:
    """The period, its line, the weeks of which one's own corridor is made, and what it is compared with."""
    line, weeks = periods.all_before(period), periods.weeks_before(period.start)
    return list(dict.fromkeys([period, *line, *weeks, *compared]))


def spans(people: Iterable[int], several: Iterable[Period]) -> list[Span]:
    """How clients stand at the end of a period that goes on is not kept: it changes by time alone."""
    moments = [(start_of(each.start), start_of(each.end)) for each in several]
    found: list[Span] = []
    for id in people:
        for start, end in moments:
            found.append(kpi_marks.work(id, start, end))
            if end <= clock.now():
                found.append(kpi_marks.clients(id, end))
    return found


def usual_periods() -> list[Period]:
    """Of each unit the one that goes on and the one before it: the team's page is opened for these."""
    current = [periods.around(unit, today()) for unit in USUAL]
    return [each for one in current for each in (one, periods.before(one))]


def of_alarms() -> tuple[Period, list[Period], Period]:
    """The last closed week, those up to it of which alarms are made, and the last few of them together."""
    week = periods.weeks_before(today(), 1)[0]
    weeks = periods.all_before(periods.before(week, -1), outliers.WEEKS)
    return week, weeks, Period(weeks[-own_weeks.TOGETHER].start, week.end)


def usual() -> set[Span]:
    """All that the team's page asks for of a usual period, whatever it is compared with; and the alarms."""
    found: set[Span] = set()
    for period in usual_periods():
        compared = (periods.before(period), periods.a_year_ago(period))
        found.update(spans(_measured(period), asked(period, *compared)))
    week, weeks, together = of_alarms()
    found.update(spans(_measured(week), [*weeks, together]))
    return found


def _measured(period: Period) -> list[int]:
    people = db.scalars(kpi_people.measured(start_of(period.start), start_of(period.end)))
    return [person.id for person in people]
