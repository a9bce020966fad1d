"""When to come back to a client for what he could not have yet."""

from datetime import date, timedelta

from crmadmin.rules.period_ends import month_on


def season_starts(month: int, today: date) -> date:
    """The first day of the next such month to come; one that goes on already is next year's."""
    first = date(today.year, month, 1)
    return first if first > today else month_on(first, 12)


def come_back_on(month: int | None, lead_days: int, today: date) -> date:
    """So many days before the season begins, today where that is past; without a season so many days on."""
    if month is None:
        return today + timedelta(days=lead_days)
    return max(season_starts(month, today) - timedelta(days=lead_days), today)
