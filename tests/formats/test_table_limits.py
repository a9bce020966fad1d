"""Files that are made to hurt, or are broken: each is bounded, and says so."""

import zipfile

import pytest
from openpyxl import Workbook

from crmadmin.core.errors import DomainError
from crmadmin.formats.tables import opened


def test_a_workbook_whose_row_lies_beyond_excels_last_is_read_to_its_end(tmp_path):
    path = tmp_path / "far.xlsx"
    book = Workbook()
    book.active.append(["Название", "ИНН"])
    book.active.append(["Ромашка", "7707083893"])
    book.save(path)
    far = tmp_path / "farther.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(far, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            if part.startswith("xl/worksheets/sheet"):
                text = text.replace(b'<row r="2"', b'<row r="2000000000"').replace(
                    b'r="A2"', b'r="A2000000000"'
                )
                text = text.replace(b'r="B2"', b'r="B2000000000"')
            new.writestr(part, text)

    with opened(far) as table:
        assert list(table.rows) == []


def test_a_table_of_a_million_columns_is_refused(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text(";".join(f"поле{n}" for n in range(2000)) + "\n", encoding="utf-8")
    with pytest.raises(DomainError, match="2000"), opened(path):
        pass


def test_a_cell_longer_than_any_is_told_and_cut(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("Название;ИНН\n" + "а" * 40_000 + ";1\n", encoding="utf-8")
    with opened(path) as table:
        (row,) = table.rows
    assert "32" in row.fault
    assert len(row.cells["Название"]) < 40_000
