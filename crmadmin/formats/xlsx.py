"""Rows in, an Excel workbook out: texts stay texts, never formulas; dates are dates."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from crmadmin.formats.csv import may_run

SHEET_ROWS = 1_048_576  # what a sheet of Excel holds, the titles included
_CELL_SIGNS = 32_767
_NARROWEST, _WIDEST = 8, 60
_LOOKED_AT = 200  # rows by which a column's width is chosen: the others are not known yet
_WIDTHS = {datetime: 17, date: 12}


def write(titles: Sequence[str], rows: Iterable[Sequence[Any]], to: IO[bytes], sheet_name: str = "1") -> None:
    """Write one workbook with one sheet into an open binary file.

    Rows are taken one by one and go to a temporary file, so that memory does not grow with them. Moments
    must already be in the reader's zone: a workbook knows none. What does not fit a sheet is a second sheet.
    Columns are as wide as the first rows need; the titles stay in sight, and filter.
    """
    given = iter(rows)
    first = list(islice(given, _LOOKED_AT))
    widths = [_width(title, [row[at] for row in first]) for at, title in enumerate(titles)]
    book = Workbook(write_only=True)
    name = re.sub(r"[\[\]:*?/\\]", " ", sheet_name).strip("' ")[:25] or "1"  # what Excel allows
    for part in _sheets(chain(first, given)):
        number = len(book.worksheets) + 1
        sheet, rows_of_it = _new_sheet(book, titles, f"{name} ({number})" if number > 1 else name, widths), 1
        for row in part:
            sheet.append([_cell(sheet, value) for value in row])
            rows_of_it += 1
        if titles:
            sheet.auto_filter.ref = f"A1:{get_column_letter(len(titles))}{rows_of_it}"
    book.save(to)
    book.close()


def _sheets(rows: Iterator[Sequence[Any]]) -> Iterator[Iterator[Sequence[Any]]]:
    """The rows of each sheet; there is one sheet even of no rows."""
    yield islice(rows, SHEET_ROWS - 1)
    while (row := next(rows, None)) is not None:
        yield islice(chain([row], rows), SHEET_ROWS - 1)


def _width(title: str, values: Iterable[Any]) -> int:
    """Room for the title with the arrow of its filter, and for most of what stands under it."""
    longest = max((_signs(value) for value in values), default=0)
    return min(max(len(title) + 4, longest + 2, _NARROWEST), _WIDEST)


def _signs(value: Any) -> int:
    if isinstance(value, date):
        return _WIDTHS[type(value)]
    return 0 if value is None else max(map(len, str(value).splitlines()), default=0)


def _new_sheet(book: Workbook, titles: Sequence[str], name: str, widths: Sequence[int]) -> Any:
    sheet: Any = book.create_sheet(name)  # its stubs do not know write-only sheets
    sheet.freeze_panes = "A2"
    bold = Font(bold=True)
    head: list[Any] = []
    for column, (title, width) in enumerate(zip(titles, widths, strict=True), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        cell = _text(sheet, title)
        cell.font = bold
        head.append(cell)
    sheet.append(head)
    return sheet


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, str):
        return _text(sheet, value) if value else None
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if value is None or isinstance(value, bool | int | float | date):
        return value
    return _text(sheet, str(value))


def _text(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=None)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_CELL_SIGNS]
    cell.data_type = "s"  # openpyxl takes "=…" for a formula; this says it is not
    if may_run(text):
        cell.quotePrefix = True  # and this that it stays a text when somebody edits it
    return cell
