"""One day as people say it, by the day of whoever reads: for each way of saying it, what it means.

A week ends on Friday, as work does, and its middle is Wednesday; a month's is the 15th. What is said without
its year is the next one to come. Nothing here knows where in a line it stands; ``date_phrases`` does.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple

from crmadmin.rules.date_words import (
    MONTHS,
    NEAR,
    NUMBERS,
    ORDINALS,
    PLACE,
    PLACES,
    SHORT_ENDS,
    SHORT_WEEKDAYS,
    UNITS,
    WEEKDAYS,
    one_of,
)
from crmadmin.rules.period_ends import end_of, month_ends, month_on, weekday_of_month
from crmadmin.rules.working_days import working_day

DECEMBER = 12
WORK_ENDS = time(18)


class Said(NamedTuple):
    """A day; with a time where the words have one in them."""

    on: date
    clock: time | None = None


class Asked(NamedTuple):
    """What the words are read by: the moment of whoever reads, and the little word before them."""

    there: datetime
    after: str

    @property
    def today(self) -> date:
        return self.there.date()


Reads = Callable[[re.Match[str], Asked], Said | None]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else NUMBERS[text]


def _dated(day: int, month: int, year: str | None, today: date) -> Said | None:
    """Without a year, the next one to come; a year of two figures is no past one."""
    try:
        if year:
            on = date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
            return None if len(year) == 2 and on.year < today.year else Said(on)
        for ahead in range(9):  # 29 February
            if day <= monthrange(today.year + ahead, month)[1]:
                on = date(today.year + ahead, month, day)
                if on >= today:
                    return Said(on)
    except ValueError:
        return None
    return None


# By its date

_OF_NO_DAY = {"", "at", "in", "в", "во"}  # «в 1/2 партии», "at 15.5"


def _iso(match: re.Match[str], asked: Asked) -> Said | None:
    return _dated(int(match[3]), int(match[2]), match[1], asked.today)


def _figures(match: re.Match[str], asked: Asked) -> Said | None:
    """15.03, 15.03.2026, 15/03; 5.3 and 5/3 only after a word like «до»."""
    day, dot, month, year = match[1], match[2], match[3], match[4]
    if not year and asked.after in _OF_NO_DAY and (dot == "/" or len(month) == 1):
        return None
    if dot == "/" and int(month) > DECEMBER >= int(day):  # 3/15, as in America
        day, month = month, day
    return _dated(int(day), int(month), year, asked.today) if 1 <= int(month) <= DECEMBER else None


def _day_and_month(match: re.Match[str], asked: Asked) -> Said | None:
    return _dated(int(match[1]), MONTHS[match[2]], match[3], asked.today)


def _month_and_day(match: re.Match[str], asked: Asked) -> Said | None:
    return _dated(int(match[2]), MONTHS[match[1]], match[3], asked.today)


def _ordinal(match: re.Match[str], asked: Asked) -> Said | None:
    number = ORDINALS[" ".join(match[1].split())]
    return _dated(number, MONTHS[match[2]], None, asked.today) if match[2] else _of_month(number, asked.today)


def _day_of_month(match: re.Match[str], asked: Asked) -> Said | None:
    return _of_month(int(match[1]), asked.today, bool(match.groupdict().get("next")))


def _of_month(number: int, today: date, months: int = 0) -> Said | None:
    if not 1 <= number <= 31:
        return None
    for ahead in range(months, 3):
        last = month_ends(today, ahead)
        if number <= last.day and last.replace(day=number) >= today:
            return Said(last.replace(day=number))
    return None


# By its name


def _near(match: re.Match[str], asked: Asked) -> Said | None:
    said = "after tomorrow" if match[1].endswith("after tomorrow") else match[1]
    return Said(asked.today + timedelta(days=NEAR[said]))


_NEXT = r"следующ\w+|след\.?|будущ\w+|next"
_THIS = r"эт\w+|ближайш\w+|текущ\w+|this|coming|current"


def _weekday(match: re.Match[str], asked: Asked) -> Said | None:
    """The next one after today; of the next week where that is said, «через неделю» a week later."""
    which, name, later = match["which"] or "", match["name"], match["later"] or ""
    if name in SHORT_WEEKDAYS and not (asked.after or which or later):
        return None
    number = WEEKDAYS.get(name, SHORT_WEEKDAYS.get(name, 0))
    monday = asked.today - timedelta(days=asked.today.weekday())
    if re.match(_NEXT, which) or "след" in later or "next" in later:
        return Said(monday + timedelta(days=number, weeks=1))
    ahead = (number - asked.today.weekday()) % 7
    if not ahead and not which:
        ahead = 7
    return Said(asked.today + timedelta(days=ahead, weeks=1 if "через" in later else 0))


def _next_week_on(match: re.Match[str], asked: Asked) -> Said | None:
    number = WEEKDAYS.get(match["name"], SHORT_WEEKDAYS.get(match["name"], 0))
    monday = asked.today - timedelta(days=asked.today.weekday())
    return Said(monday + timedelta(days=number, weeks=1))


def _weekday_of_month(match: re.Match[str], asked: Asked) -> Said | None:
    """«первый понедельник декабря», "last Friday of the month": the next one to come."""
    unit = match["unit"]
    for ahead in range(1 if re.match(_NEXT, match["which"] or "") else 0, 14):
        last = month_ends(asked.today, ahead)
        on = weekday_of_month(last, WEEKDAYS[match["name"]], PLACES[match["place"][:2]])
        if on >= asked.today and MONTHS.get(unit, last.month) == last.month:
            return Said(on)
    return None


def _span(match: re.Match[str], asked: Asked) -> Said | None:
    """«на следующей неделе», "this month": to its end."""
    if not asked.after and not match["which"].startswith(("next", "this")):
        return None
    ahead = 1 if re.match(_NEXT, match["which"]) else 0
    return Said(end_of(match["unit"], ahead, asked.today))


def _edge(match: re.Match[str], asked: Asked) -> Said | None:
    """The end of a day, week, month, quarter or year; beginning and middle of a week or a month."""
    edge, unit = match["edge"], match["unit"]
    ahead = 1 if re.match(_NEXT, match["which"] or "") else 0
    if unit in MONTHS:
        first = _dated(1, MONTHS[unit], None, asked.today.replace(day=1))
        last = month_ends(first.on) if first else asked.today
    else:
        last = end_of(unit, ahead, asked.today)
    if edge.startswith(("кон", "end")):
        clock = WORK_ENDS if match["work"] else None
        return Said(last, clock)
    first_days = edge.startswith(("нач", "beg", "start"))
    if unit.startswith(("нед", "week")):
        on = last + timedelta(days=(1 if first_days else 2) - last.weekday())
    elif unit in MONTHS or unit.startswith(("мес", "month")):
        on = last.replace(day=5 if first_days else 15)
    else:
        return None
    return Said(on) if on >= asked.today else None


def _short_end(match: re.Match[str], asked: Asked) -> Said | None:
    known = match[1] in SHORT_ENDS
    return Said(end_of(SHORT_ENDS[match[1]], 0, asked.today)) if known else Said(asked.today, WORK_ENDS)


def _new_year(_match: re.Match[str], asked: Asked) -> Said | None:
    return Said(date(asked.today.year, DECEMBER, 31))


def _month(match: re.Match[str], asked: Asked) -> Said | None:
    """«в марте» is to its end; «до марта» and "by March" before it begins."""
    if not asked.after or (asked.after, match[1]) == ("к", "марте"):  # to the month of March is «к марту»
        return None
    first = _dated(1, MONTHS[match[1]], match[2], asked.today.replace(day=1))
    if first is None or asked.after in {"на", "on", "at", "по", "this"}:
        return None
    if asked.after in {"в", "во", "in"}:
        return Said(month_ends(first.on))
    before = first.on - timedelta(days=1)
    return Said(before if before >= asked.today else month_on(first.on, 12) - timedelta(days=1))


# By how long it is until then


def _later(match: re.Match[str], asked: Asked) -> Said | None:
    if not match["number"] and match[0].startswith("в течени") and match["unit"] in {"дня", "суток"}:
        return Said(asked.today)
    number = _number(match["number"]) if match["number"] else 1
    if match["working"]:
        return Said(working_day(asked.today + timedelta(days=1), number - 1)) if 0 < number <= 250 else None
    return _after(number, match["unit"], asked.there)


def _half(match: re.Match[str], asked: Asked) -> Said | None:
    said = match[1]
    if said in {"полгода", "half a year"}:
        return Said(month_on(asked.today, 6))
    return _minutes(90 if said.startswith("полтора") else 30, asked.there)


def _minutes(minutes: int, there: datetime) -> Said:
    """Hours of the clock's, whatever is done to it meanwhile."""
    at = (there.astimezone() + timedelta(minutes=minutes)).astimezone(there.tzinfo)
    return Said(at.date(), at.time().replace(second=0, microsecond=0))


def _after(number: int, unit: str, there: datetime) -> Said | None:
    kind = next(each for each, said in UNITS.items() if re.fullmatch(said, unit))
    today = there.date()
    if not 0 < number <= 1000:
        return None
    match kind:
        case "minute" | "hour":
            return _minutes(number * (60 if kind == "hour" else 1), there)
        case "month" | "year":
            return Said(month_on(today, number * (12 if kind == "year" else 1)))
        case _:
            return Said(today + timedelta(days=number * (7 if kind == "week" else 1)))


# The ways of saying


@cache
def ways() -> tuple[tuple[re.Pattern[str], Reads], ...]:
    """Made at their first use, the more particular ones first."""
    month, units = one_of(MONTHS), "|".join(UNITS.values())
    weekday = one_of([*WEEKDAYS, *SHORT_WEEKDAYS])
    number, year = rf"\d{{1,3}}|{one_of(NUMBERS)}", r"(?:,?\s+(\d{4})(?:\s*(?:года|году|г\.?))?)?"
    nth = r"(?:-?(?:го|ого|е|ое|му|ому)|st|nd|rd|th)"
    spans = r"недел\w+|месяц\w*|квартал\w*|год\w*|week|month|quarter|year"
    edges = r"кон(?:ец|ца|цу|це)|начал[оауе]|середин[аыуе]|(?:end|beginning|start|middle)\s+of"
    next_week = r"на\s+(?:следующей|след\.?)\s+неделе|(?:of\s+)?next\s+week"
    written: tuple[tuple[str, Reads], ...] = (
        (r"(\d{4})-(\d\d)-(\d\d)(?!\d)", _iso),
        (r"(\d{1,2})([./])(\d{1,2})(?:[./](\d{4}|\d{2}))?(?:\s*(?:года|г\.))?(?![\d/]|[.,:]\d)", _figures),
        (rf"(?:the\s+)?(\d{{1,2}}){nth}?\s+(?:of\s+)?({month})\b\.?{year}", _day_and_month),
        (rf"({month})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.]){year}", _month_and_day),
        (rf"({one_of(ORDINALS)})\s+(?:числа|числу|({month}))\b", _ordinal),
        (rf"(\d{{1,2}}){nth}?\s+числ[ауо]\b(?P<next>\s+(?:{_NEXT})\s+месяца)?", _day_of_month),
        (rf"(?:the\s+)?(\d{{1,2}}){nth}(?!\w)", _day_of_month),
        (rf"(?:the\s+)?(?P<place>{PLACE})\s+(?P<name>{one_of(WEEKDAYS)})\s+(?:of\s+)?(?:the\s+)?"
         rf"(?:(?P<which>{_NEXT}|{_THIS})\s+)?(?P<unit>месяца|month|{month})\b", _weekday_of_month),
        (rf"(?P<name>{weekday})\b\.?,?\s+(?P<which>)(?P<later>{next_week}|через\s+неделю)", _weekday),
        (rf"(?P<later>через\s+неделю),?\s+(?P<which>)во?\s+(?P<name>{weekday})\b", _weekday),
        (rf"(?:следующей|след\.?)\s+неделе,?\s+(?:в|во|к)?\s*(?P<name>{weekday})\b", _next_week_on),
        (rf"next\s+week,?\s+(?:on\s+)?(?P<name>{weekday})\b", _next_week_on),
        (rf"(?:(?P<which>{_NEXT}|{_THIS})\s+)?(?P<name>{weekday})\b(?P<later>)", _weekday),
        (rf"({one_of(NEAR)}|(?:the\s+)?day\s+after\s+tomorrow)\b(?:\s+(?:дня|дню|день))?", _near),
        (rf"(?:the\s+)?(?P<edge>{edges})\s+(?:(?P<which>{_NEXT}|{_THIS}|the)\s+)?(?P<work>рабочего\s+|business\s+|working\s+)?"
         rf"(?P<unit>дня|day|{spans}|{month})\b", _edge),
        (r"(?P<which>)(?P<work>)(?P<unit>month|week|year|quarter)(?:-|\s|'s\s)(?P<edge>end)\b", _edge),
        (r"(eod|eow|eom|eoq|eoy|cob|close of business)\b", _short_end),
        (rf"(?P<which>{_NEXT}|{_THIS})\s+(?P<unit>{spans})\b", _span),
        (r"(?:new\s+year(?:'s)?(?:\s+eve)?|нового\s+года|новому\s+году)\b", _new_year),
        (r"(?:через|спустя|in|within)\s+(полтора\s+часа|полчаса|полгода|half\s+an\s+hour|half\s+a\s+year)\b",
         _half),
        (rf"(?:через|спустя|in(?:\s+the\s+next)?|within|в\s+течени[еи]|не\s+позднее\s+чем\s+через)\s+(?:a\s+)?"
         rf"(?:(?P<number>{number})\s+(?:of\s+)?)?"
         rf"(?P<working>рабоч\w+\s+|раб\.\s*|working\s+|business\s+)?(?P<unit>{units})\b", _later),
        (rf"(?P<number>{number})\s+(?P<working>working\s+|business\s+)?(?P<unit>{units})\s+from\s+(?:now|today)\b",
         _later),
        (rf"({month})\b\.?{year}", _month),
    )  # fmt: skip
    return tuple((re.compile(pattern), reads) for pattern, reads in written)
