"""Rows in, CSV text out: Excel opens it with a double click, and no cell of it can run."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

BOM = "\ufeff"  # without it Excel reads UTF-8 as cp1251
DELIMITER = ";"  # what Excel expects where the comma divides decimals

_CHUNK = 60 * 1024
_AT_ONCE = 50  # rows
# A cell that begins so is a formula for a spreadsheet, or becomes one: some take blanks and line ends before
# the sign away, and full-width signs for plain ones. Apostrophes before it count too: then one more can
# always be taken off again, and export → import changes nothing.
_FORMULA = re.compile(r"'*(?:[\t\r\n]|[\s\ufeff\u200b]*[=+\-@＝＋－＠])")
_BLANKS = frozenset(sign for sign in map(chr, range(0x3001)) if sign.isspace())
_SIGNS = _BLANKS | frozenset("'=+-@＝＋－＠\ufeff\u200b")  # looked at first: nearly all cells begin otherwise


def written(
    titles: Sequence[str], rows: Iterable[Sequence[Any]], delimiter: str = DELIMITER
) -> Iterator[str]:
    """The table as chunks of text of about 64 KB, the first one at once; rows are taken as they are needed.

    Numbers and dates are written as they print (-5 stays -5); a text that looks like a formula gets an
    apostrophe before it, telephones (+7…) among them; `unguarded` takes it off.
    """
    out = io.StringIO()
    sheet = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    out.write(BOM)
    sheet.writerow([guarded(title) for title in titles])
    yield out.getvalue()
    out.seek(out.truncate(0))
    rows = iter(rows)
    while several := list(islice(rows, _AT_ONCE)):
        sheet.writerows(zip(*map(_guarded_all, zip(*several, strict=True)), strict=True))
        if out.tell() >= _CHUNK:
            yield out.getvalue()
            out.seek(out.truncate(0))
    if out.tell():
        yield out.getvalue()


def _guarded_all(cells: Sequence[Any]) -> Sequence[Any]:
    """One column: of most, no cell begins like a formula, and that is seen at one look at all of them."""
    if _SIGNS.isdisjoint([cell[:1] for cell in cells if isinstance(cell, str)]):
        return cells
    return [guarded(cell) for cell in cells]


def may_run(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula."""
    return text[:1] in _SIGNS and _FORMULA.match(text) is not None


def guarded(value: Any) -> Any:
    """The value as a cell that cannot run."""
    return f"'{value}" if isinstance(value, str) and may_run(value) else value


def unguarded(text: str) -> str:
    """A cell's text as it was before `guarded`."""
    return text[1:] if text.startswith("'") and may_run(text) else text
