"""A list's filters: each is one argument of the address, and one criterion of the question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from flask import request
from sqlalchemy import ColumnElement, Select

from crmadmin.core import i18n
from crmadmin.core.db import db
from crmadmin.queries import choices
from models import Base, Region, User
from views.labels import options as labelled

LARGEST_ID = 2**31 - 1  # PostgreSQL refuses to compare its integers with a larger one

Options = Sequence[tuple[str, Any]]


class FilterField(NamedTuple):
    """A filter as the list's page draws it."""

    arg: str
    label: Any
    kind: str
    options: Options
    value: str
    is_main: bool
    url: str = ""


@dataclass(frozen=True)
class Filter:
    """``read`` makes a value of the address's text, ValueError where it is none; ``where`` asks by it."""

    arg: str
    label: Any
    where: Callable[[Any], ColumnElement[bool]]
    read: Callable[[str], Any]
    kind: str = "text"
    offers: Callable[[User], Options] | None = None
    is_main: bool = False
    picker: str = ""

    def options(self, viewer: User) -> Options:
        return self.offers(viewer) if self.offers else ()

    def said(self, text: str, options: Options) -> Any:
        """What a chip says of the filter that is set."""
        if self.kind == "date":
            return i18n.day(date.fromisoformat(text))
        return next((word for value, word in options if str(value) == text), text)


def row_id(text: Any) -> int:
    """An id as an address may say it; ValueError for anything else, also beyond the database's integers."""
    if not isinstance(text, str) or not text.isascii() or not text.isdecimal() or len(text) > 10:
        raise ValueError("no id")
    if not 0 < (number := int(text)) <= LARGEST_ID:
        raise ValueError("no id")
    return number


def by_row(arg: str, label: Any, column: Any, rows: Callable[[User], Select[Any]], **more: Any) -> Filter:
    """The rows that point at one row of a short list; ``none`` finds those that point at nothing."""

    def offered(viewer: User) -> Options:
        return [(str(row.id), str(row)) for row in db.scalars(rows(viewer))]

    return Filter(arg, label, lambda id: column == id, row_id, "choice", offered, **more)


def by_word(arg: str, label: Any, column: Any, words: type[StrEnum], **more: Any) -> Filter:
    """One of a closed list of words."""
    return Filter(
        arg, label, lambda word: column == word, words, "choice", lambda _viewer: labelled(words), **more
    )


def by_picked(arg: str, label: Any, column: Any, entity: type[Base], picker: str, **more: Any) -> Filter:
    """The rows that point at one row of a long list: looked up as one types, by a picker of the screen."""

    def chosen(_viewer: User) -> Options:
        try:
            row = db.get(entity, row_id(request.args.get(arg)))
        except ValueError:
            row = None
        return [(str(row.id), str(row))] if row else []

    return Filter(arg, label, lambda id: column == id, row_id, "lookup", chosen, picker=picker, **more)


def by_tree(arg: str, label: Any, column: Any, **more: Any) -> Filter:
    """A region, with all that lies in it; the regions of a part of the country stand under it."""

    def offered(viewer: User) -> Options:
        return choices.in_tree(list(db.scalars(choices.in_use(Region)(viewer))))

    return Filter(arg, label, lambda id: choices.within_region(column, id), row_id, "choice", offered, **more)


def one_of(
    arg: str, label: Any, ways: Mapping[str, tuple[Any, Callable[[], ColumnElement[bool]]]], **more: Any
) -> Filter:
    """Questions that have a word of their own: its label, and what it asks at this moment."""

    def known(text: str) -> str:
        if text not in ways:
            raise ValueError("no such word")
        return text

    offered = [(word, label) for word, (label, _where) in ways.items()]
    return Filter(arg, label, lambda word: ways[word][1](), known, "choice", lambda _viewer: offered, **more)


def yes_no(arg: str, label: Any, where: ColumnElement[bool], **more: Any) -> Filter:
    return Filter(arg, label, lambda yes: where if yes else ~where, _yes, "yesno", **more)


def since(arg: str, label: Any, column: Any, **more: Any) -> Filter:
    """From the first moment of a day of the installation."""
    return Filter(arg, label, lambda day: column >= i18n.start_of(day), _day, "date", **more)


def until(arg: str, label: Any, column: Any, **more: Any) -> Filter:
    """To the last moment of a day of the installation."""
    return Filter(
        arg, label, lambda day: column < i18n.start_of(day + timedelta(days=1)), _day, "date", **more
    )


def _yes(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError("neither yes nor no")
    return text == "1"


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not 1900 <= day.year <= 2200:
        raise ValueError("no day of this program")
    return day
