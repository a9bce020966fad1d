import csv

import pytest

from crmadmin.rules.industries import section
from tests.support import REAL_DATA


@pytest.mark.parametrize(
    ("okved", "letter"),
    [
        ("01.11", "a"),
        ("05", "b"),
        ("33.20", "c"),
        ("35.30.14", "d"),
        ("41.20", "f"),
        ("41.20 Строительство жилых и нежилых зданий", "f"),
        (" 47.2 ", "g"),
        ("96.09", "s"),
        ("99.00", "u"),
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


@pytest.mark.skipif(not REAL_DATA.is_dir(), reason="../shared/data is absent")
def test_every_code_of_the_classifier_belongs_to_its_section():
    path = REAL_DATA / "fns-sme" / "assets" / "activity_codes_classifier.csv"
    with path.open(encoding="utf-8") as file:
        codes = [(row["code"], row["group"].lower()) for row in csv.DictReader(file) if row["code"].strip()]

    assert [(code, section(code)) for code, _ in codes] == codes
