"""A list as a file: the same filters, only rows the viewer may take out, sent while read, written down."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Any, ClassVar, NamedTuple

from flask import Response, request
from flask_admin import expose
from sqlalchemy import ColumnElement, case, func, select, type_coerce, types

from crmadmin.core import clock, i18n, sql
from crmadmin.core.db import Rows, db, reading, transaction
from crmadmin.core.errors import NotAllowed, NotFound
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.formats import csv, xlsx
from crmadmin.services import journal
from models import User
from models.base import UtcDateTime
from views.admin import drawing
from views.admin.lists import ListView
from views.base import me
from views.labels import LABELS

PRINT = "print"
AT_ONCE = 2_000  # rows read from the database at a time
IN_MEMORY = 8 * 1024 * 1024
ON_PAPER = 2_000  # rows at most: some forty sheets
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PRINT: "text/html; charset=utf-8",
}


class ExportColumn(NamedTuple):
    title: Any
    value: Any  # a column, or an expression


class ExportView(ListView):
    """The doors ``/export/csv/``, ``/export/xlsx/`` and ``/export/print/`` of a list."""

    export_right: ClassVar[Permission | None] = None
    export_types = ("csv", "xlsx")  # type: ignore[assignment]
    in_a_file: ClassVar[Mapping[str, Sequence[str]]] = {}  # columns by which a file says what one draws
    told_in_several: ClassVar[frozenset[str]] = frozenset()  # columns that are several in a file

    def exportable_by(self, viewer: User) -> ColumnElement[bool]:
        raise NotImplementedError

    def export_columns(self) -> Sequence[ExportColumn]:
        raise NotImplementedError

    def shown_values(self) -> Mapping[str, Any]:
        """What each column of the list says in a file."""
        return {}

    def columns_shown(self) -> Sequence[ExportColumn]:
        """What whoever looks sees: his columns, in his order; what is a drawing there is said in words."""
        values = self.shown_values()
        told = [each for name in self.shown() for each in self.in_a_file.get(name, (name,))]
        names = [name for name in dict.fromkeys(told) if name in values]
        return [ExportColumn(label, values[name]) for name, label in self.titled(names)]

    def export_from(self, asked: Rows) -> Rows:
        """The question with the joins its columns need."""
        return asked

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Any:
        if export_type not in {*self.export_types, PRINT} or self.export_right is None:
            raise NotFound(_("There is no such file."))
        if not self.can_export:
            raise NotAllowed(_("Taking this list out is not yours to do."))
        if request.method != "GET":  # asked about the file, not for it: nothing is taken out
            return Response(content_type=CONTENT_TYPES[export_type])
        as_shown = export_type == PRINT or request.args.get("columns") == "shown"
        columns = (as_shown and self.columns_shown()) or self.export_columns()
        values = [_in_words(column.value, moments=export_type == "csv") for column in columns]
        asked = self._asked(values, as_shown)
        titles = [str(column.title) for column in columns]
        if export_type == PRINT:
            asked = asked.limit(ON_PAPER + 1)
        rows = _rows(db.get_bind(), asked)
        if export_type == PRINT:
            return self._on_paper(titles, list(rows))
        if export_type == "csv":
            body: Iterable[Any] = (chunk.encode() for chunk in csv.written(titles, rows))
        else:
            body = book(titles, rows, str(self.name))
        name = f"{self.endpoint}-{i18n.today():%Y-%m-%d}.{export_type}"
        return Response(
            body,
            content_type=CONTENT_TYPES[export_type],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _on_paper(self, titles: list[str], rows: list[Sequence[Any]]) -> Any:
        """All that is found as one page without a frame, for the browser to print."""
        said = self._get_list_extra_args()
        return self.render(
            "admin/model/printed.html",
            titles=titles,
            rows=rows[:ON_PAPER],
            only_own=not allows(me().role, Permission.every_row),
            is_cut=len(rows) > ON_PAPER,
            most=ON_PAPER,
            chips=drawing.filters(self, said)[1],
            printed=i18n.moment_exact(clock.now()),
            back=self._get_list_url(said),
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


def _rows(bind: Any, asked: Rows) -> Iterator[Sequence[Any]]:
    """Read on a connection of its own: the request's session is gone when the last row is sent."""
    with reading(bind) as connection:
        ways = list(_ways(asked))
        found = connection.execute(asked, execution_options={"yield_per": AT_ONCE})
        for several in found.partitions():
            if not ways:
                yield from several
                continue
            columns: list[Any] = list(zip(*several, strict=True))
            for place, way in ways:
                columns[place] = [cell if cell is None else way(cell) for cell in columns[place]]
            yield from zip(*columns, strict=True)


def _in_words(value: Any, *, moments: bool) -> Any:
    """What the database hands over ready to be written: of a hundred thousand rows no cell is made anew.

    A CSV has moments as texts; a workbook and a sheet of paper know moments themselves.
    """
    match value.type:
        case UtcDateTime() if moments:
            return sql.local_minute(value)
        case types.Enum():
            return case(
                {word: str(text) for word, text in LABELS.items()}, value=type_coerce(value, types.String)
            )
    return value


def _ways(asked: Rows) -> Iterator[tuple[int, Callable[[Any], Any]]]:
    """Places of cells that are not written as they are, and how they are; chosen once, not in every row."""
    for place, column in enumerate(asked.selected_columns):
        match column.type:
            case UtcDateTime():
                yield place, _moment
            case types.Float():
                yield place, _number


def _moment(at: datetime) -> datetime:
    return i18n.local(at).replace(tzinfo=None, second=0, microsecond=0)


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else round(value, 2)


def book(titles: list[str], rows: Iterable[Sequence[Any]], name: str) -> Iterator[bytes]:
    """A workbook is whole before its first byte is known, so it is made in a temporary file."""
    with SpooledTemporaryFile(IN_MEMORY) as file:
        xlsx.write(titles, rows, file, name)
        file.seek(0)
        while chunk := file.read(64 * 1024):
            yield chunk
