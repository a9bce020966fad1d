"""A page of rows of our own: tabs, filters, a search and pages, all of them in its address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from sqlalchemy import ColumnElement, Select

from crmadmin.core.db import db
from views.admin.drawing import Tab
from views.admin.filters import Filter
from views.fields import plain_text
from views.narrowing import Said, arguments, criteria, drawn, said_of

PAGE = 50
DEEPEST = 200  # pages; further on one narrows
LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Register:
    """What may be asked of a page. ``tabs``: their words and labels, the usual one first."""

    endpoint: str
    tabs: Mapping[str, Any]
    filters: tuple[Filter, ...]
    finds: Callable[[str], ColumnElement[bool]] | None = None


class Asked:
    """What the address of a register asks for; what nobody understands of it is left out."""

    def __init__(self, register: Register) -> None:
        said, self.register = request.args, register
        usual = next(iter(register.tabs))
        self.tab = said.get("state", usual) if said.get("state") in register.tabs else usual
        self.said = said_of(register.filters)
        self.search = str(plain_text(said.get("search", "")))[:LONGEST_SEARCH] if register.finds else ""
        number = said.get("page", "")
        self.page = (
            min(int(number), DEEPEST) if number.isascii() and number.isdecimal() and len(number) < 6 else 0
        )

    @cached_property
    def where(self) -> list[ColumnElement[bool]]:
        """The filters and the search; what the tab means says the page."""
        found = criteria(self.said)
        finds = self.register.finds
        return [*found, finds(self.search)] if finds and self.search else found

    def rows(self, asked: Select[int], told: Callable[[Sequence[int]], Any]) -> tuple[list[Any], bool]:
        """One page of the rows whose ids are asked for, as they are told; and whether there are more.

        Ids first: what a row says is looked for where it is shown, not to put all there are in order.
        """
        ids = db.scalars(asked.limit(PAGE + 1).offset(self.page * PAGE)).all()
        known = {row[0].id: row for row in db.execute(told(ids[:PAGE])).unique()} if ids else {}
        rows = [known[id] for id in ids[:PAGE] if id in known]
        return rows, len(ids) > PAGE and self.page < DEEPEST

    def drawn(self, has_more: bool) -> dict[str, Any]:
        """What ``parts/register`` shows beside the rows."""
        fields, chips = drawn(self.register.filters, self.said, lambda left: self._address(said=left))
        return {
            "tabs": [Tab(label, self._address(tab=word), word == self.tab)
                     for word, label in self.register.tabs.items()],
            "tab_here": None,
            "filter_fields": fields,
            "chips": chips,
            "search": self.search,
            "search_supported": self.register.finds is not None,
            "extra_args": {"state": self.tab} if self.tab != next(iter(self.register.tabs)) else {},
            "reset_url": self._address(said=[], search=""),
            "page": self.page,
            "has_more": has_more,
            "address_of_page": lambda page: self._address(page=page),
            "here": request.full_path.rstrip("?"),
        }  # fmt: skip

    def _address(
        self,
        *,
        tab: str | None = None,
        said: Said | None = None,
        search: str | None = None,
        page: int = 0,
    ) -> str:
        tab, search = tab or self.tab, self.search if search is None else search
        args = [("state", tab)] if tab != next(iter(self.register.tabs)) else []
        args += [("search", search)] if search else []
        args += arguments(self.said if said is None else said)
        args += [("page", str(page))] if page else []
        where = url_for(self.register.endpoint)
        return f"{where}?{urlencode(args)}" if args else where
