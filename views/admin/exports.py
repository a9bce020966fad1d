"""A list as a file: the same filters, only rows the viewer may take out, sent while read, written down."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum
from tempfile import SpooledTemporaryFile
from typing import Any, ClassVar, NamedTuple

from flask import Response, request
from flask_admin import expose
from sqlalchemy import ColumnElement, func, select

from crmadmin.core import i18n
from crmadmin.core.db import Rows, db, reading, transaction
from crmadmin.core.errors import NotAllowed, NotFound
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission
from crmadmin.formats import csv, xlsx
from crmadmin.services import journal
from models import User
from views.admin.lists import ListView
from views.base import me
from views.labels import LABELS

AT_ONCE = 1_000  # rows read from the database at a time
IN_MEMORY = 8 * 1024 * 1024
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportColumn(NamedTuple):
    title: Any
    value: Any  # a column, or an expression


class ExportView(ListView):
    """The doors ``/export/csv/`` and ``/export/xlsx/`` of a list."""

    export_right: ClassVar[Permission | None] = None
    export_types = ("csv", "xlsx")  # type: ignore[assignment]

    def exportable_by(self, viewer: User) -> ColumnElement[bool]:
        raise NotImplementedError

    def export_columns(self) -> Sequence[ExportColumn]:
        raise NotImplementedError

    def shown_values(self) -> Mapping[str, Any]:
        """What each column of the list says in a file."""
        return {}

    def columns_shown(self) -> Sequence[ExportColumn]:
        """Exactly what whoever looks sees: his columns, in his order."""
        values = self.shown_values()
        return [
            ExportColumn(label, values[name]) for name, label in self.titled(self.shown()) if name in values
        ]

    def export_from(self, asked: Rows) -> Rows:
        """The question with the joins its columns need."""
        return asked

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Any:
        if export_type not in self.export_types or self.export_right is None:
            raise NotFound(_("There is no such file."))
        if not self.can_export:
            raise NotAllowed(_("Taking this list out is not yours to do."))
        as_shown = request.args.get("columns") == "shown"
        columns = (as_shown and self.columns_shown()) or self.export_columns()
        asked = self._asked([column.value for column in columns], as_shown)
        titles = [str(column.title) for column in columns]
        rows = _rows(db.get_bind(), asked, {word: str(text) for word, text in LABELS.items()})
        if export_type == "csv":
            body: Iterable[Any] = (chunk.encode() for chunk in csv.written(titles, rows))
            kind = "text/csv; charset=utf-8"
        else:
            body, kind = _book(titles, rows, str(self.name)), EXCEL
        name = f"{self.endpoint}-{i18n.today():%Y-%m-%d}.{export_type}"
        return Response(
            body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )

    def _asked(self, values: list[Any], as_shown: bool) -> Rows:
        said = self._get_list_extra_args()
        filters: Any = said.filters or ()
        where, order = self.asked_by(said)
        where.append(self.exportable_by(me()))
        told = {"search": said.search, "filters": self._get_filters(filters)}
        self._write_down(where, told | ({"columns": self.shown()} if as_shown else {}))
        asked = order.joined(self.export_from(select(*values).select_from(self.model)))
        return asked.where(*where).order_by(*order.by())

    def _write_down(self, where: list[ColumnElement[bool]], told: dict[str, Any]) -> None:
        rows = db.scalar(select(func.count()).select_from(self.model).where(*where))
        told = {"list": self.endpoint, "rows": rows, **told}
        with transaction(by=me()):
            journal.note(db, "export", {key: [None, value] for key, value in told.items()}, subject="export")


def _rows(bind: Any, asked: Rows, labels: dict[Any, str]) -> Iterator[list[Any]]:
    """Read on a connection of its own: the request's session is gone when the last row is sent."""
    with reading(bind) as connection:
        for row in connection.execute(asked, execution_options={"yield_per": AT_ONCE}):
            yield [_cell(value, labels) for value in row]


def _cell(value: Any, labels: dict[Any, str]) -> Any:
    if isinstance(value, datetime):
        return i18n.local(value).replace(tzinfo=None, second=0, microsecond=0)
    if isinstance(value, Enum):
        return labels[value]
    if isinstance(value, float):
        return int(value) if value.is_integer() else round(value, 2)
    return "" if value is None else value


def _book(titles: list[str], rows: Iterable[Sequence[Any]], name: str) -> Iterator[bytes]:
    """A workbook is whole before its first byte is known, so it is made in a temporary file."""
    with SpooledTemporaryFile(IN_MEMORY) as file:
        xlsx.write(titles, rows, file, name)
        file.seek(0)
        while chunk := file.read(64 * 1024):
            yield chunk
