"""The days of a calendar page, and what stands on each: plans, facts, and what comes again later."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from crmadmin.core import clock, i18n
from crmadmin.core.db import db
from crmadmin.queries import recurring as asked
from crmadmin.rules import recurring
from crmadmin.rules.working_days import is_working
from crmadmin.services.absences import substitutes
from crmadmin.services.recurring import moment_on
from models import Interaction, RecurringPlan
from views.base import me

MOST, MOST_SERIES = 1_500, 500


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
    entries = _entries(shown, whose)
    later = _later(shown, whose)
    days = [
        _day(shown, shown.first + timedelta(days=n), entries, later)
        for n in range((shown.last - shown.first).days + 1)
    ]
    return [days[at : at + 7] for at in range(0, len(days), 7)]


def _day(
    shown: Span, day: date, entries: dict[date, list[Interaction]], later: dict[date, list[Later]]
) -> Day:
    outside = shown.view == "month" and day.month != shown.on.month
    waiting = sorted(later.get(day, []), key=lambda each: each.time)
    return Day(day, entries.get(day, []), waiting, not is_working(day), outside)


def _entries(shown: Span, whose: int | None) -> dict[date, list[Interaction]]:
    start, end = i18n.start_of(shown.first), i18n.start_of(shown.last + timedelta(days=1))
    acting = whose == me().id and substitutes(me())
    found: dict[date, list[Interaction]] = defaultdict(list)
    rows = asked.entries(me(), whose, start, end, clock.now(), acting=acting, most=MOST)
    for row in db.scalars(rows):
        found[i18n.local(row.happened_at).date()].append(row)
    return found


def _later(shown: Span, whose: int | None) -> dict[date, list[Later]]:
    """Of each rule the days after the plan that stands: that one is an entry."""
    running: Sequence[RecurringPlan] = db.scalars(asked.running_of(whose, MOST_SERIES)).all()
    if not running:
        return {}
    stands = {
        id: i18n.local(at).date() for id, at in db.execute(asked.standing([each.id for each in running]))
    }
    found: dict[date, list[Later]] = defaultdict(list)
    for each in running:
        after = max(stands.get(each.id, i18n.today()), i18n.today())
        for day in recurring.between(each.rule, each.starts_on, each.until_on, shown.first, shown.last):
            if day > after:
                found[day].append(Later(f"{i18n.local(moment_on(each, day)):%H:%M}", each))
    return found
