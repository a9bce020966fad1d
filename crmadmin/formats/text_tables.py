"""CSV as it comes: the encoding and the delimiter are found, not asked for."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, NamedTuple

import charset_normalizer

from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.formats.csv import unguarded

DELIMITERS = ",;\t|"

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ONE_BYTE = ["cp1251", "koi8_r", "cp866", "cp1252"]
_BLOCK = 1024 * 1024
_SAMPLE = 64 * 1024
_TEXTUAL = frozenset("\t\n\r\f\v\x00\x1a\x1b\x85")  # control signs that do occur in exports


class Line(NamedTuple):
    """Cells of one row; `fault` is a sentence; `may_be_short`: blank cells at the end are not written."""

    number: int
    cells: list[str]
    fault: str = ""
    may_be_short: bool = False


class Found(NamedTuple):
    """How the file is written."""

    encoding: str
    delimiter: str


@contextmanager
def rows_of(stream: BinaryIO) -> Iterator[tuple[Found, Iterator[Line]]]:
    """What was found, and the rows less the blank ones. The stream stays open; DomainError for no text."""
    encoding = encoding_of(stream)
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    try:
        sample = _sample(text)
        hint, skip = _declared_delimiter(sample)
        delimiter = hint or delimiter_of(sample)
        text.seek(0)
        yield Found(encoding, delimiter), _lines(text, delimiter, skip)
    finally:
        text.detach()


def encoding_of(stream: BinaryIO) -> str:
    """By the mark at the beginning; else UTF-8 if all of it is; else the likeliest of the one-byte ones."""
    start = stream.read(4)
    stream.seek(0)
    for bom, name in _BOMS:
        if start.startswith(bom):
            return name
    decoder = codecs.getincrementaldecoder("utf-8")()
    telling = b""  # only lines with letters beyond ASCII tell one encoding from another
    try:
        while block := stream.read(_BLOCK):
            if len(telling) < _SAMPLE and not block.isascii():
                telling += b"\n".join(line for line in block.splitlines() if not line.isascii())[:_SAMPLE]
            decoder.decode(block)
        decoder.decode(b"", final=True)
        return "utf-8"
    except UnicodeDecodeError:
        pass
    finally:
        stream.seek(0)
    match = charset_normalizer.from_bytes(telling, cp_isolation=_ONE_BYTE).best()
    return match.encoding if match else "cp1251"


def delimiter_of(sample: str) -> str:
    """The one that divides the header, and the rows after it into as many cells; a comma when none does."""

    def fitness(delimiter: str) -> tuple[float, int]:
        rows = [row for row in csv.reader(_split(sample), delimiter=delimiter) if any(row)][:50]
        if not rows or len(rows[0]) < 2:
            return 0, 0
        try:  # a quotation mark in the midst of a cell: the line was divided in the wrong place
            next(csv.reader(_split(sample), delimiter=delimiter, strict=True))
        except csv.Error:
            return 0, len(rows[0])
        counts = Counter(len(row) for row in rows[1:])
        alike = counts[len(rows[0])] / max(len(rows) - 1, 1) if len(rows) > 1 else 1
        return round(alike, 1) + 0.01, len(rows[0])

    return max(DELIMITERS, key=fitness)


def _split(sample: str) -> Iterator[str]:
    return io.StringIO(sample, newline="")


def _sample(text: io.TextIOWrapper) -> str:
    """The first 64 KB, less the line that is cut in two; DomainError when this is no text."""
    sample = text.read(_SAMPLE)
    strange = sum(1 for sign in sample if (sign < " " and sign not in _TEXTUAL) or sign == "\ufffd")
    if strange * 20 > len(sample) or sample.count("\x00") * 3 > len(sample):
        message = _("This is not a table. Open it in the program that made it and save it as .xlsx or CSV.")
        raise DomainError(message)
    sample = sample.replace("\x00", "")
    if len(sample) >= _SAMPLE - 1 and "\n" in sample:
        sample = sample[: sample.rindex("\n")]
    return sample


def _declared_delimiter(sample: str) -> tuple[str, int]:
    """Excel's own `sep=;` in the first line: the delimiter, and how many lines to skip."""
    first = sample.split("\n", 1)[0].strip('\r"')
    if len(first) == 5 and first.lower().startswith("sep="):
        return first[4], 1
    return "", 0


def _lines(text: io.TextIOWrapper, delimiter: str, skip: int) -> Iterator[Line]:
    source = _Source(text)
    for _skipped in range(skip):
        next(source)
    reader = csv.reader(source, delimiter=delimiter)
    begins = source.count + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = _("Line %(line)s cannot be read; is a quotation mark missing there?", line=begins)
            raise DomainError(message) from error
        # The reader asks for one line more only when a quotation is open: at the end that is a lost quote.
        fault = _("A quotation mark is opened here and never closed.") if source.is_over else ""
        if any(cell.strip() for cell in cells):
            yield Line(begins, [unguarded(cell) for cell in cells], fault)
        begins = source.count + 1


class _Source:
    """Lines for the reader, counted, without NUL bytes; knows whether the file has been read past its end."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.count = 0
        self.is_over = False

    def __iter__(self) -> "_Source":
        return self

    def __next__(self) -> str:
        line = self._text.readline()
        if not line:
            self.is_over = True
            raise StopIteration
        self.count += 1
        return line.replace("\x00", "")
