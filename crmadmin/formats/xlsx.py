"""Rows in, an Excel workbook out: texts stay texts, never formulas; dates are dates."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

SHEET_ROWS = 1_048_576  # what a sheet of Excel holds, the titles included
_CELL_SIGNS = 32_767
_WIDEST = 60


def write(titles: Sequence[str], rows: Iterable[Sequence[Any]], to: IO[bytes], sheet_name: str = "1") -> None:
    """Write one workbook with one sheet into an open binary file.

    Rows are taken one by one and go to a temporary file, so that memory does not grow with them. Moments
    must already be in the reader's zone: a workbook knows none. What does not fit a sheet is a second sheet.
    """
    book = Workbook(write_only=True)
    name = re.sub(r"[\[\]:*?/\\]", " ", sheet_name).strip("' ")[:25] or "1"  # what Excel allows
    sheet, left = _new_sheet(book, titles, name), SHEET_ROWS - 1
    for row in rows:
        if not left:
            sheet = _new_sheet(book, titles, f"{name} ({len(book.worksheets) + 1})")
            left = SHEET_ROWS - 1
        sheet.append([_cell(sheet, value) for value in row])
        left -= 1
    book.save(to)
    book.close()


def _new_sheet(book: Workbook, titles: Sequence[str], name: str) -> Any:
    sheet: Any = book.create_sheet(name)  # its stubs do not know write-only sheets
    sheet.freeze_panes = "A2"
    bold = Font(bold=True)
    head: list[Any] = []
    for column, title in enumerate(titles, 1):
        sheet.column_dimensions[get_column_letter(column)].width = min(max(len(title) + 4, 12), _WIDEST)
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
    return cell
