"""The pages of numbers that can go out as letters: who may read each, and what it says of a period."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crmadmin.core.errors import NotFound
from crmadmin.core.i18n import LazyString, _, lazy
from crmadmin.core.permissions import Permission, allows
from crmadmin.reports import kpi_summary, kpi_tables, kpi_words
from crmadmin.reports.kpi_summary import Summary
from crmadmin.reports.kpi_tables import Sheet
from crmadmin.rules.periods import Period
from crmadmin.services import kpi
from models import User


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
    """``make`` takes the reader, by whose rights it is made, the period, and whose numbers they are."""

    title: LazyString
    make: Callable[[User, Period, User | None], Made]
    of_person: bool = False


def sees_all(reader: User) -> bool:
    """Whether he reads every page, not only what is about him."""
    return allows(reader.role, Permission.kpi_see_team)


def may_read(reader: User, page: str, person_id: int | None) -> bool:
    """Whoever sees the team's numbers reads every page; others read what is about them."""
    own = PAGES[page].of_person and person_id == reader.id and allows(reader.role, Permission.kpi_see)
    return reader.active and (own or sees_all(reader))


def _team(reader: User, period: Period, _person: User | None) -> Made:
    answer = kpi.team(reader, period)
    summary = kpi_summary.of_team(answer)
    return _made(_("The team's numbers"), period, kpi_tables.team(answer), summary, "/kpi/")


def _person(reader: User, period: Period, person: User | None) -> Made:
    if person is None:
        raise NotFound(_("There is no such person."))
    answer = kpi.of_person(reader, person.id, period)
    summary = kpi_summary.of_person(answer, person.id)
    sheet = kpi_tables.person(answer, person.id)
    return _made(_("Numbers of %(name)s", name=person.name), period, sheet, summary, f"/kpi/{person.id}")


def _made(title: str, period: Period, sheet: Sheet, summary: Summary, path: str) -> Made:
    address = f"{path}?from={period.start}&to={period.last}"
    return Made(title, kpi_words.period(period), sheet, summary, address)


PAGES: Mapping[str, ReportPage] = {
    "team": ReportPage(lazy("The team's numbers"), _team),
    "person": ReportPage(lazy("Numbers of one person"), _person, of_person=True),
}
"""In the order in which they are offered."""
