"""Reads the tables of numbers: of a page, and of each file, as plain rows."""

import csv
import html
import io
import json
import re
from typing import Any

from openpyxl import load_workbook

THIN = "\u202f"


def table_of(page: Any) -> list[list[str]]:
    """The cells of the page's table of numbers as they are read: the link's text, or what stands alone."""
    (table,) = re.findall(r'<table class="table kpi-grid.*?</table>', page.text, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [[_text(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in rows]


def _text(cell: str) -> str:
    """Without what stands small beside it."""
    alone = re.sub(r"<(small|b|svg)\b.*?</\1>", "", cell, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "", alone)).strip()


def csv_of(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, answer.text[:300]
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def xlsx_of(answer: Any) -> list[list[Any]]:
    assert answer.status_code == 200
    (sheet,) = load_workbook(io.BytesIO(answer.data)).worksheets
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def json_of(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text[:300]
    return json.loads(answer.data)


def as_typed(rows: list[list[Any]]) -> list[list[str]]:
    """Of a workbook as CSV has it: nothing is an empty text, a whole number has no point."""
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def said(header: str, value: str) -> str:
    """What a page says of a value of a file, in English."""
    if value == "":
        return "–"
    whole, _, rest = value.partition(".")
    text = f"{int(whole):,}".replace(",", THIN) + (f".{rest}" if rest else "")
    if header.endswith(", %"):
        return f"{text}\u00a0%"
    return f"{text} h" if header.endswith(", h") else text
