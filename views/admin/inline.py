"""One cell of a list, changed in place: the rights, the checks, the journal and the two editors of a form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from markupsafe import escape
from sqlalchemy import ColumnElement, Select
from sqlalchemy.exc import SQLAlchemyError

from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError, NotAllowed, NotFound
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission
from crmadmin.services.meanwhile import hold
from models import JournalEntry, User
from views.admin import two_editors
from views.admin.saving import SavingView, broken
from views.base import can, me
from views.fields import plain_text
from views.forms import only_ours

LONGEST = 2_000


@dataclass(frozen=True)
class Cell:
    """How one column is changed in the list.

    ``now`` is the present value as the form sends it, ``shown`` as people read it; ``put`` gives the row the
    typed value, by the domain's acts. ``own`` cells are of rows the viewer may change; others say who may.
    """

    label: Any
    right: Permission
    now: Callable[[Any], str]
    shown: Callable[[Any], str]
    put: Callable[[Any, str], None]
    redraws: tuple[str, ...]
    latest: Callable[[Any], tuple[JournalEntry | None, Any]]
    own: bool = True
    refuses: Callable[[Any], str] | None = None  # says why, in a row where the viewer may not
    kind: str = "text"
    options: Callable[[User], Select[Any]] | None = None
    blank: Any = None
    quick: Mapping[str, Any] | None = None
    reason: Any = ""
    longest: int = 200
    typed: Callable[[str], str] = lambda now: now  # the value as its field shows it


class InlineView(SavingView):
    """The door ``/cell/<row>/<column>``: the small form of a cell, and what becomes of it."""

    inline: ClassVar[Mapping[str, Cell]] = {}

    def changeable_by(self, viewer: User) -> ColumnElement[bool]:
        raise NotImplementedError

    def may_change(self, row: Any) -> bool:
        raise NotImplementedError

    def whose(self, row: Any) -> str:
        """What to say to somebody who may not change this row: whose it is."""
        return str(getattr(self, "not_yours", ""))

    def inline_now(self) -> dict[str, str]:
        """The columns this viewer may change in place: in rows of his own, or in any."""
        return {name: "own" if cell.own else "any" for name, cell in self.inline.items() if can(cell.right)}

    @expose("/cell/<int:row_id>/<column>", methods=("GET", "POST"))
    def cell(self, row_id: int, column: str) -> ResponseReturnValue:
        cell = self.inline.get(column)
        if cell is None:
            raise NotFound(_("There is nothing to change here."))
        if request.method == "POST":
            only_ours()
        row = self.get_one(str(row_id))
        if row is None:
            raise NotFound(_("There is no such row."))
        if request.method == "POST":
            hold(row)
        if not can(cell.right):
            return self._drawn(cell, row, NotAllowed(_("This is not yours to do.")))
        if cell.own and not self.may_change(row):
            return self._drawn(cell, row, NotAllowed(self.whose(row)))
        if cell.refuses and (why := cell.refuses(row)):
            return self._drawn(cell, row, NotAllowed(why))
        return self._sent(cell, row) if request.method == "POST" else self._drawn(cell, row)

    def _sent(self, cell: Cell, row: Any) -> ResponseReturnValue:
        typed = str(plain_text(request.form.get("value", "")[:LONGEST]))
        quick = str(plain_text(request.form.get("quick", "")[:LONGEST]))
        was, now = request.form.get("was", ""), cell.now(row)
        if cell.typed(now) == typed and not quick:
            return {"form": None, "said": "", "cells": self._cells(cell, row)}
        if was != now:
            entry, old = cell.latest(row)
            sentence = two_editors.said(cell.shown(row) or "—", entry, two_editors.told(old))
            keep = _("Save once more to put yours over it.")
            return self._drawn(cell, row, DomainError(f"{sentence} {keep}"), typed, 409)
        try:
            with transaction(by=me()):
                cell.put(row, quick or typed)
        except DomainError as refusal:
            return self._drawn(cell, row, refusal, typed)
        except SQLAlchemyError as error:
            return self._drawn(cell, row, DomainError(broken(error)), typed)
        return {"form": None, "said": _("Saved."), "cells": self._cells(cell, row)}

    def _drawn(
        self,
        cell: Cell,
        row: Any,
        error: DomainError | None = None,
        typed: str | None = None,
        status: int = 0,
    ) -> ResponseReturnValue:
        row = self.get_one(str(row.id))  # after a refusal nothing is as it was
        now = cell.now(row)
        page = render_template(
            "parts/list/cell_form.html",
            cell=cell,
            options=self._options(cell, row, now),
            was=now,
            typed=cell.typed(now) if typed is None else typed,
            error=error,
            why=request.form.get("reason", ""),
            shut=isinstance(error, NotAllowed),
            about=str(row),
        )
        status = status or (error.status if error else 200)
        cells = self._cells(cell, row) if error else {}
        return {"form": page, "said": str(error or ""), "cells": cells}, status

    def _options(self, cell: Cell, row: Any, now: str) -> list[tuple[str, str]]:
        """The rows on offer; the present one stays among them."""
        if cell.options is None:
            return []
        offered = [(str(each.id), str(each)) for each in db.scalars(cell.options(me()))]
        known = {value for value, _text in offered}
        return offered if not now or now in known else [*offered, (now, cell.shown(row))]

    def _cells(self, cell: Cell, row: Any) -> dict[str, str]:
        """What the list shows in this row wherever the change is seen, drawn anew."""
        (drawn,) = self._rows([row.id])
        context: Any = None  # Flask-Admin hands its template's on to formatters; ours ask for none
        found = {name: self.get_list_value(context, drawn, name) for name in cell.redraws}
        return {name: "" if value is None else str(escape(value)) for name, value in found.items()}
