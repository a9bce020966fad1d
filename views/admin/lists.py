"""A list: ids first, then the page's rows by id; one total order; a count that stops at a thousand."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import abort, flash, g, redirect
from flask_admin.model.base import ViewArgs
from jinja2 import pass_context
from sqlalchemy import ColumnElement, case, false, func, select
from sqlalchemy.orm import joinedload

from crmadmin.core.db import Rows, db
from crmadmin.core.i18n import _, lazy
from crmadmin.queries.lists import layout_of
from models import ListLayout, User
from views.admin import drawing, sorting
from views.admin.addresses import DEEPEST, AddressView, Set
from views.admin.sorting import Order, sort_of
from views.base import me, signed_in

COUNTED = 1_000  # a longer list reads "1 000+"


class ListView(AddressView):
    """What Flask-Admin asks to draw a list, answered from a screen's declarations."""

    model: Any
    column_details_list: Any
    column_formatters: Any
    column_formatters_detail: Any
    form_args: Any

    more_columns: ClassVar[Sequence[str]] = ()  # may be shown too; ``column_list`` is until one chooses
    column_loads: ClassVar[Mapping[str, Any]] = {}  # what a column needs loaded where it is shown
    order: ClassVar[tuple[str, bool]] = ("id", False)  # a name of ``sorts``, and whether the largest is first
    loads: ClassVar[Sequence[Any]] = ()
    search_words: Any = ""  # what the search looks through; no search where it is empty

    list_template = "admin/model/list.html"
    can_set_page_size = True

    def visible_to(self, viewer: User) -> ColumnElement[bool]:
        raise NotImplementedError

    def changeable_by(self, viewer: User) -> ColumnElement[bool]:
        raise NotImplementedError

    def finds(self, text: str) -> ColumnElement[bool] | None:
        """The rows a search means; None for a text that says nothing."""
        raise NotImplementedError

    def extras(self) -> Mapping[str, ColumnElement[Any]]:
        """Expressions whose values the page's rows carry as attributes, beside their columns."""
        return {}

    def complete(self, rows: list[Any]) -> None:
        """Whatever else the page's rows are to carry, asked by a constant number of questions."""

    def under_name(self, row: Any) -> Any:
        """What a card of a telephone says under the name of its row."""
        return ""

    gives_way: ClassVar[Sequence[str]] = ()  # columns a small screen leaves out, until one chooses columns
    usual_tab: Any = lazy("All")  # what the list is called while nothing is said

    def presets(self) -> list[tuple[Any, dict[str, Any]]]:
        """Lists people come back to: a label, and the filters it sets."""
        return []

    # How whoever looks wants it

    def layout(self) -> ListLayout | None:
        """What he has chosen in this list; asked for once a request."""
        known: dict[str, ListLayout | None] = g.setdefault("layouts", {})
        if self.endpoint not in known:
            known[self.endpoint] = db.scalar(layout_of(me(), self.endpoint)) if signed_in() else None
        return known[self.endpoint]

    def columns_on_offer(self) -> list[str]:
        return [str(name) for name in (*self.column_list, *self.more_columns)]

    def usual_columns(self) -> Sequence[str]:
        """What is shown until one chooses columns; a ready list may bring its own."""
        return self.column_list

    def shown(self) -> list[str]:
        """The first column leads to the row, so it stays."""
        usual = [str(name) for name in self.usual_columns()]
        layout = self.layout()
        chosen = layout.columns.split() if layout else []
        known = [name for name in chosen if name in self.columns_on_offer() and name != usual[0]]
        return [usual[0], *known] if chosen else usual

    def usual_page_size(self) -> int:
        layout = self.layout()
        wanted = layout.page_size if layout else None
        return wanted if wanted in self.page_size_options else self.page_size

    def titled(self, names: Sequence[str]) -> list[tuple[str, Any]]:
        return [(name, self.column_labels.get(name, name)) for name in names]

    # What is asked

    def criteria(self, search: str | None, filters: Sequence[Set]) -> list[ColumnElement[bool]]:
        """Where-clauses of a list: the row rule first, always."""
        found = [self.visible_to(me())]
        if search and (meant := self.finds(search)) is not None:
            found.append(meant)
        said = {each.arg for each, _texts in filters}
        usual = [] if search else [each for each in self.filters if each.usual and each.arg not in said]
        found += [each.criterion(each.usual) for each in usual]
        return found + [each.criterion(texts) for each, texts in filters]

    def in_order(self, sort_column: str | None, descending: bool) -> Order:
        name, down = (sort_column, descending) if sort_column in self.sorts else self.order
        return Order(self.model, sort_of(self.sorts.get(str(name), self.model.id)), down)

    def is_too_long_for(self, order: Order, where: list[ColumnElement[bool]]) -> bool:
        """Whether so many rows are found that this order, which no index has, would keep people waiting."""
        if order.sort.indexed:
            return False
        further = select(self.model.id).where(*where).limit(1).offset(sorting.SORTED)
        return db.scalar(further) is not None

    def asked_by(self, said: ViewArgs) -> tuple[list[ColumnElement[bool]], Order]:
        """Which rows an address means, and in which order."""
        filters: Any = said.filters or ()
        where, order = (
            self.criteria(said.search, filters),
            self.in_order(self.sort_name(said), bool(said.sort_desc)),
        )
        return where, self.in_order(None, False) if self.is_too_long_for(order, where) else order

    def get_list(  # type: ignore[override]
        self,
        page: int | None,
        sort_column: Any,
        sort_desc: Any,
        search: str | None,
        filters: Any,
        execute: bool = True,
        page_size: int | None = None,
    ) -> tuple[int, list[Any]]:
        page, size = page or 0, page_size or self.page_size
        where = self.criteria(search, filters or ())
        order = self.in_order(sort_column, bool(sort_desc))
        if self.is_too_long_for(order, where):
            self._go_unsorted()
        asked = order.joined(select(self.model.id).select_from(self.model)).where(*where)
        if page < 0:
            return self._from_the_end(asked, where, order, page, size)
        first, asked = page * size, asked.order_by(*order.by())
        if first > DEEPEST:
            flash(_("That is too far down: narrow the list by a filter, or sort it the other way."), "info")
            self._go_to(DEEPEST // size)
        if first + size <= COUNTED:  # one question both counts and finds
            counted = list(db.scalars(asked.limit(COUNTED + 1)))
            count, ids = len(counted), counted[first : first + size]
        else:
            ids = list(db.scalars(asked.limit(size).offset(first)))
            count = min(first + len(ids), COUNTED + 1) if ids else self._count(where)
        if page and not ids:
            self._go_to(max(0, (count - 1) // size) if count <= COUNTED else -1)
        return count, self._rows(ids)

    def _from_the_end(
        self, asked: Rows, where: list[ColumnElement[bool]], order: Order, page: int, size: int
    ) -> tuple[int, list[Any]]:
        """Read backwards, so that the last page costs what the first does."""
        first = (-1 - page) * size
        if first > DEEPEST:
            flash(_("That is too far down: narrow the list by a filter, or sort it the other way."), "info")
            self._go_to(-1 - DEEPEST // size)
        count = self._count(where)
        if count <= COUNTED:  # then pages have numbers, and these are better known by them
            self._go_to(max(0, -(-count // size) + page))
        ids = list(db.scalars(asked.order_by(*order.by(backwards=True)).limit(size).offset(first)))
        if not ids:
            self._go_to(0)
        return count, self._rows(ids[::-1])

    def _count(self, where: list[ColumnElement[bool]]) -> int:
        counted = select(self.model.id).where(*where).limit(COUNTED + 1).subquery()
        return db.scalar(select(func.count()).select_from(counted)) or 0

    def _go_unsorted(self) -> None:
        words = _("Too many are found to sort them by that: narrow the list by a filter first.")
        flash(words, "info")
        said = self._get_list_extra_args().clone(sort=None, sort_desc=None)
        abort(redirect(self._get_list_url(said)))

    def _go_to(self, page: int) -> None:
        abort(redirect(self._get_list_url(self._get_list_extra_args().clone(page=page))))

    def _rows(self, ids: Sequence[int]) -> list[Any]:
        if not ids:
            return []
        of_columns = [self.column_loads[name] for name in self.shown() if name in self.column_loads]
        found = {row.id: row for row in self.told(self.model.id.in_(ids), [*self.loads, *of_columns])}
        rows = [found[id] for id in ids if id in found]
        self.complete(rows)
        return rows

    def told(self, which: ColumnElement[bool], loads: Sequence[Any]) -> list[Any]:
        """Rows with what they are to carry beside their columns; whoever asks says which he may see."""
        changeable = (
            case((self.changeable_by(me()), 1), else_=0) if self.can_edit else case((false(), 1), else_=0)
        )
        extras = {"may_change": changeable, **self.extras()}
        rows: list[Any] = []
        for row, *values in db.execute(select(self.model, *extras.values()).where(which).options(*loads)):
            for name, value in zip(extras, values, strict=True):
                setattr(row, name, value)
            rows.append(row)
        return rows

    def neighbours(self, id: int, said: ViewArgs) -> tuple[int | None, int | None]:
        """The rows before and after one in the list that an address brings; it need not be in it any more."""
        where, order = self.asked_by(said)
        here = db.execute(order.values_of(id)).one_or_none()
        others = [*where, self.model.id != id]  # time goes on, and with it what a row is sorted by
        return (None, None) if here is None else (
            self._beside(others, order, here, backwards=True),
            self._beside(others, order, here, backwards=False),
        )  # fmt: skip

    def _beside(
        self, where: list[ColumnElement[bool]], order: Order, here: Any, *, backwards: bool
    ) -> int | None:
        for part, ways in order.beside(list(here), backwards=backwards):
            asked = order.joined(select(self.model.id).select_from(self.model)).where(*where, part)
            if (found := db.scalar(asked.order_by(*ways).limit(1))) is not None:
                return found
        return None

    # What is drawn

    def get_sortable_columns(self) -> Any:
        return dict(self.sorts)

    def init_search(self) -> bool:
        return bool(self.search_words)

    def search_placeholder(self) -> str | None:
        return str(self.search_words) if self.search_words else None

    @pass_context
    def get_list_value(self, context: Any, model: Any, name: str) -> Any:
        """A cell; what our own drawing has made a text of needs no looking for what else it might be."""
        draw = self.column_formatters.get(name)
        drawn = draw(self, context, model, name) if draw else None
        return drawn if isinstance(drawn, str) else super().get_list_value(context, model, name)

    def row_address(self, id: int, back: str) -> str:
        """The page of a row, which knows the list it was opened from."""
        prefix = getattr(self, "details_prefix", "")
        if prefix:
            return f"{prefix}{id}?{urlencode({'url': back})}"
        return self.get_url(".details_view", id=id, url=back)

    def render(self, template: str, **kwargs: Any) -> Any:
        if template == self.list_template:
            kwargs.update(drawing.of_list(self, kwargs["count"], kwargs["page_size"]))
        elif template == self.details_template and "model" in kwargs:
            kwargs.setdefault("way", drawing.way_through(self, kwargs["model"].id))
        return super().render(template, **kwargs)


def one(*relations: Any) -> list[Any]:
    """Load these many-to-one relations with the rows."""
    return [joinedload(relation) for relation in relations]
