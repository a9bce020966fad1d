"""How often something comes again, as people say it, and as a form asks for it."""

from datetime import date
from typing import NamedTuple

from crmadmin.core.i18n import LazyString, _, lazy, plural
from crmadmin.rules import recurring

DAY_NAMES: dict[str, LazyString] = dict(
    zip(
        recurring.DAYS,
        (lazy("on Mondays"), lazy("on Tuesdays"), lazy("on Wednesdays"), lazy("on Thursdays"),
         lazy("on Fridays"), lazy("on Saturdays"), lazy("on Sundays")),
        strict=True,
    )
)  # fmt: skip
NUMBERS: dict[str, LazyString] = {
    "1": lazy("the first of them"),
    "2": lazy("the second of them"),
    "3": lazy("the third of them"),
    "4": lazy("the fourth of them"),
    "-1": lazy("the last of them"),
}


class Way(NamedTuple):
    """One way to come again, on offer in the form."""

    word: str
    name: LazyString
    months: bool


WAYS = (
    Way("weekly", lazy("weeks, on the weekday of the first day"), months=False),
    Way("monthly_on_day", lazy("months, on the date of the first day"), months=True),
    Way("monthly_on_weekday", lazy("months, on its weekday: first Monday, last Friday…"), months=True),
)


def rule_of(word: str, every: str, start: date) -> str:
    """The rule that the form means; ValueError where it means none."""
    make = {
        "weekly": recurring.weekly,
        "monthly_on_day": recurring.monthly_on_day,
        "monthly_on_weekday": recurring.monthly_on_weekday,
    }.get(word)
    if make is None or not every.isascii() or not every.isdecimal() or len(every) > 3:
        raise ValueError("no rule")
    return make(int(every), start)


def said(rule: str) -> str:
    """«каждые 2 недели, по вторникам», «каждый месяц, по понедельникам: первый из них»."""
    parts = recurring.parts(rule)
    every = int(parts.get("INTERVAL", "1"))
    by_day = parts.get("BYDAY", "")
    if parts["FREQ"] == "WEEKLY":
        often = _("every week") if every == 1 else plural("every %(num)s week", "every %(num)s weeks", every)
        return f"{often}, {DAY_NAMES[by_day]}" if by_day else often
    often = _("every month") if every == 1 else plural("every %(num)s month", "every %(num)s months", every)
    if by_day:
        return f"{often}, {DAY_NAMES[by_day[-2:]]}: {NUMBERS[by_day[:-2]]}"
    return _("%(often)s, on day %(day)s", often=often, day=parts["BYMONTHDAY"].rpartition(",")[2])
