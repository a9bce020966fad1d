import io
from datetime import UTC, date, datetime
from decimal import Decimal

from openpyxl import load_workbook

from crmadmin.formats import xlsx
from crmadmin.formats.tables import opened


def _workbook(titles, rows, **more):
    file = io.BytesIO()
    xlsx.write(titles, rows, file, **more)
    file.seek(0)
    return file


def test_no_text_is_a_formula():
    file = _workbook(["=A"], [["=1+1"], ["+7916"], ["-5"], ["@x"]])
    cells = [row[0] for row in load_workbook(file).worksheets[0].iter_rows()]

    assert [cell.value for cell in cells] == ["=A", "=1+1", "+7916", "-5", "@x"]
    assert {cell.data_type for cell in cells} == {"s"}


def test_dates_are_dates_and_numbers_are_numbers():
    at = datetime(2026, 3, 1, 14, 20, tzinfo=UTC)
    file = _workbook(["a"] * 5, [[date(2026, 3, 1), at, 7, Decimal("1.50"), None]])
    cells = load_workbook(file).worksheets[0][2]

    assert cells[0].is_date
    assert cells[0].value == datetime.fromisoformat("2026-03-01")
    assert cells[1].value == datetime.fromisoformat("2026-03-01T14:20")
    assert [cell.value for cell in cells[2:]] == [7, "1.50", None]


def test_columns_are_as_wide_as_what_stands_in_them_and_the_titles_filter():
    at = datetime(2026, 3, 1, 14, 20, tzinfo=UTC)
    rows = [["ООО «Ромашка и сыновья»", at, 5, "щ" * 900], [None, None, 12_345_678_901, ""]]
    sheet = load_workbook(_workbook(["Имя", "Когда", "Число", "Текст"], rows)).worksheets[0]

    widths = [sheet.column_dimensions[letter].width for letter in "ABCD"]
    assert widths[0] > len("ООО «Ромашка и сыновья»")
    assert widths[1] > len("2026-03-01 14:20")
    assert 11 < widths[2] < 16
    assert widths[3] == 60
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:D3")


def test_signs_that_a_workbook_cannot_hold_are_left_out():
    file = _workbook(["a"], [["x\x00y\x0bz"], ["я" * 40_000]])
    values = [row[0].value for row in load_workbook(file).worksheets[0].iter_rows(min_row=2)]

    assert values == ["xyz", "я" * 32_767]


def test_a_name_that_excel_forbids_is_mended():
    assert (
        load_workbook(_workbook(["a"], [], sheet_name="История: [все]/2026?" * 3))
        .sheetnames[0]
        .startswith("Ист")
    )


def test_more_rows_than_a_sheet_holds_go_to_the_next(monkeypatch):
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 3)
    book = load_workbook(_workbook(["n"], [[n] for n in range(5)], sheet_name="Все"))

    assert book.sheetnames == ["Все", "Все (2)", "Все (3)"]
    assert [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in book] == [
        ["n", 0, 1], ["n", 2, 3], ["n", 4],
    ]  # fmt: skip


def test_what_is_written_is_read_back_as_text():
    rows = [["=1", "+7916", "ёж\nи уж", ""], ["-5", "", "'x", " y"]]

    with opened(_workbook(["A", "B", "C", "D"], rows)) as table:
        assert table.form == "xlsx"
        assert [list(row.cells.values()) for row in table.rows] == rows
