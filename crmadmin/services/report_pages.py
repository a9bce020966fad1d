"""The pages of numbers that can go out as letters: who may read each, and what it says of a period."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from crmadmin.core.db import db
from crmadmin.core.errors import NotFound
from crmadmin.core.i18n import LazyString, _, lazy, start_of
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import kpi_matrix
from crmadmin.reports import kpi_summary, kpi_tables, kpi_words, record_cost
from crmadmin.reports.kpi_summary import Summary
from crmadmin.reports.kpi_tables import Sheet
from crmadmin.rules import periods
from crmadmin.rules.periods import Period, Unit
from crmadmin.services import kpi, kpi_cost
from models import User

MOST_PAIRS = 5_000  # of a client and a person in a letter: those with most contacts; the page has all


@dataclass(frozen=True)
class Made:
    """One page of one period, in the language that is spoken: a table, and what it comes to in words.

    ``address`` is where it is read in the program, without host.
    """

    title: str
    period: str
    sheet: Sheet
    summary: Summary
    address: str


@dataclass(frozen=True)
class ReportPage:
    """``make`` takes the reader, by whose rights it is made, the period, and whose numbers they are.

    ``see`` is what its readers must be granted; of one person's page he himself is one, too.
    """

    title: LazyString
    make: Callable[[User, Period, User | None], Made]
    see: Permission = Permission.kpi_see_team
    of_person: bool = False


def may_read(reader: User, page: str, person_id: int | None) -> bool:
    """Whoever is with us and is granted it; others read what is about them."""
    of = PAGES[page]
    own = of.of_person and person_id == reader.id and allows(reader.role, Permission.kpi_see)
    return reader.active and (own or allows(reader.role, of.see))


def sees_all(reader: User) -> bool:
    """Whether he reads every page, not only what is about him."""
    return all(allows(reader.role, page.see) for page in PAGES.values())


def _team(reader: User, period: Period, _person: User | None) -> Made:
    answer = kpi.team(reader, period)
    sheet, summary = kpi_tables.team(answer), kpi_summary.of_team(answer)
    return Made(str(PAGES["team"].title), kpi_words.period(period), sheet, summary, f"/kpi/{_days(period)}")


def _person(reader: User, period: Period, person: User | None) -> Made:
    if person is None:
        raise NotFound(_("There is no such person."))
    answer = kpi.of_person(reader, person.id, period)
    sheet, summary = kpi_tables.person(answer, person.id), kpi_summary.of_person(answer, person.id)
    title = _("Numbers of %(name)s", name=person.name)
    return Made(title, kpi_words.period(period), sheet, summary, f"/kpi/{person.id}{_days(period)}")


def _matrix(_reader: User, period: Period, _person: User | None) -> Made:
    """Those with most contacts first."""
    found = kpi_matrix.all_of_it(start_of(period.start), start_of(period.end), by_minutes=False)
    sheet = kpi_tables.matrix(period, db.execute(found.limit(MOST_PAIRS)).all())
    sheet = replace(sheet, rows=list(sheet.rows))
    summary = kpi_summary.of_sheet(sheet)
    address = f"/kpi/matrix{_days(period)}"
    return Made(str(PAGES["matrix"].title), kpi_words.period(period), sheet, summary, address)


def _cost(_reader: User, period: Period, _person: User | None) -> Made:
    """Of the weeks that end in the period, or of a week itself; in words the last of them."""
    weeks = [each for each in kpi_cost.line(_week(period)) if each.end <= period.end]
    sheet = record_cost.sheet(kpi_cost.of_team(weeks), kpi_cost.of_people(weeks))
    rows = [row[2:] for row in sheet.rows if row[0] == weeks[-1].start]
    summary = kpi_summary.of_sheet(Sheet(sheet.title, sheet.headers[2:], rows))
    address = f"/kpi/cost/?week={weeks[-1].start}"
    return Made(str(PAGES["cost"].title), kpi_words.period(weeks[-1]), sheet, summary, address)


def _week(period: Period) -> Period:
    """The last one that was over with the period."""
    return periods.before(periods.around(Unit.week, period.end))


def _days(period: Period) -> str:
    return f"?from={period.start}&to={period.last}"


PAGES: Mapping[str, ReportPage] = {
    "team": ReportPage(lazy("The team's numbers"), _team),
    "person": ReportPage(lazy("Numbers of one person"), _person, of_person=True),
    "matrix": ReportPage(lazy("Who works with whom"), _matrix),
    "cost": ReportPage(lazy("What recording costs"), _cost, Permission.record_cost_see),
}
"""In the order in which they are offered."""
