"""Until when something is promised, read out of a line as people type it, in Russian or in English.

«цены до четверга», «в пятницу к 15:00», «через 2 недели», «15 марта», "by Friday", "end of month".

Where people differ it is understood so: a day is meant to its end, «до четверга» with the Thursday; a weekday
is the next one after today, and «в следующий вторник», "next Tuesday", is that of the next week; a time
without its day is the next one to come. Of several days in a line the one with «до», «к» or "by" counts,
else the last.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crmadmin.rules.date_days import Asked, Said, ways
from crmadmin.rules.date_words import DAY_PARTS, MONTHS, SHORT_WEEKDAYS, WEEKDAYS, one_of

_A_MOMENT = timedelta(microseconds=1)
_SIGNS = frozenset(",;.!?:")


class Due(NamedTuple):
    """The last moment, whether it is a whole day's, and where in the line it is said."""

    at: datetime
    whole_day: bool
    start: int
    end: int


class _Found(NamedTuple):
    urgent: bool
    start: int
    end: int
    on: date
    clock: time | None


def due(text: str, now: datetime, zone: ZoneInfo) -> Due | None:
    """What a line says of its due time; None where it says nothing of it."""
    there, line = now.astimezone(zone), folded(text)
    found: list[_Found] = []
    for start in _WORD.finditer(line):
        if found and start.start() < found[-1].end:
            continue
        if (phrase := _phrase(line, start.start(), there)) is not None:
            found.append(phrase)
    if not found:
        return None
    said = max(found, key=lambda each: each[:2])
    if not 1900 <= said.on.year <= 2200:
        return None
    return Due(end_of(said.on, said.clock, zone), said.clock is None, said.start, said.end)


def names_no_day(text: str) -> bool:
    """It says a day that no calendar has: «32.13.2026», «31 февраля». Nobody should guess what was meant."""
    line = folded(text)
    figures = [(int(found[1]), int(found[2])) for found in _FIGURES.finditer(line)]
    named = [(int(found[1]), MONTHS[found[2]]) for found in _of_months().finditer(line)]
    return any(not 1 <= month <= 12 or not 1 <= day <= _LONGEST[month] for day, month in [*figures, *named])


_FIGURES = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(?:\d{4}|\d{2})(?![\d.]*\d)")
_LONGEST = dict(enumerate((31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), 1))


@cache
def _of_months() -> re.Pattern[str]:
    return re.compile(rf"\b(\d{{1,2}})\s+({one_of(MONTHS)})\b")


def end_of(on: date, clock: time | None, zone: ZoneInfo) -> datetime:
    """The last moment of a day of the zone, or the very time of it."""
    if clock is not None:
        return datetime.combine(on, clock, zone).astimezone(UTC)
    return datetime.combine(on + timedelta(days=1), time(), zone).astimezone(UTC) - _A_MOMENT


def without(text: str, said: Due) -> str:
    """The line but for its due phrase: whatever else was typed stays as it is."""
    before = text[: said.start].rstrip(" \t\xa0,;:—–-(")
    after = text[said.end :].lstrip(" \t\xa0)" if before else " \t\xa0,;.:)—–-")
    between = "" if after[:1] in _SIGNS else " "
    return f"{before}{between}{after}".strip(" \t\xa0,;")


def folded(text: str) -> str:
    """Small letters, ё as е, plain blanks; as long as it was, so that places stay places."""
    small = "".join(each.lower() if len(each.lower()) == 1 else each for each in text)
    return small.replace("ё", "е").replace("\xa0", " ").replace("’", "'")


_WORD = re.compile(r"(?<![\w.,:/№#@$€-])\w")
_DEADLINE = (
    r"не\s+позднее|не\s+позже|самое\s+позднее(?:\s+во?)?|до|к|ко|no\s+later\s+than|not\s+later\s+than|by|until|till|before"
    r"|due(?:\s+(?:on|by))?"
)
_NOT_AFTER = re.compile(
    r"\b(?:с|со|от|после|позднее|раньше|ранее|за|прошл\w+|кажд\w+|минувш\w+"
    r"|за\s+\w+\s+(?:час|дн|ден|дня|недел|месяц)\w*(?:\s+до)?"
    r"|since|from|after|not(?:\s+before)?|earlier\s+than|last|every|each|per|of)\s+$"
)
_NOT_BEFORE = re.compile(
    r"\s*(?:%|руб|р\.|₽|\$|€|тыс|млн|млрд|кг\b|шт|тонн|т\b|куб|метр|мм?\b|см\b|процент|percent|usd\b|eur\b)"
)


@cache
def _little_words() -> re.Pattern[str]:
    return re.compile(rf"(?:(?P<must>{_DEADLINE})|(?P<may>в|во|на|по|on|at|in))\s+")


@cache
def _between() -> re.Pattern[str]:
    """What stands between a day and a time, or a time and a day."""
    return re.compile(rf",?\s*(?:(?P<must>{_DEADLINE})\s+|(?P<may>в|во|на|on|at|in\s+the)\s+)?")


_TAIL = re.compile(
    r"\s+(?:включительно|inclusive|at\s+the\s+latest|до\s+конца\s+дня|by\s+(?:the\s+)?end\s+of\s+(?:the\s+)?day)\b"
)


def _phrase(line: str, start: int, there: datetime) -> _Found | None:
    """The due phrase that begins at this word: a day, a time, or both in any order."""
    if _NOT_AFTER.search(line[:start]):
        return None
    little = _little_words().match(line, start)
    for word in (little, None) if little else (None,):
        at, after = (word.end(), word[0].strip()) if word else (start, "")
        must = bool(word and word["must"])
        found = _day_first(line, at, Asked(there, after), must) or _time_first(
            line, at, Asked(there, after), must
        )
        if found is not None:
            end = found.end
            end = tail.end() if (tail := _TAIL.match(line, end)) else end
            return found._replace(start=start, end=end)
    return None


def _day_first(line: str, at: int, asked: Asked, must: bool) -> _Found | None:
    day = _day(line, at, asked)
    if day is None:
        return None
    (on, clock), end = day
    if clock is None and (gap := _between().match(line, end)):
        said = _clock(line, gap.end(), gap["must"] or gap["may"] or "")
        if said is not None and (gap.end() > end):
            clock, end = said
            must = must or bool(gap["must"])
    if clock is None and asked.after == "before" and on > asked.today:
        on -= timedelta(days=1)
    return _Found(must, at, end, on, clock)


def _time_first(line: str, at: int, asked: Asked, must: bool) -> _Found | None:
    said = _clock(line, at, asked.after, alone=True)
    if said is None:
        return None
    clock, end = said
    gap = _between().match(line, end)
    if gap and gap.end() > end:
        little = gap["must"] or gap["may"] or ""
        day = _day(line, gap.end(), Asked(asked.there, little))
        if day is not None and day[0].clock is None:
            return _Found(must or bool(gap["must"]), at, day[1], day[0].on, clock)
    ahead = 0 if clock > asked.there.time() else 1
    return _Found(must, at, end, asked.today + timedelta(days=ahead), clock)


_TO_ITS_END = re.compile(
    r"(?:кон(?:ец|ца|цу|це)\s+дня|(?:the\s+)?end\s+of\s+(?:the\s+)?day|eod)\s+(?:во?\s+|on\s+)?"
)


def _day(line: str, at: int, asked: Asked) -> tuple[Said, int] | None:
    """«До конца дня завтра» is tomorrow, and alone it is today; «среда 18 марта» is that day of March."""
    if (whole := _TO_ITS_END.match(line, at)) and (named := _named(line, whole.end(), asked)):
        return named
    named = _named(line, at, asked)
    if named is None:
        return None
    said, end = named
    weekday = _weekday().match(line, at)
    if weekday and weekday.end() == end:
        return _dated_weekday(line, end, said, asked) or named
    beside = _weekday_beside().match(line, end)
    is_it = beside and _EACH_WEEKDAY[beside[1]] == said.on.weekday()
    return (said, beside.end()) if beside and is_it else named


def _dated_weekday(line: str, end: int, said: Said, asked: Asked) -> tuple[Said, int] | None:
    """The date that follows a weekday; figures alone may be a time, and are its date if they agree."""
    gap = _GAP.match(line, end)
    date_of = _named(line, gap.end(), asked) if gap else None
    if gap is None or date_of is None or _weekday().match(line, gap.end()):
        return None
    words = line[gap.end() : date_of[1]]
    if not re.search(r"[^\W\d_]|-", words) and date_of[0].on.weekday() != said.on.weekday():
        return None
    return date_of if re.search(r"\d", words) else None


_GAP = re.compile(r",?\s+")
_EACH_WEEKDAY = {**SHORT_WEEKDAYS, **WEEKDAYS}


@cache
def _weekday() -> re.Pattern[str]:
    return re.compile(rf"(?:{one_of([*_EACH_WEEKDAY])})\b\.?")


@cache
def _weekday_beside() -> re.Pattern[str]:
    """«18 марта (среда)», «18.03, ср»."""
    return re.compile(rf"(?:,\s*|\s*\(\s*)({one_of([*_EACH_WEEKDAY])})\b\.?\)?")


def _named(line: str, at: int, asked: Asked) -> tuple[Said, int] | None:
    for pattern, reads in ways():
        match = pattern.match(line, at)
        if match is None or _runs_on(line, match.end()):
            continue
        try:
            said = reads(match, asked)
        except (OverflowError, ValueError):  # beyond the last year there is
            continue
        if said is not None:
            return said, match.end()
    return None


def _runs_on(line: str, end: int) -> bool:
    """It goes on as something else: a word, a sum, «через неделю после 20 марта»."""
    return bool(re.match(r"[\w-]|\s+(?:после|от|after|from)\s+\d", line[end : end + 12])) or bool(
        _NOT_BEFORE.match(line, end)
    )


# Times of day

_HOURS = re.compile(r"(\d{1,2})[:.](\d\d)(?:\s*(?:ч\.?|час\w*))?(\s*[ap]\.?m\b\.?)?(?![\d:]|[.,]\d)")
_HOUR = re.compile(
    r"(\d{1,2})(?:\s*(?P<word>час(?:ам|ов|а|у)?|ч\.?|o'clock))?(?:\s*(?P<part>утра|дня|вечера|ночи|[ap]\.?m\b\.?))?(?![\w:.,/%-]*\d|\w)"
)
_NOON = 12


@cache
def _parts() -> re.Pattern[str]:
    return re.compile(rf"({one_of(DAY_PARTS)})\b")


def _clock(line: str, at: int, after: str, *, alone: bool = False) -> tuple[time, int] | None:
    """A time of day: 15:00, «10 утра», "5 pm", «обеда»; a bare number only after a day."""
    if match := _HOURS.match(line, at):
        return _time(int(match[1]), int(match[2]), match[3] or "", match.end(), line)
    if match := _parts().match(line, at):
        good = not alone or (after and after not in {"в", "во", "in", "on", "на", "по"})
        return (time(DAY_PARTS[match[1]]), match.end()) if good else None
    match = _HOUR.match(line, at)
    if match is None or not (match["word"] or match["part"] or (after and not alone)):
        return None
    if alone and not after and not match["part"]:
        return None
    if not (match["word"] or match["part"]) and not re.match(r"\s*(?:$|[,;.!?)\n])", line[match.end() :]):
        return None  # «завтра в 10 магазинов»
    return _time(int(match[1]), 0, match["part"] or "", match.end(), line)


def _time(hour: int, minute: int, part: str, end: int, line: str) -> tuple[time, int] | None:
    part = part.strip().replace(".", "")
    if part in {"дня", "вечера", "pm"} and hour < _NOON:
        hour += _NOON
    elif part in {"ночи", "am"} and hour == _NOON:
        hour = 0
    if _NOT_BEFORE.match(line, end):
        return None
    if hour == 24 and minute == 0:
        return time(23, 59), end
    return (time(hour, minute), end) if hour < 24 and minute < 60 else None
