"""A list's filters: each is one argument of the address, said once or several times, and one criterion.

Several values of a filter mean any of them; ``none`` and ``any`` mean that nothing or something is set.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, or_, select, true

from crmadmin.core import i18n
from crmadmin.core.db import db
from crmadmin.core.i18n import lazy
from crmadmin.queries import choices
from models import Base, Region, User
from views.labels import options as labelled
from views.offers import offers

LARGEST_ID = 2**31 - 1  # PostgreSQL refuses to compare its integers with a larger one
MOST_VALUES = 50  # of one filter
NONE, ANY, ALL = "none", "any", "all"

Options = Sequence[tuple[str, Any]]
Texts = tuple[str, ...]  # what the address says of one filter


class FilterField(NamedTuple):
    """A filter as the list's page draws it."""

    arg: str
    label: Any
    kind: str
    options: Options
    values: Texts
    is_main: bool
    url: str = ""
    words: str = ""  # the first value that is set
    unsaid: Any = ""  # what holds while nothing is set
    later: str = ""  # where the choices are that do not come with the page; those that are set do

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


@dataclass(frozen=True)
class Filter:
    """``read`` makes a value of a text of the address, ValueError where it is none; ``where`` asks for any
    of several. ``empty`` asks for rows that have no value, where the column may have none. ``usual`` holds
    while the address says nothing of the filter and nothing is searched; ``all`` in it says otherwise.
    ``chosen`` names the values that are set; who has it offers so many that they wait until one opens them.
    """

    arg: str
    label: Any
    where: Callable[[list[Any]], ColumnElement[bool]]
    read: Callable[[str], Any]
    kind: str = "text"
    offers: Callable[[User, Texts], Options] | None = None
    chosen: Callable[[User, Texts], Options] | None = None
    is_main: bool = False
    picker: str = ""
    empty: ColumnElement[bool] | None = None
    empty_words: tuple[Any, Any] = (lazy("not set"), lazy("any that is set"))
    usual: Texts = ()
    unsaid: Any = ""  # what ``usual`` is called

    @property
    def several(self) -> bool:
        return self.kind in {"choice", "lookup"}

    def accepted(self, texts: Iterable[str]) -> Texts:
        """What can be understood of what an address says, each once."""
        known = list(dict.fromkeys(text for text in texts if self._means(text)))
        if self.usual and ALL in known:
            return (ALL,)
        return tuple(known[: MOST_VALUES if self.several else 1])

    def criterion(self, texts: Texts) -> ColumnElement[bool]:
        if self.usual and ALL in texts:
            return true()
        found = [self._of_emptiness(text) for text in texts if self._is_emptiness(text)]
        values = [self.read(text) for text in texts if not self._is_emptiness(text)]
        return or_(*found, *([self.where(values)] if values else []))

    def options(self, viewer: User, texts: Texts = (), *, only_chosen: bool = False) -> Options:
        if only_chosen and self.chosen:
            empty = [(text, self._word_of_emptiness(text)) for text in texts if self._is_emptiness(text)]
            return [*self.chosen(viewer, texts), *empty]
        offered = self.offers(viewer, texts) if self.offers else ()
        if self.usual:
            offered = [*offered, (ALL, lazy("all"))]
        if self.empty is None or self.kind == "lookup":
            return offered
        return [*offered, (NONE, self.empty_words[0]), (ANY, self.empty_words[1])]

    def said(self, text: str, options: Options) -> Any:
        """What a chip says of a value that is set."""
        if self.kind == "date":
            return i18n.day(date.fromisoformat(text))
        if self._is_emptiness(text):
            return self._word_of_emptiness(text)
        return next((_plain(word) for value, word in options if str(value) == text), text)

    def _means(self, text: str) -> bool:
        try:
            return self._is_everything(text) or self._is_emptiness(text) or self.read(text) is not None
        except (ValueError, OverflowError):
            return False

    def _is_everything(self, text: str) -> bool:
        return bool(self.usual) and text == ALL

    def _is_emptiness(self, text: str) -> bool:
        return self.empty is not None and text in {NONE, ANY}

    def _word_of_emptiness(self, text: str) -> Any:
        return self.empty_words[text == ANY]

    def _of_emptiness(self, text: str) -> ColumnElement[bool]:
        assert self.empty is not None  # noqa: S101  (asked only where it is known)
        return self.empty if text == NONE else ~self.empty


def _plain(word: Any) -> Any:
    """Without the blanks by which a tree sets its branches in."""
    return word.lstrip("\u2003") if isinstance(word, str) else word


def row_id(text: Any) -> int:
    """An id as an address may say it; ValueError for anything else, also beyond the database's integers."""
    if not isinstance(text, str) or not text.isascii() or not text.isdecimal() or len(text) > 10:
        raise ValueError("no id")
    if not 0 < (number := int(text)) <= LARGEST_ID:
        raise ValueError("no id")
    return number


def emptiness(column: Any) -> ColumnElement[bool] | None:
    """The rows without a value, where a column may have none."""
    return column.is_(None) if getattr(column, "nullable", False) else None


def by_row(arg: str, label: Any, column: Any, rows: Callable[[User], Select[Any]], **more: Any) -> Filter:
    """The rows that point at some row of a list; where it ``is_long`` for a page its choices come later."""
    more.setdefault("empty", emptiness(column))
    if more.pop("is_long", False):
        more["chosen"] = lambda viewer, texts: _chosen(_entity(rows, viewer), texts)
    return Filter(arg, label, column.in_, row_id, "choice", offered(rows), **more)


def offered(rows: Callable[[User], Select[Any]]) -> Callable[[User, Texts], Options]:
    """The rows of a list; what the address chose is among them though it is switched off, by its name."""

    def of(viewer: User, texts: Texts) -> Options:
        known = [(str(row.id), str(row)) for row in offers(rows)]
        return [*known, *_chosen(_entity(rows, viewer), texts, known)] if texts else known

    return of


def _entity(rows: Callable[[User], Select[Any]], viewer: User) -> Any:
    return rows(viewer).column_descriptions[0]["entity"]


def _chosen(entity: Any, texts: Texts, offered: Options = ()) -> Options:
    """The rows whose ids an address says and nothing offers, in its order."""
    said = [row_id(text) for text in texts if text not in {NONE, ANY, ALL}]
    there = {value for value, _text in offered}
    if not (ids := [id for id in said if str(id) not in there]):
        return []
    found: dict[int, Any] = {row.id: row for row in db.scalars(select(entity).where(entity.id.in_(ids)))}
    return [(str(id), str(found[id])) for id in ids if id in found]


def through(column: Any, entity: type[Base], of: Any) -> Any:
    """For ``by_row``: what a row points at by way of another row, a person's client's curator."""
    return _Through(column, entity, of)


@dataclass(frozen=True)
class _Through:
    column: Any
    entity: Any
    of: Any
    nullable = True

    def in_(self, values: list[Any]) -> ColumnElement[bool]:
        return self.column.in_(select(self.entity.id).where(self.of.in_(values)))

    def is_(self, nothing: None) -> ColumnElement[bool]:
        return self.column.in_(select(self.entity.id).where(self.of.is_(nothing)))


def by_word(arg: str, label: Any, column: Any, words: type[StrEnum], **more: Any) -> Filter:
    """Some of a closed list of words."""
    return Filter(arg, label, column.in_, words, "choice", lambda _viewer, _texts: labelled(words), **more)


def by_picked(arg: str, label: Any, column: Any, entity: type[Base], picker: str, **more: Any) -> Filter:
    """The rows that point at some row of a long list: looked up as one types, by a picker of the screen."""

    def chosen(_viewer: User, texts: Texts) -> Options:
        return _chosen(entity, texts)

    more.setdefault("empty", emptiness(column))
    return Filter(arg, label, column.in_, row_id, "lookup", chosen, picker=picker, **more)


def by_tree(arg: str, label: Any, column: Any, **more: Any) -> Filter:
    """Regions, with all that lies in them; the regions of a part of the country stand under it."""

    def offered(viewer: User, texts: Texts) -> Options:
        known = choices.in_tree(list(db.scalars(choices.in_use(Region)(viewer))))
        return [*known, *_chosen(Region, texts, known)]

    def chosen(_viewer: User, texts: Texts) -> Options:
        return _chosen(Region, texts)

    def within(ids: list[int]) -> ColumnElement[bool]:
        return choices.within_region(column, *ids)

    more.setdefault("empty", emptiness(column))
    return Filter(arg, label, within, row_id, "choice", offered, chosen, **more)


def one_of(
    arg: str, label: Any, ways: Mapping[str, tuple[Any, Callable[[], ColumnElement[bool]]]], **more: Any
) -> Filter:
    """Questions that have a word of their own: its label, and what it asks at this moment."""

    def known(text: str) -> str:
        if text not in ways:
            raise ValueError("no such word")
        return text

    def asked(words: list[str]) -> ColumnElement[bool]:
        return or_(*(ways[word][1]() for word in words))

    offered = [(word, label) for word, (label, _where) in ways.items()]
    return Filter(arg, label, asked, known, "choice", lambda _viewer, _texts: offered, **more)


def yes_no(arg: str, label: Any, where: ColumnElement[bool], **more: Any) -> Filter:
    return Filter(arg, label, lambda said: where if said[0] else ~where, _yes, "yesno", **more)


def number(
    arg: str, label: Any, where: Callable[[int], ColumnElement[bool]], *, most: int, **more: Any
) -> Filter:
    """A whole number from 1 on."""

    def whole(text: str) -> int:
        if not 1 <= (said := row_id(text)) <= most:
            raise ValueError("no number of this filter")
        return said

    return Filter(arg, label, lambda said: where(said[0]), whole, "number", **more)


def since(arg: str, label: Any, column: Any, **more: Any) -> Filter:
    """From the first moment of a day of the installation."""
    return Filter(arg, label, lambda said: column >= i18n.start_of(said[0]), _day, "date", **more)


def until(arg: str, label: Any, column: Any, **more: Any) -> Filter:
    """To the last moment of a day of the installation."""

    def asked(said: list[date]) -> ColumnElement[bool]:
        return column < i18n.start_of(said[0] + timedelta(days=1))

    return Filter(arg, label, asked, _day, "date", **more)


def _yes(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError("neither yes nor no")
    return text == "1"


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not 1900 <= day.year <= 2200:
        raise ValueError("no day of this program")
    return day
