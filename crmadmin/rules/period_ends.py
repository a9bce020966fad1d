"""Where weeks, months, quarters and years end. A week ends on Friday, as work does."""

from calendar import monthrange
from datetime import date, timedelta

FRIDAY, SUNDAY = 4, 6


def month_on(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_ends(day: date, months: int = 0) -> date:
    return month_on(day.replace(day=1), months + 1) - timedelta(days=1)


def week_ends(today: date, weeks: int = 0) -> date:
    """Friday, as work does; at a weekend this week ends on its Sunday."""
    last = FRIDAY if weeks or today.weekday() <= FRIDAY else SUNDAY
    return today + timedelta(days=last - today.weekday(), weeks=weeks)


def end_of(unit: str, ahead: int, today: date) -> date:
    """By the word that people say; so many of them ahead."""
    if unit.startswith(("нед", "week")):
        return week_ends(today, ahead)
    if unit.startswith(("кварт", "quarter")):
        return month_ends(today, 2 - (today.month - 1) % 3 + 3 * ahead)
    if unit.startswith(("год", "year")):
        return date(today.year + ahead, 12, 31)
    return month_ends(today, ahead) if unit.startswith(("мес", "month")) else today + timedelta(days=ahead)


def weekday_of_month(last: date, weekday: int, place: int) -> date:
    """The first, second… of a month's Mondays, by its last day; the last one where the place is -1."""
    if place < 0:
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = last.replace(day=1)
    return first + timedelta(days=(weekday - first.weekday()) % 7, weeks=place - 1)
