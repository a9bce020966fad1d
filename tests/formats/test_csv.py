import csv
import io
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from crmadmin.formats.csv import guarded, unguarded, written
from crmadmin.formats.tables import opened


def test_the_first_chunk_is_the_header_and_asks_for_no_row():
    def rows():
        raise AssertionError("a row was asked for")
        yield

    assert next(written(["Название", "ИНН"], rows())) == "\ufeffНазвание;ИНН\r\n"


def test_rows_come_in_chunks_that_do_not_grow():
    chunks = list(written(["a"], (["x" * 100] for _ in range(5000))))

    assert len(chunks) > 5
    assert max(map(len, chunks)) < 70_000
    assert "".join(chunks).count("\r\n") == 5001


def test_texts_that_could_run_get_an_apostrophe_and_numbers_do_not():
    row = ["=1+1", "+7916", "-5", "@x", "\ty", "\rz", -5, Decimal("-1.50"), date(2026, 3, 1), None, True]
    text = "".join(written(["a"] * 11, [row]))
    cells = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))[1]

    assert cells == ["'=1+1", "'+7916", "'-5", "'@x", "'\ty", "'\rz", "-5", "-1.50", "2026-03-01", "", "True"]


@given(st.text() | st.from_regex(r"'{0,3}[\s=+\-@＝＋－＠\ufeff]{1,3}.{0,5}"))
def test_the_apostrophe_comes_off_again(text):
    assert unguarded(guarded(text)) == text


def test_what_is_written_is_read_back_as_it_was():
    rows = [["+7 916 123-45-67", "'=x", "a;b\nc", 'd"e'], ["'", "ё", "''-1", " "]]
    file = io.BytesIO("".join(written(["A", "B", "C", "D"], rows)).encode())

    with opened(file) as table:
        read = [list(row.cells.values()) for row in table.rows]

    assert (table.encoding, table.delimiter) == ("utf-8-sig", ";")
    assert read == rows
