"""What the page of a list draws beside its rows: filters, chips, tabs, columns; and the way through it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from flask import request
from flask_admin.model.base import ViewArgs
from werkzeug.datastructures import MultiDict

from crmadmin.core import clock, i18n
from crmadmin.core.db import db
from crmadmin.core.i18n import _
from crmadmin.queries.lists import saved_for
from crmadmin.services.lists import may_change
from models import SavedFilter
from views.admin.addresses import DEEPEST
from views.admin.filters import Filter, FilterField, Options, Texts
from views.base import me
from views.guards import is_local

if TYPE_CHECKING:
    from views.admin.lists import ListView


WHOLE = "whole"  # every choice comes with the page: for whoever has no scripts


class Chip(NamedTuple):
    label: Any
    value: Any
    address: str  # without it


class Tab(NamedTuple):
    label: Any
    address: str
    is_here: bool
    saved: SavedFilter | None = None
    may_change: bool = False


class Way(NamedTuple):
    """From a row back to its list, and to its neighbours there; an empty address leads nowhere."""

    back: str
    before: str = ""
    after: str = ""


def of_list(view: "ListView", count: int, size: int) -> dict[str, Any]:
    from views.admin.lists import COUNTED  # a test shortens the count

    said = view._get_list_extra_args()
    capped = count > COUNTED
    fields, chips = filters(view, said)
    later = any(_waits(each, said) for each in view.filters)
    drawn = tabs(view, said)
    return {
        "list_columns": view.titled(view.shown()),
        "count": min(count, COUNTED),
        "count_capped": capped,
        "num_pages": -(-min(count, COUNTED) // size),
        "deepest_page": DEEPEST // size,
        "sort_name": view.sort_name(said),
        "filter_fields": fields,
        "later_filters": _later(view, said) if later else "",
        "chips": chips,
        "reset_url": view.get_url(".index_view"),
        "export_url": export_address(view, said),
        "row_editable": lambda row: bool(row.may_change),
        "tabs": drawn,
        "tab_here": next((tab for tab in drawn if tab.is_here and tab.saved), None),
        "may_save": bool(chips) and not any(tab.is_here for tab in drawn),
        "which_rows": view.which_rows(said),
        "all_columns": columns(view),
        "gives_way": giving_way(view),
        "usual_page_size": view.usual_page_size(),
        "printed": i18n.moment_exact(clock.now()),
    }


def filters(view: "ListView", said: ViewArgs) -> tuple[list[FilterField], list[Chip]]:
    """The filters as they are drawn with the list, and a chip for each value that is set."""
    values = _set_in(said)
    fields: list[FilterField] = []
    chips: list[Chip] = []
    if said.search:
        chips.append(Chip(_("Search"), said.search, view._get_list_url(said.clone(search=None, page=0))))
    at_once = request.args.get(WHOLE) == "1"
    for each in view.filters:
        if _waits(each, said):
            continue
        texts = values.get(each.arg, ())
        is_short = each.chosen is None or at_once
        options = each.options(me(), texts, only_chosen=not is_short)
        drawn = field(each, texts, options, _lookup(view, each))
        fields.append(drawn if is_short else drawn._replace(later=_later(view, said, of=each.arg)))
        chips += [
            Chip(each.label, _chip(each, text, options), without(view, said, each, text)) for text in texts
        ]
    return fields, chips


def later_filters(view: "ListView", said: ViewArgs) -> list[FilterField]:
    """The filters that few people open: drawn when they are asked for."""
    waiting = [each for each in view.filters if _waits(each, said)]
    return [field(each, (), each.options(me()), _lookup(view, each)) for each in waiting]


def later_choices(view: "ListView", said: ViewArgs) -> list[FilterField]:
    """The one filter whose choices are asked for, with all it offers; none where there is no such filter."""
    texts = _set_in(said)
    asked = [each for each in view.filters if each.arg == request.args.get("of") and each.offers]
    ticked = [(each, texts.get(each.arg, ())) for each in asked]
    return [field(each, values, each.options(me(), values)) for each, values in ticked]


def _waits(each: Filter, said: ViewArgs) -> bool:
    return not each.is_main and each.arg not in _set_in(said)


def _set_in(said: ViewArgs) -> dict[str, Texts]:
    was_set: Any = said.filters or ()
    return {each.arg: texts for each, texts in was_set}


def _later(view: "ListView", said: ViewArgs, **more: str) -> str:
    """Where the rest of the filters is; it is told which are set, for these are on the page already."""
    were_set = view._get_filters(said.filters)  # pyright: ignore[reportArgumentType]
    return view.get_url(".later_filters", **were_set, **more)


def _lookup(view: "ListView", each: Filter) -> str:
    return view.get_url(".ajax_lookup", name=each.picker) if each.picker else ""


def field(each: Filter, texts: Texts, options: Options, url: str = "") -> FilterField:
    """A filter as the line draws it, with what is set."""
    words = str(each.said(texts[0], options)) if texts else ""
    drawn = FilterField(each.arg, each.label, each.kind, options, texts, each.is_main, url, words)
    return drawn._replace(unsaid=each.unsaid)


def _chip(each: Filter, text: str, options: Options) -> Any:
    return each.said(text, [("1", _("yes")), ("0", _("no"))] if each.kind == "yesno" else options)


def without(view: "ListView", said: ViewArgs, dropped: Filter, value: str) -> str:
    kept: Any = []
    was_set: Any = said.filters or ()
    for each, texts in was_set:
        left = tuple(text for text in texts if text != value) if each is dropped else texts
        kept += [(each, left)] if left else []
    return view._get_list_url(said.clone(filters=kept, page=0))


def tabs(view: "ListView", said: ViewArgs) -> list[Tab]:
    """Ready lists, then saved ones: his own, then those that others share."""
    ways = view.presets()
    saved = list(db.scalars(saved_for(me(), view.endpoint)))
    if not ways and not saved:
        return []
    here = view.which_rows(said)
    plain = view.which_rows(said.clone(sort=None, sort_desc=None))
    drawn: list[Tab] = []
    for label, way in [(view.usual_tab, {}), *ways]:
        address = view.read_address(MultiDict(way))
        drawn.append(Tab(label, view._get_list_url(address), view.which_rows(address) in {here, plain}))
    for each in saved:
        address = view.read_address(MultiDict(parse_qsl(each.query)))
        is_here = view.which_rows(address) in {here, plain}
        drawn.append(Tab(each.name, view._get_list_url(address), is_here, each, may_change(each, me())))
    return drawn


def columns(view: "ListView") -> list[tuple[str, Any, bool]]:
    """Every column that may be shown, the shown ones first and in their order; the first of all stays."""
    shown = view.shown()
    hidden = [name for name in view.columns_on_offer() if name not in shown]
    return [
        *((name, label, True) for name, label in view.titled(shown)),
        *((name, label, False) for name, label in view.titled(hidden)),
    ]


def giving_way(view: "ListView") -> list[int]:
    """At which places stand the columns that a small screen leaves out; none of those that one chose."""
    layout, shown = view.layout(), view.shown()
    chosen = layout is not None and bool(layout.columns)
    return [] if chosen else [shown.index(name) + 1 for name in view.gives_way if name in shown]


def export_address(view: "ListView", said: ViewArgs) -> Callable[..., str]:
    """The list as a file: the same filters, made here rather than of whatever the address says."""
    arguments = {**view.arguments(said), "page": None, "page_size": None}

    def address(kind: str, as_shown: bool = False) -> str:
        more = {"columns": "shown"} if as_shown else {}
        return view.get_url(".export", export_type=kind, **arguments, **more)

    return address


def way_through(view: "ListView", id: int) -> Way | None:
    """Back to the list that led here, and to the next row of it; None where no list did."""
    address = request.args.get("url", "")
    if not address or not is_local(address):
        return None
    parts = urlsplit(address)
    listed = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if parts.path != view.get_url(".index_view"):
        return None
    said = view.read_address(MultiDict(parse_qsl(parts.query)))
    before, after = view.neighbours(id, said)

    def to(row: int | None) -> str:
        return view.row_address(row, f"{listed}#r{row}") if row else ""

    return Way(f"{listed}#r{id}", to(before), to(after))
