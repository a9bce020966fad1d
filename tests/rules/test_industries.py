import csv

import pytest

from crmadmin.rules.industries import section
from tests.formats.test_tables import MADE_BY_OTHERS, SHARED


@pytest.mark.parametrize(
    ("okved", "letter"),
    [
        ("01.11", "A"),
        ("05", "B"),
        ("33.20", "C"),
        ("35.30.14", "D"),
        ("41.20", "F"),
        ("41.20 Строительство жилых и нежилых зданий", "F"),
        (" 47.2 ", "G"),
        ("96.09", "S"),
        ("99.00", "U"),
        ("", ""),
        ("00.1", ""),
        ("34.1", ""),
        ("4", ""),
        ("F", ""),
        ("415", ""),
        ("41.2а", ""),
        ("41 000 рублей", ""),
    ],
)
def test_a_code_belongs_to_a_section(okved, letter):
    assert section(okved) == letter


@MADE_BY_OTHERS
def test_every_code_of_the_classifier_belongs_to_its_section():
    path = SHARED / "fns-sme" / "assets" / "activity_codes_classifier.csv"
    with path.open(encoding="utf-8") as file:
        codes = [(row["code"], row["group"]) for row in csv.DictReader(file) if row["code"].strip()]

    assert [(code, section(code)) for code, _ in codes] == codes
