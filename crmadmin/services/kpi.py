"""The managers' numbers of a period: each with its corridor, its line and what it is compared with.

One answer is what the page, the files, the letters and the alarms are made of.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from statistics import median

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import NotFound
from crmadmin.core.garbage import collected_later
from crmadmin.core.i18n import _, start_of
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import kpi_clients, kpi_people
from crmadmin.reports import indicators
from crmadmin.reports.indicators import INDICATORS, Indicator
from crmadmin.reports.kpi_answer import Answer, Cell, Compare, OfPerson
from crmadmin.rules import corridor as rule
from crmadmin.rules import periods
from crmadmin.rules.corridor import Corridor, Source
from crmadmin.rules.dynamics import at_pace
from crmadmin.rules.periods import Period
from crmadmin.services import kpi_marks, kpi_spans, working_time
from crmadmin.services.kpi_marks import Figures, Span
from crmadmin.services.kpi_norms import Norms
from models import ClientGroup, User
from models.kinds import KpiPart

__all__ = ["LEAST_FOR_A_MEDIAN", "Answer", "Cell", "Compare", "OfPerson", "of_person", "team"]

LEAST_FOR_A_MEDIAN = 3  # people, or one would tell another's number
_NO_CLIENTS: Figures = dict.fromkeys(kpi_marks.NOTHING[KpiPart.clients], 0)


def team(
    viewer: User | None,
    period: Period,
    compare: Compare = Compare.before,
    keys: Collection[str] = INDICATORS,
) -> Answer:
    """Everybody's numbers, for whoever may see them: for others their own, beside the team's medians.

    Without a viewer it is the program itself that asks. Of ``keys`` and the main indicators only: each number
    of each person costs its line and its corridor.
    """
    only = viewer and not allows(viewer.role, Permission.kpi_see_team) and viewer.id
    return _answer(_people(period), only or None, period, compare, keys)


def of_person(viewer: User, person_id: int, period: Period, compare: Compare = Compare.before) -> Answer:
    """One person's; raises NotFound where the viewer may not see them, or there is no such person."""
    if person_id != viewer.id and not allows(viewer.role, Permission.kpi_see_team):
        raise NotFound(_("There is no such person."))
    people = _people(period, also=person_id)
    if all(person.id != person_id for person in people):
        raise NotFound(_("There is no such person."))
    return _answer(people, person_id, period, compare, INDICATORS)


def _answer(
    people: Sequence[User], only: int | None, period: Period, compare: Compare, keys: Collection[str]
) -> Answer:
    """The whole of everybody, or ``only`` of one; of the others what the medians are made of."""
    chosen = [key for key in INDICATORS if key in keys or key in indicators.MAIN]
    whole = [person for person in people if only in (None, person.id)]
    with collected_later():
        asked = _Asked(people, whole, period, compare, chosen)
        medians = asked.medians()
        shown = [asked.of(person) for person in whole]
    if compare is Compare.team:
        shown = [_beside(each, medians) for each in shown]
    shown.sort(key=lambda each: (-each.trouble, each.person.name, each.person.id))
    return Answer(period, compare, asked.compared_with, shown, medians, asked.line)


def _people(period: Period, also: int | None = None) -> list[User]:
    found = list(db.scalars(kpi_people.measured(start_of(period.start), start_of(period.end))))
    known = {person.id for person in found}
    if also is not None and also not in known and (person := db.get(User, also)):
        found.append(person)
    return found


def _beside(each: OfPerson, medians: Mapping[str, float | None]) -> OfPerson:
    cells = {key: cell._replace(compared=medians[key]) for key, cell in each.cells.items()}
    return replace(each, cells=cells)


class _Asked:
    """All that is read for one answer: a constant number of questions, whatever the number of people."""

    def __init__(
        self,
        people: Sequence[User],
        whole: Sequence[User],
        period: Period,
        compare: Compare,
        keys: Sequence[str],
    ) -> None:
        self.people, self.period, self.keys = people, period, keys
        self.compared_with = {
            Compare.before: periods.before(period),
            Compare.year: periods.a_year_ago(period),
        }.get(compare)
        self.line = periods.all_before(period)
        self.weeks = periods.weeks_before(period.start)
        self.all = kpi_spans.asked(period, *filter(None, [self.compared_with]))
        self.moments = {each: (start_of(each.start), start_of(each.end)) for each in self.all}
        self.at = clock.now()
        self.goes_on = self.moments[period][1] > self.at
        self.time = working_time.read(people, min(each.start for each in self.all), period.end)
        self.figures = kpi_marks.figures(self._spans(whole))
        self.norms = Norms(db.scalars(kpi_people.norms(period.start, period.last)), period)
        self.now = self._now()

    def _spans(self, whole: Collection[User]) -> list[Span]:
        """Of whoever is shown every period; of the others this one."""
        known = {person.id for person in whole}
        found: list[Span] = []
        for person in self.people:
            for each in self.all if person.id in known else [self.period]:
                start, end = self.moments[each]
                found.append(kpi_marks.work(person.id, start, end))
                if end <= self.at:
                    found.append(kpi_marks.clients(person.id, end))
        return found

    def _now(self) -> dict[int, Figures]:
        """How people's clients stand now, where the period goes on."""
        if not self.goes_on:
            return {}
        groups = db.scalars(select(ClientGroup)).all()
        asked = kpi_clients.standing_now([person.id for person in self.people], groups, self.at)
        rows = db.execute(asked).mappings()
        return {row["person"]: {key: row[key] for key in row if key != "person"} for row in rows}

    def figures_of(self, person: User, period: Period) -> Figures:
        start, end = self.moments[period]
        standing = self.figures.get(kpi_marks.clients(person.id, end))
        return {
            **self.figures[kpi_marks.work(person.id, start, end)],
            **(self.now.get(person.id, _NO_CLIENTS) if standing is None else standing),
            "days": self.time.until_now(person, period),
        }

    def medians(self) -> dict[str, float | None]:
        """Of those who worked in the period; none of fewer than three."""
        all_of_them = [self.figures_of(person, self.period) for person in self.people]
        here = [
            indicators.values(each, self.keys) for each in all_of_them if each["days"] or each["contacts"]
        ]
        found: dict[str, float | None] = {}
        for key in self.keys:
            known = [value for each in here if (value := each[key]) is not None]
            found[key] = median(known) if len(known) >= LEAST_FOR_A_MEDIAN else None
        return found

    def of(self, person: User) -> OfPerson:
        figures = self.figures_of(person, self.period)
        line_figures = [self.figures_of(person, each) for each in self.line]
        line = [indicators.values(each, self.keys) for each in line_figures]
        weeks = [self.figures_of(person, each) for each in self.weeks]
        history = [(indicators.values(each, self.keys), each["days"]) for each in weeks]
        before = self.compared_with and self.figures_of(person, self.compared_with)
        time = self.time.of(person, self.period)
        cells: dict[str, Cell] = {}
        for key in self.keys:
            each = INDICATORS[key]
            cells[key] = self._cell(
                person,
                each,
                each.value(figures),
                self._corridor(person, each, history, time),
                each.value(before) if before else None,
                [period[key] for period in line],
            )
        line_days = [each["days"] for each in line_figures]
        return OfPerson(person, figures, time.with_today, cells, line_days, time.done)

    def _cell(
        self,
        person: User,
        each: Indicator,
        value: float | None,
        corridor: Corridor | None,
        compared: float | None,
        line: list[float | None],
    ) -> Cell:
        side = rule.side(value, corridor)
        trend = rule.trend(value, line)
        if self.goes_on and each.adds_up and value is not None and trend.middle:
            time, whole = self.time.of(person, self.period), self.time.of_whole(person, self.period)
            trend = trend._replace(change=at_pace(value, trend.middle, time.done, time.with_today, whole))
        return Cell(value, corridor, side, indicators.is_trouble(each, side), compared, trend, line)

    def _corridor(
        self,
        person: User,
        each: Indicator,
        history: Sequence[tuple[Mapping[str, float | None], int]],
        time: working_time.Days,
    ) -> Corridor | None:
        """The norm's, else that of the person's own history; none for whoever was not there."""
        if not time.done and not time.with_today:
            return None
        found = self.norms.corridor(person, each, time, self.time)
        return found or _of_history(each, history, time)


def _of_history(
    each: Indicator, history: Sequence[tuple[Mapping[str, float | None], int]], time: working_time.Days
) -> Corridor | None:
    """Of whole weeks that he worked, or worked a part of."""
    known = [
        value * rule.WEEK / worked if each.adds_up else value
        for values, worked in history
        if worked and (value := values[each.key]) is not None
    ]
    bounds = rule.usual(known)
    if bounds is None:
        return None
    low, high = bounds
    if not each.adds_up:
        return Corridor(low, high, Source.history)
    return Corridor(low * time.done / rule.WEEK, high * time.with_today / rule.WEEK, Source.history)
