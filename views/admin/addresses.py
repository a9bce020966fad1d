"""What a list's address says, and the address that says it: the same list for everybody it is sent to.

Everything is read strictly: what is nonsense is left out, never an error.
"""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import g, request
from flask_admin.contrib.sqla import ModelView
from flask_admin.model.base import ViewArgs
from werkzeug.datastructures import MultiDict

from views.admin.filters import Filter, Texts
from views.admin.sorting import Sorts

DEEPEST = 20_000  # rows further down are found by a filter or from the other end
SEARCH_SIGNS = 200
PAGING = ("page", "page_size")

Set = tuple[Filter, Texts]  # a filter that is set, and what the address says of it


class AddressView(ModelView):
    """Reads and writes the addresses of a list. Flask-Admin's ``ViewArgs`` is what an address says."""

    filters: ClassVar[tuple[Filter, ...]] = ()
    sorts: ClassVar[Sorts] = {}
    column_list: Any
    column_labels: Any  # Flask-Admin wants texts; ours are translated when they are shown

    page_size = 50
    page_size_options = (20, 50, 100, 200)

    def usual_page_size(self) -> int:
        """How many rows whoever looks wants on a page."""
        return self.page_size

    def shown(self) -> list[str]:
        """The columns whoever looks sees, in order."""
        return [str(name) for name in self.column_list]

    def read_address(self, said: MultiDict[str, str]) -> ViewArgs:
        """What the arguments of an address mean. A page below 0 is counted from the end: -1 is the last."""
        page = said.get("page", 0, type=int)
        usual = self.page_size if page else self.usual_page_size()
        size = said.get("page_size", 0, type=int)
        size = size if size in self.page_size_options else usual
        deepest = DEEPEST // size + 1
        return ViewArgs(
            page=min(max(page, -deepest), deepest),
            page_size=size,
            sort=self._sort_place(said.get("sort", "")),
            sort_desc=1 if said.get("desc") == "1" else None,
            search=" ".join(said.get("search", "").replace("\x00", "").split())[:SEARCH_SIGNS] or None,
            filters=self._filters_set(said),  # pyright: ignore[reportArgumentType]
            extra_args={},  # Flask-Admin would hand any argument on to url_for, "_scheme=javascript" too
        )

    def _get_list_extra_args(self) -> ViewArgs:
        return self.read_address(request.args)

    def _filters_set(self, said: MultiDict[str, str]) -> list[Set]:
        found = [(each, each.accepted(said.getlist(each.arg))) for each in self.filters]
        return [(each, texts) for each, texts in found if texts]

    def _get_list_filter_args(self) -> list[Set]:  # type: ignore[override]
        return self._filters_set(request.args)

    def _get_filters(self, filters: Sequence[Set] | None) -> dict[str, Any]:  # type: ignore[override]
        """One value as a text, several as a list: what an address and the journal say of each filter."""
        return {each.arg: texts[0] if len(texts) == 1 else list(texts) for each, texts in filters or ()}

    # What is sorted by: Flask-Admin numbers the columns; ours are named, so that they may move

    def _sortable(self) -> list[str]:
        """Whatever may be sorted by, whether it is shown or not; made once a request: each address asks."""
        known: dict[str, list[str]] = g.setdefault("sortable", {})
        if self.endpoint not in known:
            shown = self.shown()
            known[self.endpoint] = [*shown, *(name for name in self.sorts if name not in shown)]
        return known[self.endpoint]

    def _sort_place(self, said: str) -> int | None:
        usual = [str(name) for name in self.column_list]
        if said.isascii() and said.isdecimal() and len(said) < 4 and int(said) < len(usual):
            said = usual[int(said)]
        return self._sortable().index(said) if said in self.sorts else None

    def _get_column_by_idx(self, idx: int | None) -> tuple[Any, str] | None:
        names = self._sortable()
        if idx is None or not 0 <= idx < len(names):
            return None
        return names[idx], str(self.column_labels.get(names[idx], names[idx]))

    def sort_name(self, said: ViewArgs) -> str | None:
        column = self._get_column_by_idx(said.sort)
        return str(column[0]) if column else None

    # What an address says

    def _get_list_url(self, view_args: ViewArgs) -> str:
        return self.get_url(f"{self.endpoint}.index_view", **self.arguments(view_args))

    def arguments(self, said: ViewArgs) -> dict[str, Any]:
        """What an address has to say to bring this list back; nothing that goes without saying."""
        size = said.page_size if said.page_size in self.page_size_options else self.page_size
        usual = size == self.page_size and (said.page or size == self.usual_page_size())
        return {
            "search": said.search,
            **self._get_filters(said.filters),  # pyright: ignore[reportArgumentType]
            "sort": self.sort_name(said),
            "desc": 1 if said.sort_desc else None,
            "page": said.page or None,
            "page_size": None if usual else size,
        }

    def which_rows(self, said: ViewArgs) -> str:
        """The address's question alone, without its pages: what a saved filter keeps."""
        kept = [(name, value) for name, value in self.arguments(said).items() if name not in PAGING]
        return urlencode(list(_one_by_one(kept)))


def _one_by_one(arguments: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, Any]]:
    for name, value in arguments:
        for each in value if isinstance(value, list) else [value]:
            if each is not None:
                yield name, each
