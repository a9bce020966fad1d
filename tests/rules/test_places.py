import csv
from pathlib import Path

import pytest

from crmadmin.rules.places import region_code, region_key

REGIONS = Path(__file__).parents[2] / "seeds" / "data" / "regions.csv"


@pytest.mark.parametrize(
    ("spellings", "key"),
    [
        (["Пермский край", "ПЕРМСКИЙ", "край Пермский", " пермский  КРАЙ "], "пермский"),
        (
            ["Ямало-Ненецкий автономный округ", "ЯМАЛО-НЕНЕЦКИЙ", "ЯНАО"],
            "ямало ненецкий",
        ),
        (["Москва", "г. Москва", "г Москва", "Мск", "Москва г"], "москва"),
        (["Московская область", "Московская обл.", "Подмосковье"], "московская"),
        (["Республика Саха (Якутия)", "Саха /Якутия/", "Якутия", "Респ Саха"], "саха якутия"),
        (["Чувашская Республика — Чувашия", "Чувашия Чувашская Республика", "Чувашия"], "чувашская чувашия"),
        (["Кемеровская область - Кузбасс", "обл Кемеровская", "Кузбасс"], "кемеровская кузбасс"),
        (["Республика Алтай", "Алтай респ"], "алтай"),
        (["Алтайский край"], "алтайский"),
        (["", " — "], ""),
    ],
)
def test_spellings_of_one_region_have_one_key(spellings, key):
    assert {region_key(spelling) for spelling in spellings} == {key}


def test_no_two_regions_share_a_key():
    with REGIONS.open(encoding="utf-8") as file:
        names = [row["name_ru"] for row in csv.DictReader(file)]

    assert len({region_key(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("typed", "code"), [("59", "59"), ("2", "02"), (" 7 ", "07"), ("Пермь", ""), ("590", "")]
)
def test_a_regions_code_has_its_zero(typed, code):
    assert region_code(typed) == code
