"""The team's numbers: people down, indicators across, by trouble; what lies behind the totals; as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.reports import indicators, kpi_tables, kpi_words
from crmadmin.reports.indicators import INDICATORS, MAIN, Indicator
from crmadmin.reports.kpi_answer import Answer, OfPerson
from crmadmin.services import kpi
from views import kpi_address
from views.base import Page, me
from views.kpi_address import Asked
from views.kpi_cards import beside
from views.kpi_drawing import corridor, said, spark
from views.kpi_files import taken

CELLS = 350  # on a page, which then weighs what a page may: twenty-five people of the main indicators


class Shown(NamedTuple):
    """A cell of the table. ``side`` says on which side of its corridor a number lies that asks for a talk."""

    text: str
    address: str
    title: str
    path: str
    side: str
    word: str
    compared: str
    beside: str


class Heading(NamedTuple):
    indicator: Indicator
    address: str  # the table sorted by it
    order: str  # ascending, descending, or none


class TeamDoors(Page):
    """The team's table as a file."""

    @expose("/export/<export_type>/")
    def table_export(self, export_type: str) -> Any:
        asked = kpi_address.asked_for_a_file()
        sheet = kpi_tables.team(team_answer(asked), keys_asked())
        told = {**asked.days, "rows": len(list(sheet.rows)) - len(sheet.foot)}
        return taken(self, sheet, export_type, "kpi", told, url_for("kpi.index", **asked.args))


def table(page: Page) -> ResponseReturnValue:
    """The team's page, for whoever may see it."""
    asked = kpi_address.asked()
    answer = team_answer(asked)
    chosen = [INDICATORS[key] for key in keys_asked()]
    more = {"more": 1 if len(chosen) > len(MAIN) else None, **_order_asked()}
    number, pages, shown = _page(answer, CELLS // len(chosen))
    return page.render(
        "pages/kpi/team.html",
        bar=kpi_address.bar(asked, "kpi.index", answer.compared_with, **more),
        refused=asked.refused,
        headings=list(_headings(asked, chosen, more)),
        people=[(each, _cells(each, chosen, asked)) for each in shown],
        page=number,
        pages=pages,
        address=lambda at: url_for("kpi.index", **{**asked.args, **more, "page": at or None}),
        medians=[said(each, answer.medians[each.key]) for each in chosen],
        totals=list(_totals(answer, chosen, asked)),
        days=answer.totals.get("days", 0),
        columns=_columns(asked),
        args={**asked.args, **{key: value for key, value in more.items() if value}},
    )


def team_answer(asked: Asked) -> Answer:
    """In the order that the address asks for; else by trouble."""
    answer = kpi.team(me(), asked.period, asked.compare, keys_asked())
    order = _order_asked()
    key = order.get("sort")
    if key is None:
        return answer
    people = sorted(answer.people, key=lambda each: (each.person.name, each.person.id))
    if key != "name":
        people.sort(key=lambda each: _place(each, key, ascending="asc" in order))
    return replace(answer, people=people)


def _page(answer: Answer, size: int) -> tuple[int, int, Sequence[OfPerson]]:
    """The page that is asked for, how many there are, and who is on it."""
    text, pages = request.args.get("page", ""), max(1, -(-len(answer.people) // size))
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    number = min(number, pages - 1)
    return number, pages, answer.people[number * size : (number + 1) * size]


def _place(each: OfPerson, key: str, *, ascending: bool) -> tuple[bool, float]:
    """Of whom nothing can be said comes last, whichever way."""
    value = each.cells[key].value
    return value is None, (value or 0) * (1 if ascending else -1)


def keys_asked() -> Sequence[str]:
    return [key for key in INDICATORS if key in MAIN or request.args.get("more") == "1"]


def _order_asked() -> dict[str, Any]:
    key = request.args.get("sort", "")
    if key != "name" and key not in keys_asked():
        return {}
    return {"sort": key, "asc": 1} if request.args.get("asc") == "1" else {"sort": key}


def _headings(asked: Asked, chosen: Sequence[Indicator], more: dict[str, Any]) -> Iterator[Heading]:
    """The largest first; a second time the smallest."""
    here, ascending = more.get("sort"), "asc" in more
    for each in chosen:
        is_here = here == each.key
        again = {"asc": None if ascending or not is_here else 1}
        address = url_for("kpi.index", **{**asked.args, **more, "sort": each.key, **again})
        yield Heading(each, address, ("ascending" if ascending else "descending") if is_here else "")


def _columns(asked: Asked) -> tuple[str, bool]:
    """The address of the page with all indicators, or with the main ones again; and which of both it is."""
    is_more = request.args.get("more") == "1"
    return url_for("kpi.index", **asked.args, more=None if is_more else 1), is_more


def _cells(each: OfPerson, chosen: Sequence[Indicator], asked: Asked) -> list[Shown]:
    where = url_for("kpi.rows", person_id=each.person.id)
    time = urlencode(asked.dates)
    return [_cell(each, indicator, f"{where}?indicator={indicator.key}&{time}") for indicator in chosen]


def _cell(each: OfPerson, indicator: Indicator, address: str) -> Shown:
    cell = each.cells[indicator.key]
    word = kpi_words.side(indicator, cell.side) if cell.is_trouble else ""
    return Shown(
        text=said(indicator, cell.value),
        address="" if cell.value is None else address,
        title=corridor(indicator, cell, shortly=True),
        path=spark(cell.line, cell.value),
        side=cell.side if cell.is_trouble else "",
        word=word,
        compared="" if cell.compared is None else said(indicator, cell.compared),
        beside=next(beside(each, indicator, cell), ""),
    )


def _totals(answer: Answer, chosen: Sequence[Indicator], asked: Asked) -> Iterator[tuple[str, str, str]]:
    """Of each indicator the total, what it would be without each one's largest client, and its rows."""
    figures = answer.totals
    rest = indicators.without_largest(figures)
    for each in chosen:
        value = indicators.total(each.key, figures) if answer.people else None
        without = said(each, rest[each.key]) if each.key in rest and value else ""
        address = url_for("kpi_team.rows", indicator=each.key, **asked.dates)
        yield said(each, value), without, "" if value is None else address
