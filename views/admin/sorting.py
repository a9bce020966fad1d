"""By what a list may be sorted: always a total order, what has no value last, the same on either database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    UnaryExpression,
    and_,
    bindparam,
    func,
    literal,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from crmadmin.core import clock
from models import Base
from models.base import Reference, UtcDateTime


@dataclass(frozen=True)
class Sort:
    """``keys`` come before the row's id, all empty or none; ``joins`` are the rows they are taken from.

    ``indexed`` ones find a page of any list in an index. The others sort all that is found, so they are
    for lists of up to ``SORTED`` rows.
    """

    keys: tuple[Any, ...]
    nullable: bool = True
    joins: tuple[tuple[Any, ColumnElement[bool]], ...] = ()
    indexed: bool = True


SORTED = 100_000  # rows are sorted while somebody waits, where no index has them in order: up to 0.4 s

Sorts = Mapping[str, "Sort | Any"]  # a plain column is a sort by it alone


def sort_of(said: Any) -> Sort:
    return said if isinstance(said, Sort) else Sort((said,), bool(getattr(said, "nullable", True)))


def by_place(column: InstrumentedAttribute[Any], entity: type[Reference]) -> Sort:
    """As the reference list stands: by the place of the row that is pointed at."""
    row = aliased(entity)  # type: ignore[type-var]
    joins = ((row, row.id == column),)  # pyright: ignore[reportAttributeAccessIssue]
    return Sort((row.position, row.name_ru), bool(getattr(column, "nullable", True)), joins)


def by_name(column: InstrumentedAttribute[Any], entity: type[Base], name: str = "name") -> Sort:
    """By the name of whoever is pointed at."""
    row: Any = aliased(entity)
    return Sort(
        (getattr(row, name), row.id), bool(getattr(column, "nullable", True)), ((row, row.id == column),)
    )


def by_text(column: Any) -> Sort:
    """A text of a row; an empty one is none."""
    return Sort((type_coerce(func.nullif(column, ""), String),), indexed=False)


def by_value(value: Any, *, nullable: bool = True) -> Sort:
    """A column, or an expression, that no index has in order."""
    return Sort((value,), nullable, indexed=False)


def this_minute() -> datetime:
    """A list asks more than once, and is to be in the same order each time."""
    return clock.now().replace(second=0, microsecond=0)


def now() -> ColumnElement[datetime]:
    """The present minute, for an expression that is made once and asked often."""
    return bindparam(None, callable_=this_minute, type_=UtcDateTime(), unique=True)


def of_short(sort: Sort) -> Sort:
    """The same, where its rows are too many to be walked through in order."""
    return replace(sort, indexed=False)


@dataclass(frozen=True)
class Order:
    """A sort of one table, in one direction."""

    model: Any
    sort: Sort
    down: bool

    @property
    def keys(self) -> list[Any]:
        """The columns of the order; the id, which makes it total, once and last."""
        return [*(key for key in self.sort.keys if key is not self.model.id), self.model.id]

    def joined(self, asked: Select[Any]) -> Select[Any]:
        for row, on in self.sort.joins:
            asked = asked.outerjoin(row, on) if self.sort.nullable else asked.join(row, on)
        return asked

    def by(self, *, backwards: bool = False) -> list[UnaryExpression[Any]]:
        down = self.down is not backwards
        directed = [each.desc() if down else each.asc() for each in self.keys]
        if len(self.keys) == 1 or not self.sort.nullable:
            return directed
        first = directed[0].nulls_first() if backwards else directed[0].nulls_last()
        return [first, *directed[1:]]

    def beside(
        self, values: Sequence[Any], *, backwards: bool
    ) -> list[tuple[ColumnElement[bool], list[Any]]]:
        """Where the rows on one side of a row are, nearest part first, and how each part is ordered."""
        id, down = self.model.id, self.down is not backwards
        ways = [each.desc() if down else each.asc() for each in self.keys]
        if values[0] is None:  # among those without a value
            empty = self.keys[0].is_(None)
            parts = [(and_(empty, id < values[-1] if down else id > values[-1]), [ways[-1]])]
            return [*parts, (~empty, ways)] if backwards else parts
        here = tuple_(*(literal(value, key.type) for key, value in zip(self.keys, values, strict=True)))
        parts = [(tuple_(*self.keys) < here if down else tuple_(*self.keys) > here, ways)]
        if self.sort.nullable and len(self.keys) > 1 and not backwards:
            parts.append((self.keys[0].is_(None), [ways[-1]]))
        return parts

    def values_of(self, id: int) -> Select[Any]:
        asked: Select[Any] = select(*self.keys)  # pyright: ignore[reportAssignmentType]
        return self.joined(asked.select_from(self.model)).where(self.model.id == id)
