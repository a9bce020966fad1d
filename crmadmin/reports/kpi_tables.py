"""The managers' numbers as plain tables: page, CSV, XLSX, JSON, print and letter all read these.

A share is in percent, to one place; hours to one place; minutes whole. Texts are in the viewer's language.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from crmadmin.core.i18n import _, local
from crmadmin.reports import indicators, kpi_words
from crmadmin.reports.indicators import INDICATORS, MAIN, Indicator, Shown
from crmadmin.reports.kpi_answer import Answer, Cell, OfPerson
from crmadmin.rules.dynamics import course, steadiness
from crmadmin.rules.periods import Period


@dataclass(frozen=True)
class Sheet:
    """``keys`` name the columns in JSON, in any language alike. The last rows are no people's or things' but
    what ``foot`` names, in this order: ``median``, ``total``."""

    title: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Any]]
    keys: Sequence[str] = ()
    foot: Sequence[str] = ()


def plain(indicator: Indicator, value: float | None) -> float | int | None:
    """A value as files have it."""
    if value is None:
        return None
    match indicator.shown:
        case Shown.share:
            return percent(value)
        case Shown.hours:
            return _placed(value)
        case Shown.minutes:
            return round(value)
        case _:
            return _placed(value)


def percent(share: float | None) -> float | int | None:
    return None if share is None else _placed(share * 100)


def _placed(value: float) -> float | int:
    number = round(value, 1)
    return int(number) if number == int(number) else number


def header(indicator: Indicator) -> str:
    """Its title, and what it is measured in where the title does not say it."""
    unit = {Shown.share: "%", Shown.hours: _("h")}.get(indicator.shown)
    return f"{indicator.title}, {unit}" if unit else str(indicator.title)


# The team


def team(answer: Answer, keys: Collection[str] = MAIN) -> Sheet:
    """A row a person, in the order of trouble; then the medians, then the totals of what adds up."""
    chosen = [INDICATORS[key] for key in INDICATORS if key in keys]
    more = _beside_numbers()
    rows = [_of_person(each, chosen) for each in answer.people]
    medians = [plain(each, answer.medians[each.key]) for each in chosen]
    rows.append([_("Median of the team"), None, *medians, *[None] * (len(more))])
    rows.append(_totals(answer, chosen))
    return Sheet(
        _("Indicators: %(period)s", period=kpi_words.period(answer.period)),
        [_("Who"), _("Working days"), *(header(each) for each in chosen), *more.values()],
        rows,
        ["person", "working_days", *(each.key for each in chosen), *more],
        ["median", "total"],
    )


def _beside_numbers() -> dict[str, str]:
    return {
        "estimated": _("Estimated minutes, %"),
        "contacts_without_largest": _("Contacts without the largest client"),
        "minutes_without_largest": _("Minutes without the largest client"),
        "result_per_contact": _("With a result, of contacts, %"),
        "outside": _("Out of the corridor"),
    }


def _of_person(each: OfPerson, chosen: Sequence[Indicator]) -> list[Any]:
    values = [plain(indicator, each.cells[indicator.key].value) for indicator in chosen]
    return [each.person.name, each.days, *values, *_beside(each.figures), outside(each, chosen)]


def _beside(figures: indicators.Figures) -> list[Any]:
    rest = indicators.without_largest(figures)
    return [
        percent(indicators.estimated_share(figures)),
        rest["contacts"],
        rest["minutes"],
        percent(indicators.result_per_contact(figures)),
    ]


def outside(each: OfPerson, chosen: Iterable[Indicator]) -> str:
    """What asks for a talk, in words."""
    return "; ".join(
        f"{indicator.title}: {kpi_words.side(indicator, each.cells[indicator.key].side)}"
        for indicator in chosen
        if each.cells[indicator.key].is_trouble
    )


def _totals(answer: Answer, chosen: Sequence[Indicator]) -> list[Any]:
    totals = answer.totals
    values = [plain(each, indicators.total(each.key, totals)) for each in chosen]
    return [_("Total"), totals.get("days", 0), *values, *_beside(totals), None]


# One person


def person(answer: Answer, person_id: int) -> Sheet:
    """A row an indicator: the number, its corridor, what it is compared with, and the periods before."""
    of = answer.of(person_id)
    columns = {
        "indicator": _("Indicator"),
        "value": _("Value"),
        "low": _("Corridor from"),
        "high": _("Corridor to"),
        "source": _("Whose corridor"),
        "side": _("Where it lies"),
        "compared": _("Compared with"),
        "median_of_the_team": _("Median of the team"),
        "median_before": _("Median of the periods before"),
        "course": _("Where it goes"),
        "steadiness": _("How steady"),
        **{f"from_{each.start}": kpi_words.short(each) for each in answer.line},
    }
    rows = [_of_indicator(each, of.cells[each.key], answer.medians[each.key]) for each in INDICATORS.values()]
    title = f"{of.person.name}: {kpi_words.period(answer.period)}"
    return Sheet(title, list(columns.values()), rows, list(columns))


def _of_indicator(each: Indicator, cell: Cell, median: float | None) -> list[Any]:
    corridor = cell.corridor
    return [
        header(each),
        plain(each, cell.value),
        plain(each, corridor and corridor.low),
        plain(each, corridor and corridor.high),
        kpi_words.word(corridor and corridor.source),
        kpi_words.side(each, cell.side),
        plain(each, cell.compared),
        plain(each, median),
        plain(each, cell.trend.middle),
        kpi_words.word(course(cell.trend)),
        kpi_words.word(steadiness(cell.trend)),
        *(plain(each, value) for value in cell.line),
    ]


# Who works with whom


def matrix(period: Period, rows: Iterable[Any]) -> Sheet:
    """A row a client and a person who spoke with it, as ``queries.kpi_matrix.all_of_it`` finds them."""
    columns = {
        "client": _("Client"),
        "person": _("Who"),
        "contacts": _("Contacts"),
        "minutes": _("Minutes"),
        "estimated_minutes": _("of them estimated"),
        "last_on": _("Last contact"),
    }
    said = (
        [row.client, row.person, row.contacts, int(row.minutes), int(row.estimated_minutes),
         local(row.last_at).date()]
        for row in rows
    )  # fmt: skip
    title = _("Who works with whom: %(period)s", period=kpi_words.period(period))
    return Sheet(title, list(columns.values()), said, list(columns))
