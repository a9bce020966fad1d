"""A list: ids first, then the page's rows by id; one total order; a count that stops at a thousand.

Everything an address may say is read strictly here: what is nonsense is left out, never an error.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from flask import abort, flash, redirect, request
from flask_admin.contrib.sqla import ModelView
from flask_admin.model.base import ViewArgs
from sqlalchemy import ColumnElement, case, false, func, select
from sqlalchemy.orm import joinedload

from crmadmin.core.db import db
from crmadmin.core.i18n import _
from models import User
from views.admin.filters import Filter, FilterField
from views.base import me

COUNTED = 1_000  # a longer list reads "1 000+"
DEEPEST = 20_000  # rows further down are found by a filter or from the other end
SEARCH_SIGNS = 200

Set = tuple[Filter, str]  # a filter that is set, and what the address says of it


class ListView(ModelView):
    """What Flask-Admin asks to draw a list, answered from a screen's declarations."""

    model: Any
    column_labels: Any  # Flask-Admin wants texts; ours are translated when they are shown
    column_details_list: Any
    column_formatters: Any
    column_formatters_detail: Any
    form_args: Any

    filters: ClassVar[tuple[Filter, ...]] = ()
    sorts: ClassVar[Mapping[str, Any]] = {}
    order: ClassVar[tuple[str, bool]] = ("id", False)  # a name of ``sorts``, and whether the largest is first
    loads: ClassVar[Sequence[Any]] = ()
    search_words: Any = ""  # what the search looks through; no search where it is empty

    list_template = "admin/model/list.html"
    can_set_page_size = True
    page_size = 50
    page_size_options = (20, 50, 100)

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

    def presets(self) -> list[tuple[Any, dict[str, str]]]:
        """Lists people come back to: a label, and the filters it sets."""
        return []

    def tabs(self) -> list[tuple[Any, str, bool]]:
        """The presets as the page draws them: label, address, whether it is this one."""
        set_now = {each.arg: request.args[each.arg] for each in self.filters if request.args.get(each.arg)}
        ways = self.presets()
        return [
            (word, self.get_url(".index_view", **way), set_now == way)
            for word, way in ([(_("All"), {}), *ways] if ways else [])
        ]

    # What the address says

    def _get_list_extra_args(self) -> ViewArgs:
        said = request.args
        size = self.get_safe_page_size(said.get("page_size", 0, type=int))
        page = said.get("page", 0, type=int)
        sort = self._sort_place(said.get("sort", ""))
        return ViewArgs(
            page=min(max(page, 0), DEEPEST // size + 1),
            page_size=size,
            sort=sort,
            sort_desc=1 if said.get("desc") == "1" else None,
            search=" ".join(said.get("search", "").replace("\x00", "").split())[:SEARCH_SIGNS] or None,
            filters=self._get_list_filter_args(),  # pyright: ignore[reportArgumentType]
            extra_args={},  # Flask-Admin would hand any argument on to url_for, "_scheme=javascript" too
        )

    def _sort_place(self, said: str) -> int | None:
        """Where the column stands that the address sorts by: it names it, so that it may move."""
        names = [str(name) for name, _label in self._list_columns]
        if said.isascii() and said.isdecimal() and len(said) < 4 and int(said) < len(names):
            said = names[int(said)]
        return names.index(said) if said in names and said in self.sorts else None

    def _get_list_url(self, view_args: ViewArgs) -> str:
        return self.get_url(".index_view", **self._said_again(view_args))

    def _said_again(self, said: ViewArgs) -> dict[str, Any]:
        """What an address has to say to bring this list back; nothing that goes without saying."""
        column = self._get_column_by_idx(said.sort)
        size = self.get_safe_page_size(said.page_size)
        return {
            "search": said.search,
            **self._get_filters(said.filters),  # pyright: ignore[reportArgumentType]
            "sort": column[0] if column else None,
            "desc": 1 if said.sort_desc else None,
            "page": said.page or None,
            "page_size": size if size != self.page_size else None,
        }

    def _get_list_filter_args(self) -> list[Set]:  # type: ignore[override]
        found: list[Set] = []
        for each in self.filters:
            text = request.args.get(each.arg, "")
            try:
                each.read(text)
            except (ValueError, OverflowError):
                continue
            found.append((each, text))
        return found

    def _get_filters(self, filters: Sequence[Set] | None) -> dict[str, Any]:  # type: ignore[override]
        return {each.arg: text for each, text in filters or ()}

    # What is asked

    def criteria(self, search: str | None, filters: Sequence[Set]) -> list[ColumnElement[bool]]:
        """Where-clauses of a list: the row rule first, always."""
        found = [self.visible_to(me())]
        if search and (meant := self.finds(search)) is not None:
            found.append(meant)
        return found + [each.where(each.read(text)) for each, text in filters]

    def ordering(self, sort_column: str | None, descending: bool) -> list[Any]:
        """Always a total order, and what has no value last: the same on either database."""
        name, down = (sort_column, descending) if sort_column in self.sorts else self.order
        column = self.sorts.get(str(name), self.model.id)
        nullable = getattr(column, "nullable", True)
        parts = [column] if column is self.model.id else [column, self.model.id]
        directed = [each.desc() if down else each.asc() for each in parts]
        return [directed[0].nulls_last() if nullable else directed[0], *directed[1:]]

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
        asked = select(self.model.id).where(*where).order_by(*self.ordering(sort_column, bool(sort_desc)))
        first = page * size
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
            self._go_to(max(0, (count - 1) // size) if count <= COUNTED else 0)
        return count, self._rows(ids)

    def _count(self, where: list[ColumnElement[bool]]) -> int:
        counted = select(self.model.id).where(*where).limit(COUNTED + 1).subquery()
        return db.scalar(select(func.count()).select_from(counted)) or 0

    def _go_to(self, page: int) -> None:
        abort(redirect(self._get_list_url(self._get_list_extra_args().clone(page=page))))

    def _rows(self, ids: Sequence[int]) -> list[Any]:
        if not ids:
            return []
        changeable = (
            case((self.changeable_by(me()), 1), else_=0) if self.can_edit else case((false(), 1), else_=0)
        )
        extras = {"may_change": changeable, **self.extras()}
        asked = select(self.model, *extras.values()).where(self.model.id.in_(ids)).options(*self.loads)
        found: dict[int, Any] = {}
        for row, *values in db.execute(asked):
            for name, value in zip(extras, values, strict=True):
                setattr(row, name, value)
            found[row.id] = row
        rows = [found[id] for id in ids if id in found]
        self.complete(rows)
        return rows

    # What is drawn

    def get_sortable_columns(self) -> Any:
        return dict(self.sorts)

    def init_search(self) -> bool:
        return bool(self.search_words)

    def search_placeholder(self) -> str | None:
        return str(self.search_words) if self.search_words else None

    def render(self, template: str, **kwargs: Any) -> Any:
        if template == self.list_template:
            kwargs.update(self._list_words(kwargs["count"], kwargs["page_size"]))
        return super().render(template, **kwargs)

    def _list_words(self, count: int, size: int) -> dict[str, Any]:
        said = self._get_list_extra_args()
        capped = count > COUNTED
        drawn, chips = self._drawn_filters(said)
        return {
            "count": min(count, COUNTED),
            "count_capped": capped,
            "num_pages": -(-min(count, COUNTED) // size),
            "filter_fields": drawn,
            "chips": chips,
            "reset_url": self.get_url(".index_view"),
            "export_url": self._export_address(said),
            "row_editable": lambda row: bool(row.may_change),
            "saved_filters": self.tabs(),
        }

    def _drawn_filters(self, said: ViewArgs) -> tuple[list[FilterField], list[tuple[Any, Any, str]]]:
        values = self._get_filters(said.filters)  # pyright: ignore[reportArgumentType]
        drawn: list[FilterField] = []
        chips: list[tuple[Any, Any, str]] = []
        for each in self.filters:
            options, value = each.options(me()), values.get(each.arg, "")
            url = self.get_url(".ajax_lookup", name=each.picker) if each.picker else ""
            drawn.append(FilterField(each.arg, each.label, each.kind, options, value, each.is_main, url))
            if value:
                chips.append((each.label, each.said(value, options), self._without(said, each)))
        if said.search:
            chips.insert(0, (_("Search"), said.search, self._get_list_url(said.clone(search=None, page=0))))
        return drawn, chips

    def _without(self, said: ViewArgs, dropped: Filter) -> str:
        kept = [pair for pair in said.filters or () if pair[0] is not dropped]
        return self._get_list_url(said.clone(filters=kept, page=0))

    def _export_address(self, said: ViewArgs) -> Callable[[str], str]:
        """The list as a file: the same filters, made here rather than of whatever the address says."""
        arguments = {**self._said_again(said), "page": None, "page_size": None}
        return lambda kind: self.get_url(".export", export_type=kind, **arguments)


def one(*relations: Any) -> list[Any]:
    """Load these many-to-one relations with the rows."""
    return [joinedload(relation) for relation in relations]
