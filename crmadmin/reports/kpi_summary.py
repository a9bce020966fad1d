"""A page of numbers in words, as a letter says it: what it comes to, and what asks for a talk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.numbers import format_decimal

from crmadmin.core.i18n import _, day, get_locale
from crmadmin.reports import indicators, kpi_tables, kpi_words
from crmadmin.reports.indicators import INDICATORS, MAIN, Indicator, Shown
from crmadmin.reports.kpi_answer import Answer, Cell, OfPerson
from crmadmin.reports.kpi_tables import Sheet
from crmadmin.rules.corridor import Corridor, Side

OF_EACH = ("contacts", "meetings", "proposals", "clients_touched", "silent", "promises_kept")
HOUR = 60
MOST = 15  # rows of a table that are said in words; all of them are in the file


@dataclass(frozen=True)
class Said:
    """Of one person: his numbers, and what of them asks for a talk, the words of it."""

    id: int
    name: str
    numbers: Sequence[str]
    reasons: Sequence[str]


@dataclass(frozen=True)
class Summary:
    """``numbers`` are pairs of a title and what it comes to; ``more`` rows of them are in the file only."""

    numbers: Sequence[tuple[str, str]]
    people: Sequence[Said] = ()
    more: int = 0

    @property
    def in_trouble(self) -> int:
        return sum(bool(each.reasons) for each in self.people)


def of_team(answer: Answer) -> Summary:
    """What all have done together; then each of them, in the order of trouble."""
    totals = answer.totals
    numbers = [(INDICATORS[key], indicators.total(key, totals)) for key in MAIN]
    return Summary(_pairs(numbers), [_of(each, OF_EACH) for each in answer.people])


def of_person(answer: Answer, person_id: int) -> Summary:
    """Every main number of one person."""
    each = answer.of(person_id)
    return Summary(_pairs((INDICATORS[key], each.cells[key].value) for key in MAIN), [_of(each, ())])


def of_sheet(sheet: Sheet) -> Summary:
    """The first rows of any table, each by what stands in its first column."""
    rows = list(sheet.rows)
    said = [(str(row[0]), _beside(sheet.headers, row)) for row in rows[:MOST]]
    return Summary(said, more=max(0, len(rows) - MOST))


def _beside(headers: Sequence[str], row: Sequence[Any]) -> str:
    pairs = zip(headers[1:], row[1:], strict=True)
    return ", ".join(f"{header}: {_shown(value)}" for header, value in pairs if value not in (None, ""))


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    return _number(value) if isinstance(value, int | float) else str(value)


def _pairs(numbers: Iterable[tuple[Indicator, float | None]]) -> list[tuple[str, str]]:
    return [(str(each.title), said(each, value)) for each, value in numbers if value is not None]


def _of(each: OfPerson, keys: Sequence[str]) -> Said:
    numbers = [f"{INDICATORS[key].title}: {said(INDICATORS[key], each.cells[key].value)}" for key in keys]
    outside = [INDICATORS[key] for key in MAIN if each.cells[key].is_trouble]
    reasons = [reason(indicator, each.cells[indicator.key]) for indicator in outside]
    result = each.result_per_contact
    if result is not None and any(_is_too_many(one, each.cells[one.key]) for one in outside):
        reasons.append(_("Contacts with a result: %(share)s", share=_percent(result)))
    return Said(each.person.id, each.person.name, numbers, reasons)


def reason(indicator: Indicator, cell: Cell) -> str:
    """A number out of its corridor, in words."""
    words = [said(indicator, cell.value), kpi_words.side(indicator, cell.side)]
    if cell.corridor:
        words.append(_corridor(indicator, cell.corridor))
    return f"{indicator.title}: {', '.join(words)}"


def _is_too_many(indicator: Indicator, cell: Cell) -> bool:
    """Beside it stands what the contacts have come to."""
    return indicator.adds_up and cell.side is Side.high


def _corridor(indicator: Indicator, of: Corridor) -> str:
    low, high = (None if bound is None else said(indicator, bound) for bound in (of.low, of.high))
    source = kpi_words.word(of.source)
    if low is None:
        return _("expected at most %(high)s: %(source)s", high=high, source=source)
    if high is None:
        return _("expected at least %(low)s: %(source)s", low=low, source=source)
    return _("expected %(low)s to %(high)s: %(source)s", low=low, high=high, source=source)


def said(indicator: Indicator, value: float | None) -> str:
    """A value with what it is measured in, in the viewer's decimal sign."""
    if value is None:
        return "–"
    match indicator.shown:
        case Shown.share:
            return _percent(value)
        case Shown.hours:
            return _("%(num)s h", num=_number(kpi_tables.plain(indicator, value)))
        case Shown.minutes:
            return _time(round(value))
        case _:
            return _number(kpi_tables.plain(indicator, value))


def _time(minutes: int) -> str:
    if minutes < HOUR:
        return _("%(num)s min", num=minutes)
    return _("%(hours)s h %(minutes)s min", hours=_number(minutes // HOUR), minutes=minutes % HOUR)


def _percent(share: float) -> str:
    return f"{_number(kpi_tables.percent(share))} %"


def _number(value: float | None) -> str:
    return format_decimal(value or 0, locale=get_locale() or "ru")
