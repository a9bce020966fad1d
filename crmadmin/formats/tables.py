"""Any table people have, CSV or XLSX, as rows of text under its headers.

Rows are read one by one, so that 100,000 of them need no more memory than one. What is wrong with a row is
said beside the row; what is wrong with the whole file is a DomainError with the way out in it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.formats import headings, text_tables, workbooks

_LEGACY_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LONGEST_CELL = 32_767  # as Excel has it
_ZIP = b"PK\x03\x04"
_PAGE = (
    b"<!doctype html",
    b"<html",
    b"<table",
    b"<?xml",
    b"{\\rtf",
    b"%pdf-",
    b"\x1f\x8b",
)


class Row(NamedTuple):
    """One row: the line of the file or sheet it begins on, header → text, and what is wrong with it.

    A row with fewer cells than headers has empty texts for the rest, a row with more has lost the rest;
    either is said in `fault`, a sentence, which is otherwise empty.
    """

    line: int
    cells: dict[str, str]
    fault: str = ""


@dataclass(frozen=True)
class Table:
    """What was found of a file, and its rows, which can be read once."""

    form: str  # csv, xlsx
    headers: Sequence[str]
    rows: Iterator[Row]
    encoding: str = ""  # of CSV
    delimiter: str = ""  # of CSV


@contextmanager
def opened(source: Path | BinaryIO) -> Iterator[Table]:
    """The table in a file, or in an open binary file that can seek; what was opened here is closed here.

    Raises DomainError for an empty file, one without a header, and one that is no table. Blank rows are
    skipped, repeated headers become "Header", "Header (2)", headers without a name "Column 3".
    """
    if isinstance(source, Path):
        with source.open("rb") as stream, opened(stream) as table:
            yield table
        return
    start = source.read(512)
    source.seek(0)
    _refuse_strangers(start)
    if start.startswith(_ZIP):
        with workbooks.rows_of(source) as lines:
            headers, rows = _under_headers(iter(lines))
            yield Table("xlsx", headers, rows)
    else:
        with text_tables.rows_of(source) as (found, lines):
            headers, rows = _under_headers(iter(lines))
            yield Table("csv", headers, rows, found.encoding, found.delimiter)


def _refuse_strangers(start: bytes) -> None:
    if not start.strip():
        raise DomainError(_("The file is empty."))
    if start.startswith(_LEGACY_EXCEL):
        raise DomainError(
            _("This is an old Excel file (.xls). Open it in Excel and save it as .xlsx or CSV.")
        )
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:16].lower().startswith(_PAGE):
        message = _("This is not a table. Open it in the program that made it and save it as .xlsx or CSV.")
        raise DomainError(message)


def _under_headers(lines: Iterator[text_tables.Line]) -> tuple[list[str], Iterator[Row]]:
    first = next(lines, None)
    if first is None:
        raise DomainError(_("The file is empty."))
    headers = headings.of_first_row(first.cells)
    return headers, (_row(line, headers) for line in lines)


def _row(line: text_tables.Line, headers: Sequence[str]) -> Row:
    cells, fault = line.cells, line.fault
    while len(cells) > len(headers) and not cells[-1].strip():
        cells = cells[:-1]  # a delimiter too many at the end of the line harms nobody
    if len(cells) != len(headers) and not fault and not line.may_be_short:
        count, wanted = len(cells), len(headers)
        fault = _("The row has %(count)s cells where the header has %(wanted)s.", count=count, wanted=wanted)
        fault += " " + _("Put each under its header in a spreadsheet, save the file, and import it again.")
    elif len(cells) > len(headers) and not fault:
        fault = _("The row has cells to the right of the last header.")
    if any(len(cell) > LONGEST_CELL for cell in cells):
        cells = [cell[:LONGEST_CELL] for cell in cells]
        fault = fault or _("A cell is longer than %(signs)s characters.", signs=LONGEST_CELL)
    texts = [*cells[: len(headers)], *[""] * (len(headers) - len(cells))]
    return Row(line.number, dict(zip(headers, texts, strict=True)), fault)
