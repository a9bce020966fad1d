"""Filters of a page of our own: what its address says of them, the line that draws them, a chip for each."""

from collections.abc import Callable, Iterable, Sequence

from flask import request
from sqlalchemy import ColumnElement

from views.admin.drawing import Chip, field
from views.admin.filters import Filter, FilterField, Texts
from views.base import me

Said = Sequence[tuple[Filter, Texts]]


def said_of(filters: Iterable[Filter]) -> Said:
    """What the address says of them; what nobody understands of it is left out."""
    found = [(each, each.accepted(request.args.getlist(each.arg))) for each in filters]
    return [(each, texts) for each, texts in found if texts]


def criteria(said: Said) -> list[ColumnElement[bool]]:
    return [each.criterion(texts) for each, texts in said]


def arguments(said: Said) -> list[tuple[str, str]]:
    """The same as the arguments of an address."""
    return [(each.arg, text) for each, texts in said for text in texts]


def drawn(
    filters: Iterable[Filter], said: Said, address: Callable[[Said], str]
) -> tuple[list[FilterField], list[Chip]]:
    """The filters as the line draws them, and a chip for each value that is set: it leads to the others."""
    values = {each.arg: texts for each, texts in said}
    fields: list[FilterField] = []
    chips: list[Chip] = []
    for each in filters:
        texts = values.get(each.arg, ())
        options = each.options(me(), texts)
        fields.append(field(each, texts, options))
        chips += [
            Chip(each.label, each.said(text, options), address(_without(said, each, text))) for text in texts
        ]
    return fields, chips


def _without(said: Said, dropped: Filter, value: str) -> Said:
    left = [(each, tuple(t for t in texts if (each, t) != (dropped, value))) for each, texts in said]
    return [(each, texts) for each, texts in left if texts]
