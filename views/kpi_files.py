"""A table of numbers as a file or for paper; that it was taken out is written down."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from flask import Response, request

from crmadmin.core import clock, i18n
from crmadmin.core.db import Rows, db, reading, transaction
from crmadmin.core.errors import NotFound
from crmadmin.core.i18n import _
from crmadmin.formats import csv, json
from crmadmin.reports.kpi_rows import Column, Kind, Listing
from crmadmin.reports.kpi_tables import Sheet, percent
from crmadmin.services import journal
from views.admin.exports import AT_ONCE, CONTENT_TYPES, ON_PAPER, PRINT, book
from views.base import Page, me
from views.labels import LABELS

TYPES = ("csv", "xlsx", "json")
_CONTENT_TYPES = {**CONTENT_TYPES, "json": "application/json"}


def taken(page: Page, sheet: Sheet, kind: str, name: str, told: Mapping[str, Any], back: str = "") -> Any:
    """The answer that is the file, or the page for paper. ``told``: what the journal is to say of it."""
    if kind not in _CONTENT_TYPES:
        raise NotFound(_("There is no such file."))
    if request.method != "GET":  # asked about the file, not for it: nothing is taken out
        return Response(content_type=_CONTENT_TYPES[kind])
    with transaction(by=me()):
        data = {"list": name, **told}
        journal.note(db, "export", {key: [None, value] for key, value in data.items()}, subject="export")
    if kind == PRINT:
        return _on_paper(page, sheet, back)
    file = f"{name}-{i18n.today():%Y-%m-%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(_body(sheet, kind, told), content_type=_CONTENT_TYPES[kind], headers=headers)


def _body(sheet: Sheet, kind: str, told: Mapping[str, Any]) -> Iterable[Any]:
    match kind:
        case "csv":
            return (chunk.encode() for chunk in csv.written(sheet.headers, sheet.rows))
        case "json":
            said = {"title": sheet.title, **told}
            return (part.encode() for part in json.written(said, sheet.keys, sheet.rows, sheet.foot))
        case _:
            return book(list(sheet.headers), sheet.rows, sheet.title)


def _on_paper(page: Page, sheet: Sheet, back: str) -> Any:
    rows = list(islice(sheet.rows, ON_PAPER + 1))
    return page.render(
        "pages/kpi/printed.html",
        sheet=sheet,
        rows=rows[:ON_PAPER],
        is_cut=len(rows) > ON_PAPER,
        most=ON_PAPER,
        printed=i18n.moment_exact(clock.now()),
        back=back,
    )


def sheet_of(title: str, listing: Listing) -> Sheet:
    """The rows behind a number, read as they are sent."""
    columns = listing.columns
    keys = [column.key for column in columns]
    rows = _read(db.get_bind(), listing.asked, columns, labels())
    return Sheet(title, [str(column.title) for column in columns], rows, keys)


def labels() -> dict[Any, str]:
    return {word: str(text) for word, text in LABELS.items()}


def _read(bind: Any, asked: Rows, columns: Sequence[Column], words: Mapping[Any, str]) -> Iterator[list[Any]]:
    """On a connection of its own: the request's session is gone when the last row is sent."""
    with reading(bind) as connection:
        for row in connection.execute(asked, execution_options={"yield_per": AT_ONCE}).mappings():
            yield [as_told(row[column.key], column.kind, words) for column in columns]


def as_told(value: Any, kind: Kind, words: Mapping[Any, str]) -> Any:
    """A value of a row as files have it."""
    if value is None:
        return None
    match kind:
        case Kind.moment:
            return i18n.local(value).replace(tzinfo=None, second=0, microsecond=0)
        case Kind.share:
            return percent(value)
        case Kind.word:
            return words[value]
        case _:
            return value
