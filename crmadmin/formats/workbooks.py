"""The first sheet of an .xlsx workbook as rows of text."""

import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from decimal import Decimal
from typing import Any, BinaryIO

from openpyxl import load_workbook

from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.formats.text_tables import Line

MOST_UNPACKED = 600 * 1024 * 1024  # a sheet of a million rows; it is read piece by piece
MOST_HELD = 120 * 1024 * 1024  # the rest, mostly texts of cells; this is held in memory

MOST_ROWS = 1_048_576  # as many as Excel has
MOST_BLANK = 10_000

_NOTHING = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
_ESCAPED = re.compile(r"_x00[01][0-9A-Fa-f]_")  # how Excel writes control signs: _x000D_


@contextmanager
def rows_of(stream: BinaryIO) -> Iterator[Iterator[Line]]:
    """The rows, blank ones left out. The stream stays open; DomainError when it is no workbook or too big."""
    _weigh(stream)
    try:
        with _quiet():
            book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl lets through whatever its parsers raise
        raise DomainError(_("The workbook is damaged. Open it in Excel and save it again.")) from error
    try:
        yield _lines(book)
    finally:
        book.close()


def _weigh(stream: BinaryIO) -> None:
    """Before anything is unpacked: is it a workbook, and is it of a sane size?"""
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise DomainError(_("The workbook is damaged. Open it in Excel and save it again.")) from error
    finally:
        stream.seek(0)
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        message = _("This is not a table. Open it in the program that made it and save it as .xlsx or CSV.")
        raise DomainError(message)
    held = sum(
        part.file_size for part in parts if not part.filename.startswith(("xl/worksheets/", "xl/media/"))
    )
    if sum(part.file_size for part in parts) > MOST_UNPACKED or held > MOST_HELD:
        raise DomainError(_("The workbook is too big. Divide it into several files, or save it as CSV."))


def _lines(book: Any) -> Iterator[Line]:
    if not book.worksheets:
        return
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # some programs write that the sheet is one cell; only its rows tell
    try:
        blank = 0
        for number, values in enumerate(_quietly(sheet.iter_rows(values_only=True)), 1):
            cells = [_text(value) for value in values]
            blank = 0 if any(cell.strip() for cell in cells) else blank + 1
            if number > MOST_ROWS or blank > MOST_BLANK:
                return  # a row may say that it is the two thousand millionth, and blank ones come before it
            if not blank:
                yield Line(number, cells, may_be_short=True)
    except DomainError:
        raise
    except Exception as error:  # a broken part shows only when it is reached
        raise DomainError(_("The workbook is damaged. Open it in Excel and save it again.")) from error


def _quietly(rows: Iterator[Any]) -> Iterator[Any]:
    while True:
        with _quiet():
            values = next(rows, None)
        if values is None:
            return
        yield values


@contextmanager
def _quiet() -> Iterator[None]:
    """openpyxl warns of styles and extensions that it does not keep; here they are not read anyway."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _text(value: Any) -> str:
    """A cell as a person reads it: 7 and not 7.0, 2026-03-01 for a date."""
    match value:
        case None:
            return ""
        case str():
            return "" if value in _NOTHING else _ESCAPED.sub("", value)
        case bool():
            return "1" if value else "0"
        case float():
            return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
        case _:
            return str(value)  # dates and times of day are ISO by themselves
