"""The catalogue of indicators: what each is called, how it is shown, and its value from what was counted.

Page, file, print, JSON, letter and alarm all read this one list; a new indicator is one entry here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from crmadmin.core.i18n import LazyString, lazy
from crmadmin.rules.corridor import Side

Figures = Mapping[str, Any]


class Shown(StrEnum):
    """How a value is written: a number, a share of one, minutes, hours."""

    number = auto()
    share = auto()
    minutes = auto()
    hours = auto()


class Better(StrEnum):
    """Which way is better: more, less, or neither, where both sides of a corridor ask for a talk."""

    more = auto()
    less = auto()
    within = auto()


class Behind(StrEnum):
    """What rows a number opens: records, clients or promises."""

    records = auto()
    clients = auto()
    promises = auto()


@dataclass(frozen=True)
class Indicator:
    """``value`` is None where nothing can be said: a share of none.

    ``adds_up``: of a longer time there is more of it; its norm is for a working week. ``counts`` is the key
    of the figure that the number of rows behind it equals; ``of`` that of all from which they are a share.
    """

    key: str
    title: LazyString
    help: LazyString
    value: Callable[[Figures], float | None]
    shown: Shown = Shown.number
    better: Better = Better.within
    adds_up: bool = True
    behind: Behind = Behind.records
    counts: str = ""
    of: str = ""


def _figure(key: str) -> Callable[[Figures], float | None]:
    return lambda figures: figures.get(key)


def _share(part: str, whole: str) -> Callable[[Figures], float | None]:
    return lambda figures: figures[part] / figures[whole] if figures.get(whole) else None


def _number(
    key: str,
    title: LazyString,
    help: LazyString,
    behind: Behind = Behind.records,
    better: Better = Better.within,
) -> Indicator:
    return Indicator(key, title, help, _figure(key), better=better, behind=behind, counts=key)


def _part(
    key: str, title: LazyString, help: LazyString, ways: tuple[str, str], behind: Behind = Behind.records
) -> Indicator:
    part, whole = ways
    return Indicator(
        key, title, help, _share(part, whole),
        shown=Shown.share, better=Better.more, adds_up=False, behind=behind, counts=part, of=whole,
    )  # fmt: skip


def _concentration(figures: Figures) -> float | None:
    minutes = figures.get("minutes")
    return figures["squares"] / minutes**2 if minutes else None


INDICATORS: dict[str, Indicator] = {
    each.key: each
    for each in (
        _number("contacts", lazy("Contacts"), lazy("Held interactions of kinds that are contacts.")),
        _number("calls", lazy("Calls"), lazy("Held calls.")),
        _number("meetings", lazy("Meetings"), lazy("Held meetings.")),
        _number("negotiations", lazy("Negotiations"), lazy("Held negotiations.")),
        _number("letters", lazy("Letters"), lazy("Letters sent and received.")),
        _number("proposals", lazy("Proposals"), lazy("Commercial proposals prepared.")),
        _number(
            "clients_touched", lazy("Clients touched"), lazy("Different clients among the contacts."),
            Behind.clients,
        ),
        _part(
            "coverage", lazy("Coverage"),
            lazy("Of his clients with a rhythm, those who were spoken to within it, by anybody."),
            ("within", "with_rhythm"), Behind.clients,
        ),
        Indicator(
            "silent", lazy("Silent clients"), lazy("His clients past their rhythm at the end of the period."),
            _figure("silent"),
            better=Better.less, adds_up=False, behind=Behind.clients, counts="silent", of="with_rhythm",
        ),
        _number(
            "new_clients", lazy("New clients"),
            lazy("Clients whose first contact ever is his, and lies in the period."),
            Behind.clients, Better.more,
        ),
        Indicator(
            "minutes", lazy("Minutes"),
            lazy("Minutes of contacts; where nobody has said, the usual ones of the kind, as an estimate."),
            _figure("minutes"), shown=Shown.minutes, counts="contacts",
        ),
        Indicator(
            "top_share", lazy("Share of one client"), lazy("The largest client's minutes of all minutes."),
            _share("top_minutes", "minutes"),
            shown=Shown.share, better=Better.less, adds_up=False,
            behind=Behind.clients, counts="clients_touched",
        ),
        Indicator(
            "concentration", lazy("Concentration"),
            lazy("The sum of the squares of each client's share of the minutes; 1: all for one client."),
            _concentration,
            shown=Shown.share, better=Better.less, adds_up=False,
            behind=Behind.clients, counts="clients_touched",
        ),
        _part(
            "promises_kept", lazy("Promises kept"),
            lazy("Of promises to clients due in the period, those kept on time."),
            ("promises_kept_on_time", "promises_due"), Behind.promises,
        ),
        _part(
            "quality", lazy("Quality of records"),
            lazy("Share of contacts with a result, a next step, and request and reaction filled."),
            ("complete", "contacts"),
        ),
        _part("with_result", lazy("With a result"), lazy("Share of contacts with a result."),
              ("with_result", "contacts")),
        _part("with_next", lazy("With a next step"),
              lazy("Share of contacts with a planned interaction or a reason for none."),
              ("with_next", "contacts")),
        _part("with_words", lazy("With words"), lazy("Share of contacts with request and reaction filled."),
              ("with_words", "contacts")),
        Indicator(
            "lag", lazy("Delay of recording"), lazy("Median hours from happening to recording."),
            _figure("lag"), shown=Shown.hours, better=Better.less, adds_up=False, counts="contacts",
        ),
        _part("same_day", lazy("Recorded the same day"),
              lazy("Share of contacts recorded on the day they happened."), ("same_day", "contacts")),
        Indicator(
            "per_day", lazy("Contacts per working day"), lazy("Contacts / working days of the person."),
            lambda figures: figures["contacts"] / figures["days"] if figures.get("days") else None,
            adds_up=False, counts="contacts",
        ),
    )
}  # fmt: skip
"""In the order in which they are shown."""

MAIN = (
    "contacts", "calls", "meetings", "negotiations", "proposals", "clients_touched", "coverage", "silent",
    "new_clients", "minutes", "top_share", "promises_kept", "quality", "lag",
)  # fmt: skip
"""What the team's table shows unless one asks for more."""


def is_trouble(indicator: Indicator, side: Side) -> bool:
    """Whether it asks for a talk: more of what is better is none."""
    if side is Side.inside:
        return False
    return indicator.better is not (Better.more if side is Side.high else Better.less)


def value(key: str, figures: Figures) -> float | None:
    return INDICATORS[key].value(figures)


def values(figures: Figures, keys: Iterable[str] = INDICATORS) -> dict[str, float | None]:
    """Indicators of one person and one period: every one, unless only these are wanted."""
    return {key: INDICATORS[key].value(figures) for key in keys}


def result_per_contact(figures: Figures) -> float | None:
    """What stands beside "too many": the share of contacts that had a result."""
    return _share("with_result", "contacts")(figures)


def estimated_share(figures: Figures) -> float | None:
    """Of the minutes, those that nobody has said."""
    return _share("estimated_minutes", "minutes")(figures)


_ONE_PERSON_S = {"clients_touched", "top_client", "squares", "lag"}
"""Figures that several people's do not add up to: a client that two have spoken to is one client."""


def together(several: Iterable[Figures]) -> Figures:
    """The figures of several people at once. ``top_minutes`` are those of each one's largest client."""
    found: dict[str, Any] = {}
    for figures in several:
        for key in figures.keys() - _ONE_PERSON_S:
            found[key] = found.get(key, 0) + (figures[key] or 0)
    return found


def total(key: str, figures: Figures) -> float | None:
    """An indicator of several people at once; None of what cannot be said of them."""
    return None if key in _OF_ONE_PERSON else value(key, figures)


_OF_ONE_PERSON = {"clients_touched", "top_share", "concentration", "lag"}


def without_largest(figures: Figures) -> dict[str, float]:
    """What is left of the totals without the client that took most minutes: the largest."""
    return {
        "minutes": figures.get("minutes", 0) - (figures.get("top_minutes") or 0),
        "contacts": figures.get("contacts", 0) - (figures.get("top_contacts") or 0),
    }
