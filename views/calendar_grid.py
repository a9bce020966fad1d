"""The days of a calendar page, and what stands on each: plans, facts, and what comes again later."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement

from crmadmin.core import clock, i18n
from crmadmin.core.db import db
from crmadmin.queries import calendar as on_days
from crmadmin.queries import recurring as asked
from crmadmin.queries.calendar import Stretch
from crmadmin.rules import recurring
from crmadmin.rules.room import of_each
from crmadmin.rules.working_days import is_working
from crmadmin.services.absences import substitutes
from crmadmin.services.recurring import moment_on
from models import Interaction, RecurringPlan
from views.base import me

MOST_SERIES = 1_000
ROOM = {"day": 130, "week": 130, "month": 120}  # entries of a page, lest it weigh more than 100 KB
MOST = {"day": 130, "week": 25, "month": 12}  # of them on one day; "and so many more" lead to the others
_TICK = timedelta(microseconds=1)


class Later(NamedTuple):
    """What will come again on a day, computed of its rule."""

    time: str
    series: RecurringPlan


class Day(NamedTuple):
    date: date
    entries: list[Interaction]
    later: list[Later]
    is_off: bool
    is_outside: bool  # of the month that is shown
    more: int  # that there is no room for


class Span(NamedTuple):
    """What a page shows: from the first day to the last, in weeks; and the days to go to from here."""

    view: str
    on: date
    first: date
    last: date
    before: date
    after: date


def span(view: str, on: date) -> Span:
    if view == "day":
        return Span(view, on, on, on, on - timedelta(days=1), on + timedelta(days=1))
    monday = on - timedelta(days=on.weekday())
    if view == "week":
        week = timedelta(days=7)
        return Span(view, on, monday, monday + timedelta(days=6), on - week, on + week)
    start = on.replace(day=1)
    following = (start + timedelta(days=31)).replace(day=1)
    last = following - timedelta(days=1)
    end = last + timedelta(days=6 - last.weekday())
    before = (start - timedelta(days=1)).replace(day=1)
    return Span("month", on, start - timedelta(days=start.weekday()), end, before, following)


def weeks(shown: Span, whose: int | None) -> list[list[Day]]:
    """The days in rows of a week; a day alone is a row of its own."""
    days = [shown.first + timedelta(days=n) for n in range((shown.last - shown.first).days + 1)]
    which = _which(whose)
    later = _later(shown, whose)
    counts = [sum(found) for found in zip(*(_counts(days, each) for each in which), strict=True)]
    there = [count + len(later.get(day, [])) for count, day in zip(counts, days, strict=True)]
    most = of_each(there, ROOM[shown.view], MOST[shown.view])
    entries = _entries(days, which, most, max(counts) > most)
    waiting = _told({day: sorted(later[day])[: most - len(entries.get(day, []))] for day in later})
    drawn = [
        _day(shown, day, entries.get(day, []), waiting.get(day, []), count)
        for day, count in zip(days, there, strict=True)
    ]
    return [drawn[at : at + 7] for at in range(0, len(drawn), 7)]


def _day(shown: Span, day: date, entries: list[Interaction], later: list[Later], count: int) -> Day:
    outside = shown.view == "month" and day.month != shown.on.month
    more = count - len(entries) - len(later)
    return Day(day, entries, later, not is_working(day), outside, more)


def _which(whose: int | None) -> list[ColumnElement[bool]]:
    """Somebody's entries or everybody's; and with one's own what one does meanwhile for others."""
    found = [on_days.of_person(whose)]
    if whose == me().id and substitutes(me()):
        found.append(on_days.acted_for(me(), clock.now()))
    return found


def _stretches(days: Sequence[date], until: dict[int, datetime]) -> list[Stretch]:
    return [
        Stretch(i18n.start_of(day), until.get(n, i18n.start_of(day + timedelta(days=1)) - _TICK))
        for n, day in enumerate(days)
    ]


def _counts(days: Sequence[date], which: ColumnElement[bool]) -> list[int]:
    found = dict(db.execute(on_days.counted(_stretches(days, {}), which)).all())
    return [found[n] for n in range(len(days))]


def _entries(
    days: Sequence[date], which: Sequence[ColumnElement[bool]], most: int, is_cut: bool
) -> dict[date, list[Interaction]]:
    """The first so many of each day; of days with more of them no more is read."""
    heads: list[tuple[int, datetime, int]] = []
    for each in which:
        until: dict[int, datetime] = {}
        if is_cut:
            nth = db.execute(on_days.nth_moments(_stretches(days, {}), each, most)).all()
            until = {n: moment for n, moment in nth if moment is not None}
        heads += [(n, at, id) for n, at, id in db.execute(on_days.ids(_stretches(days, until), each))]
    chosen: dict[date, list[int]] = defaultdict(list)
    for n, _at, id in sorted(heads):
        chosen[days[n]].append(id)
    wanted = [id for ids in chosen.values() for id in ids[:most]]
    rows = {row.id: row for row in db.scalars(on_days.entries(wanted))}
    return {day: [rows[id] for id in ids[:most]] for day, ids in chosen.items()}


def _later(shown: Span, whose: int | None) -> dict[date, list[tuple[int, int]]]:
    """(minute, series) on the days of each rule after the plan that stands: that one is an entry."""
    found: dict[date, list[tuple[int, int]]] = defaultdict(list)
    today = i18n.today()
    if shown.last <= today:
        return found
    for each in db.execute(asked.coming(whose, MOST_SERIES)):
        stands = max(i18n.local(each.stands).date(), today) if each.stands else today
        stands = max(stands, each.stands_on or stands)  # moved earlier, it is still the one of that day
        first = max(stands + timedelta(days=1), shown.first)
        for day in recurring.between(each.rule, each.starts_on, each.until_on, first, shown.last):
            found[day].append((each.minute, each.id))
    return found


def _told(later: dict[date, list[tuple[int, int]]]) -> dict[date, list[Later]]:
    """Only what is shown is read."""
    ids = {id for there in later.values() for _minute, id in there}
    series = {row.id: row for row in db.scalars(asked.told(ids))} if ids else {}
    return {
        day: [Later(f"{i18n.local(moment_on(series[id], day)):%H:%M}", series[id]) for _minute, id in there]
        for day, there in later.items()
    }
