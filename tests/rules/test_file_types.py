"""A file is what its bytes are, whatever its name says."""

import io
import zipfile

import pytest

from crmadmin.rules.file_types import ENDINGS, type_of


def archive(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


GOOD = {
    "offer.pdf": b"%PDF-1.7 ...",
    "Снимок.PNG": b"\x89PNG\r\n\x1a\n...",
    "a.jpeg": b"\xff\xd8\xff\xe0",
    "a.webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "a.docx": archive("[Content_Types].xml", "word/document.xml"),
    "a.xlsx": archive("xl/workbook.xml"),
    "a.odt": archive("mimetype", "content.xml"),
    "a.zip": archive("anything"),
    "a.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....",
    "a.txt": "Здравствуйте".encode("cp1251"),
    "a.csv": "имя;город\n".encode(),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_that_is_what_it_says_is_taken(name):
    found = type_of(name, GOOD[name])
    assert found is not None
    assert name.rpartition(".")[2].lower() in found.endings


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("offer.pdf", b"<html><script>"),
        ("offer.pdf.html", b"%PDF-1.7"),
        ("a.png", b"\xff\xd8\xff\xe0"),
        ("a.docx", archive("xl/workbook.xml")),
        ("a.docx", b"PK\x03\x04 broken"),
        ("a.zip", b"PK no archive"),
        ("a.txt", b"MZ\x00\x01\x02"),
        ("a.svg", b"<svg onload=alert(1)>"),
        ("a.exe", b"MZ"),
        ("pdf", b"%PDF-"),
        (".pdf", b"%PDF-"),
        ("a.", b"x"),
    ],
)
def test_a_file_that_pretends_or_is_of_no_kind_we_take_is_refused(name, content):
    assert type_of(name, content) is None


def test_no_ending_is_said_twice():
    assert len(ENDINGS) == len(set(ENDINGS))
