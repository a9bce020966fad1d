"""Which period the address of a page of numbers names, and the addresses of others."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from flask import request, url_for

from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, lazy, today
from crmadmin.reports import kpi_words
from crmadmin.reports.kpi_answer import Compare
from crmadmin.rules import periods
from crmadmin.rules.periods import Period, Unit

MOST_YEARS = 5
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)  # days that an address may name
UNITS = {
    Unit.day: lazy("Day"),
    Unit.week: lazy("Week"),
    Unit.month: lazy("Month"),
    Unit.quarter: lazy("Quarter"),
    Unit.year: lazy("Year"),
}
COMPARED = {
    Compare.before: lazy("the period before"),
    Compare.year: lazy("a year ago"),
    Compare.team: lazy("the median of the team"),
}
USUAL = Unit.month


class Choice(NamedTuple):
    """One of several addresses, and whether it is the one that is open."""

    label: Any
    address: str
    is_here: bool


class Asked(NamedTuple):
    """What an address asks for; what nobody understands of it is the usual. ``refused``: why it is not what
    was asked for."""

    period: Period
    compare: Compare
    refused: str = ""

    @property
    def days(self) -> dict[str, str]:
        """The first and the last day of the period."""
        return {"from": self.period.start.isoformat(), "to": self.period.last.isoformat()}

    @property
    def dates(self) -> dict[str, Any]:
        """The period as arguments of an address, shortly: a page of numbers has hundreds of addresses."""
        name = periods.named(self.period)
        return {"period": name} if name else {**self.days}

    @property
    def args(self) -> dict[str, Any]:
        """All of it, as arguments of an address; what is usual is left out."""
        usual = self.compare is Compare.before
        return self.dates if usual else {**self.dates, "compare": self.compare}


def asked() -> Asked:
    said = request.args
    word = said.get("compare", "")
    compare = Compare(word) if word in set(Compare) else Compare.before
    period = (
        _from_to(said.get("from"), said.get("to"))
        or _named(said.get("period", ""))
        or _around(said.get("unit"), said.get("on"))
        or periods.around(USUAL, today())
    )
    if period.days > MOST_YEARS * 366:
        why = _("Numbers are counted of at most %(num)s years at once: here is this month.", num=MOST_YEARS)
        return Asked(periods.around(USUAL, today()), compare, why)
    return Asked(period, compare)


def asked_for_a_file() -> Asked:
    """A file of another period than was asked for would tell something wrong: it is refused."""
    found = asked()
    if found.refused:
        raise DomainError(_("Numbers are counted of at most %(num)s years at once.", num=MOST_YEARS))
    return found


def same_period() -> dict[str, Any]:
    """What the address says of the period, as it is, for another address."""
    words = ("from", "to", "period", "unit", "on", "compare")
    return {word: request.args[word] for word in words if word in request.args}


def _from_to(first: str | None, last: str | None) -> Period | None:
    start, end = _day(first), _day(last)
    return periods.between(start, end) if start and end and start <= end else None


def _named(text: str) -> Period | None:
    found = periods.of_name(text)
    return found if found and found.start >= FIRST and found.last <= LAST else None


def _around(unit: str | None, on: str | None) -> Period | None:
    if unit not in UNITS:
        return None
    return periods.around(Unit(unit), _day(on) or today())


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None


class Bar(NamedTuple):
    """The line over the numbers: which period, which other ones, and what they are compared with."""

    title: str
    units: Sequence[Choice]
    before: str
    after: str
    compared: Sequence[Choice]
    compared_with: str
    first: date
    last: date
    kept: Sequence[tuple[str, str]]  # what a form that asks for other days keeps of the address


def bar(said: Asked, endpoint: str, compared_with: Period | None, **more: Any) -> Bar:
    """``more`` are the other arguments of the page's address."""

    def address(period: Period, compare: Compare = said.compare) -> str:
        return url_for(endpoint, **{**more, **Asked(period, compare).args})

    on = today() if today() in said.period else said.period.start
    others = [word for word in more if word not in {"person_id", "page"} and more[word] is not None]
    kept = [(word, str(more[word])) for word in others]
    if said.compare is not Compare.before:
        kept.append(("compare", said.compare))
    return Bar(
        kpi_words.period(said.period),
        [Choice(label, address(periods.around(unit, on)), unit is said.period.unit)
         for unit, label in UNITS.items()],
        address(periods.before(said.period)),
        address(periods.before(said.period, -1)) if said.period.end <= today() else "",
        [Choice(label, address(said.period, word), word is said.compare) for word, label in COMPARED.items()],
        kpi_words.period(compared_with) if compared_with else "",
        said.period.start,
        said.period.last,
        kept,
    )  # fmt: skip
