"""Filters by days as people name them, "yesterday" or "more than 30 days ago", read when they are asked."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, extract, or_, true

from crmadmin.core import i18n
from crmadmin.core.i18n import lazy, plural
from crmadmin.rules.days import anniversaries, counted, span
from models import User
from views.admin.filters import Filter, Options, Texts, emptiness

NAMED: dict[str, Any] = {
    "yesterday": lazy("Yesterday"),
    "today": lazy("Today"),
    "tomorrow": lazy("Tomorrow"),
    "last_week": lazy("Last week"),
    "this_week": lazy("This week"),
    "next_week": lazy("Next week"),
    "last_month": lazy("Last month"),
    "this_month": lazy("This month"),
    "next_month": lazy("Next month"),
}
PAST = ("today", "yesterday", "this_week", "last_week", "this_month", "last_month", "last_7", "last_30",
        "older_than_30", "older_than_90")  # fmt: skip
YEARLY = ("today", "tomorrow", "this_week", "next_week", "this_month", "next_month")
COMING = ("today", "tomorrow", "this_week", "next_week", "next_7", "next_30")
EVER = tuple(dict.fromkeys((*PAST, *COMING)))

Also = Mapping[str, tuple[Any, Callable[[], ColumnElement[bool]]]]


def by_days(
    arg: str, label: Any, column: Any, words: Sequence[str] = PAST, *, also: Also | None = None, **more: Any
) -> Filter:
    """Any word of ``rules.days`` is understood, ``words`` are offered; ``also`` adds questions of its own."""
    own = also or {}

    def known(text: str) -> str:
        if text not in own:
            span(text, i18n.today())
        return text

    def asked(said: list[str]) -> ColumnElement[bool]:
        return or_(*(own[word][1]() if word in own else within(column, word) for word in said))

    def offered(_viewer: User, texts: Texts) -> Options:
        more_than_usual = [text for text in texts if text not in {*words, *own, "none", "any"}]
        return [*((word, own[word][0]) for word in own), *((word, said(word)) for word in words),
                *((word, said(word)) for word in more_than_usual)]  # fmt: skip

    more.setdefault("empty", emptiness(column))
    return Filter(arg, label, asked, known, "choice", offered, **more)


def by_anniversary(arg: str, label: Any, column: Any, **more: Any) -> Filter:
    """A day that comes back every year: whose birthday is this week."""

    def known(text: str) -> str:
        anniversaries(span(text, i18n.today()))
        return text

    def asked(said: list[str]) -> ColumnElement[bool]:
        day = extract("month", column) * 100 + extract("day", column)
        spans = [each for word in said for each in anniversaries(span(word, i18n.today()))]
        return or_(*(day.between(first, last) for first, last in spans))

    def offered(_viewer: User, texts: Texts) -> Options:
        others = [text for text in texts if text not in {*YEARLY, "none", "any"}]
        return [(word, said(word)) for word in (*YEARLY, *others)]

    more.setdefault("empty", emptiness(column))
    return Filter(arg, label, asked, known, "choice", offered, **more)


def within(column: Any, word: str) -> ColumnElement[bool]:
    """The moment lies in the days that the word means today, in the installation's zone."""
    first, end = span(word, i18n.today())
    return and_(
        true() if first is None else column >= i18n.start_of(first),
        true() if end is None else column < i18n.start_of(end),
    )


def said(word: str) -> Any:
    """What a choice and a chip call these days."""
    if word in NAMED:
        return NAMED[word]
    which, number = counted(word)
    if which == "last":
        return plural("Last %(num)d day", "Last %(num)d days", number)
    if which == "next":
        return plural("Next %(num)d day", "Next %(num)d days", number)
    return plural("More than %(num)d day ago", "More than %(num)d days ago", number)
