"""Words in the viewer's language; days and moments as people say them, in the installation's zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.support import NullTranslations
from flask_babel import force_locale, get_domain, get_locale
from flask_babel import format_date as _babel_date
from flask_babel.speaklater import LazyString

from crmadmin.core import clock
from models.base import language as reference_language

__all__ = [
    "TRANSLATIONS",
    "LazyString",
    "_",
    "get_locale",
    "language",
    "lazy",
    "local",
    "moment",
    "moment_exact",
    "plural",
    "said",
    "set_zone",
    "speaking",
    "today",
    "zone",
]

TRANSLATIONS = Path(__file__).parents[1] / "translations"

_zone: list[ZoneInfo] = [ZoneInfo("Europe/Moscow")]
_catalogues: dict[str, NullTranslations] = {}


def _(message: str, **values: Any) -> str:
    """The message in the language of whoever asks; ``%(name)s`` placeholders are filled."""
    text = _catalogue().ugettext(message)
    return text % values if values else text


def lazy(message: str, **values: Any) -> LazyString:
    """A message that is translated when it is shown: for what is declared once and read by many."""
    return LazyString(_, message, **values)


def plural(one: str, many: str, num: int, **values: Any) -> str:
    return _catalogue().ungettext(one, many, num) % {"num": num, **values}


def said(message: str) -> str:
    """A library's message, where our catalogue has it; else as it is."""
    return _(message)


def _catalogue() -> NullTranslations:
    """The viewer's. A page says some hundred messages, and Flask-Babel would look for it at each of them."""
    spoken = language()
    if spoken not in _catalogues:
        _catalogues[spoken] = get_domain().get_translations()
    return _catalogues[spoken]


def language() -> str:
    """The viewer's, as two letters; none where nobody asks."""
    locale = get_locale()
    return locale.language if locale else ""


@contextmanager
def speaking(spoken: str) -> Iterator[None]:
    """Everything inside is said in this language, whoever asks: a letter speaks that of its reader."""
    token = reference_language.set(spoken)
    try:
        with force_locale(spoken):
            yield
    finally:
        reference_language.reset(token)


def set_zone(value: ZoneInfo) -> None:
    _zone[0] = value


def zone() -> ZoneInfo:
    """The installation's zone: in it times are shown and entered, days and periods begin."""
    return _zone[0]


def local(at: datetime) -> datetime:
    return at.astimezone(_zone[0])


def today() -> date:
    return local(clock.now()).date()


def start_of(day: date, where: ZoneInfo | None = None) -> datetime:
    """The first moment of a day of the installation, or of that zone, in UTC."""
    return datetime.combine(day, time(), where or _zone[0]).astimezone(UTC)


def at_minute(day: date, minute: int) -> datetime:
    """That minute of a day of the installation, in UTC."""
    return datetime.combine(day, time(*divmod(minute, 60)), _zone[0]).astimezone(UTC)


def moment(at: datetime) -> str:
    """«сегодня, 14:20», «вчера, 9:05», «3 марта, 10:00»; of what is longer past the date alone."""
    there = local(at)
    days = (there.date() - today()).days
    clock_time = f"{there:%H:%M}"
    if days == 0:
        return _("today, %(time)s", time=clock_time)
    if days == -1:
        return _("yesterday, %(time)s", time=clock_time)
    if days == 1:
        return _("tomorrow, %(time)s", time=clock_time)
    if -7 < days < 0:
        return plural("%(num)d day ago", "%(num)d days ago", -days)
    return f"{day(there.date())}, {clock_time}" if days > 0 else day(there.date())


def moment_exact(at: datetime) -> str:
    return f"{local(at):%d.%m.%Y %H:%M}"


def day(on: date) -> str:
    """«3 марта», and the year where it is not this one."""
    return _day(on, on.year == today().year, language())


@lru_cache(maxsize=4_096)  # a list says the same days over and over
def _day(on: date, of_this_year: bool, spoken: str) -> str:
    if of_this_year:
        return _babel_date(on, "d MMMM" if spoken == "ru" else "d MMM")
    return _babel_date(on, "d MMM y")


def month(on: date) -> str:
    """«март 2026»."""
    return _babel_date(on, "LLLL y")


def weekday(on: date) -> str:
    """«пн»."""
    return _babel_date(on, "EEE")
