"""One person's indicators as cards: the number, its corridor, what is said of it, and the periods before."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from flask import url_for

from crmadmin.core.i18n import _
from crmadmin.reports import kpi_words
from crmadmin.reports.indicators import INDICATORS, MAIN, Indicator, Shown
from crmadmin.reports.kpi_answer import Answer, Cell, OfPerson
from crmadmin.reports.kpi_tables import plain
from crmadmin.rules.corridor import Corridor
from crmadmin.rules.dynamics import course, steadiness
from views.kpi_address import Asked
from views.kpi_drawing import bounds, corridor, percents, said, spark


class Point(NamedTuple):
    """A period of the picture and of its table: as people read it, and as the picture takes it."""

    title: str
    text: str
    corridor: str
    value: float | None
    low: float | None
    high: float | None


class Card(NamedTuple):
    indicator: Indicator
    text: str
    address: str
    side: str
    word: str
    corridor: str
    compared: str
    median: str
    dynamics: str
    beside: Sequence[str]
    path: str
    points: Sequence[Point]


def cards(answer: Answer, of: OfPerson, asked: Asked) -> tuple[list[Card], list[Card]]:
    """The main ones, and the others."""
    drawn = {key: _card(answer, of, each, asked) for key, each in INDICATORS.items()}
    return [drawn[key] for key in drawn if key in MAIN], [drawn[key] for key in drawn if key not in MAIN]


def _card(answer: Answer, of: OfPerson, each: Indicator, asked: Asked) -> Card:
    cell, median = of.cells[each.key], answer.medians[each.key]
    address = url_for("kpi.rows", person_id=of.person.id, indicator=each.key, **asked.dates)
    return Card(
        indicator=each,
        text=said(each, cell.value),
        address="" if cell.value is None else address,
        side=cell.side if cell.is_trouble else "",
        word=kpi_words.side(each, cell.side) if cell.is_trouble else "",
        corridor=corridor(each, cell),
        compared="" if cell.compared is None or not answer.compared_with else said(each, cell.compared),
        median="" if median is None else said(each, median),
        dynamics=_dynamics(cell),
        beside=list(beside(of, each, cell)),
        path=spark(cell.line, cell.value),
        points=_points(answer, of, each),
    )


def _dynamics(cell: Cell) -> str:
    """«растёт, неровно»; nothing where nothing can be said."""
    words = (kpi_words.word(course(cell.trend)), kpi_words.word(steadiness(cell.trend)))
    return ", ".join(word for word in words if word)


def beside(of: OfPerson, each: Indicator, cell: Cell) -> Iterator[str]:
    """Beside "too many" what the contacts brought; beside minutes how much of them is a guess; beside both
    what they would be without the largest client."""
    brought = of.result_per_contact
    if each.key in CONTACTS and cell.side == "high" and brought is not None:
        yield _("%(share)s with a result", share=percents(brought))
    if each.shown is Shown.minutes and of.estimated_share:
        yield _("≈ %(share)s by estimate", share=percents(of.estimated_share))
    rest = of.without_largest
    if each.key in rest and cell.value:
        yield _("%(number)s without the largest", number=said(each, rest[each.key]))


CONTACTS = {"contacts", "calls", "meetings", "negotiations", "letters", "per_day"}
"""What is counted of contacts: too many of them are asked what they brought."""


def _points(answer: Answer, of: OfPerson, each: Indicator) -> list[Point]:
    cell = of.cells[each.key]
    periods = [*answer.line, answer.period]
    values = [*cell.line, cell.value]
    return [
        _point(each, kpi_words.short(period), value, bound)
        for period, value, bound in zip(periods, values, of.corridors(each.key), strict=True)
    ]


def _point(each: Indicator, title: str, value: float | None, bound: Corridor | None) -> Point:
    low, high = (bound.low, bound.high) if bound else (None, None)
    return Point(
        title, said(each, value), bounds(each, bound), plain(each, value), plain(each, low), plain(each, high)
    )
