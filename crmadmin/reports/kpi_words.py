"""What is said of a number beside it: on which side of its corridor it lies, by what, and where it goes."""

from datetime import date
from enum import StrEnum

from crmadmin.core import i18n
from crmadmin.core.i18n import LazyString, _, lazy
from crmadmin.reports.indicators import Indicator, Shown
from crmadmin.rules.corridor import Side, Source
from crmadmin.rules.dynamics import Course, Steadiness
from crmadmin.rules.periods import Period, Unit

WORDS: dict[StrEnum, LazyString] = {
    Source.person: lazy("own norm"),
    Source.role: lazy("norm of the role"),
    Source.history: lazy("own history"),
    Course.up: lazy("rises"),
    Course.level: lazy("holds its level"),
    Course.down: lazy("falls"),
    Steadiness.steady: lazy("steady"),
    Steadiness.uneven: lazy("uneven"),
    Steadiness.erratic: lazy("by leaps"),
}


def word(said: StrEnum | None) -> str:
    return "" if said is None else str(WORDS[said])


def side(indicator: Indicator, lies: Side) -> str:
    """Nothing of what lies inside."""
    if lies is Side.inside:
        return ""
    if indicator.shown in (Shown.number, Shown.minutes):
        return _("too few") if lies is Side.low else _("too many")
    return _("too low") if lies is Side.low else _("too high")


def period(of: Period) -> str:
    """«март 2026», «I квартал 2026», «2–8 марта»."""
    if of.unit is Unit.day:
        return i18n.day(of.start)
    if of.unit is Unit.month:
        return i18n.month(of.start)
    if of.unit is Unit.quarter:
        return _("quarter %(number)s, %(year)s", number=(of.start.month + 2) // 3, year=of.start.year)
    if of.unit is Unit.year:
        return str(of.start.year)
    return f"{i18n.day(of.start)} – {i18n.day(of.last)}"


def short(of: Period) -> str:
    """As the heading of one of many: «03.2026», «I 2026», «02.03»."""
    if of.unit is Unit.year:
        return str(of.start.year)
    if of.unit in (Unit.month, Unit.quarter):
        return f"{of.start:%m.%Y}"
    return _from(of.start)


def _from(on: date) -> str:
    return f"{on:%d.%m.%y}"
