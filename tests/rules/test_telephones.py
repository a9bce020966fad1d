import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmadmin.rules.telephones import Telephone, readable, telephone, telephones


@pytest.mark.parametrize(
    "typed",
    [
        "+79161234567",
        "89161234567",
        "79161234567",
        "9161234567",
        "8 (916) 123-45-67",
        "+7 (916) 123 45 67",
        "8-916-123-45-67",
        "тел. 8 916 1234567",
        "+8 916 123-45-67",
        "8 (916) 123–45–67 доб. 12",
        "8 916 123-45-67, вн. 4",
        "8 916 123-45-67 (доб. 118)",
    ],
)
def test_one_number_is_one_however_it_is_typed(typed):
    number = telephone(typed)

    assert number == Telephone(typed, "+79161234567", "4567")


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("8 800 555-35-35", "+78005553535"),
        ("(342) 212-34-56", "+73422123456"),
        ("+375 29 123-45-67", "+375291234567"),
        ("+7 701 123 4567", "+77011234567"),
        ("+44 20 7946 0018", "+442079460018"),
        ("+84 91 234 56 78", "+84912345678"),
    ],
)
def test_numbers_of_other_places_are_understood(typed, e164):
    assert telephone(typed).e164 == e164


@pytest.mark.parametrize(
    ("typed", "last4"),
    [
        ("675660001", "0001"),
        ("123-45-67", "4567"),
        ("нет", ""),
        ("1234567890", "7890"),
        ("123 доб. 5678", ""),
        ("+", ""),
        ("99999999999999999999", "9999"),
    ],
)
def test_nonsense_is_kept_as_typed(typed, last4):
    assert telephone(typed) == Telephone(typed, None, last4)


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("", []),
        (" ;, ", []),
        ("8 (495) 123-45-67, доб. 12; +7 916 123-45-67", ["+74951234567", "+79161234567"]),
        ("84951234567,89161234567", ["+74951234567", "+79161234567"]),
        ("84951234567\n89161234567", ["+74951234567", "+79161234567"]),
        ("84951234567 / 89161234567", ["+74951234567", "+79161234567"]),
        ("8 495 123 45 67 8 916 123 45 67", ["+74951234567", "+79161234567"]),
        ("+74951234567 +79161234567", ["+74951234567", "+79161234567"]),
        ("8 495 123-45-67; 84951234567", ["+74951234567"]),
        ("нет; 84951234567", [None, "+74951234567"]),
        ("84951234567; нет", ["+74951234567", None]),
        ("84951234567; доб. 12; 89161234567", ["+74951234567", "+79161234567"]),
    ],
)
def test_one_cell_may_hold_several(cell, numbers):
    assert [number.e164 for number in telephones(cell)] == numbers


def test_two_extensions_of_one_number_are_two_telephones():
    found = telephones("8 (495) 123-45-67 доб. 12; 8 (495) 123-45-67 доб. 13")

    assert [number.typed for number in found] == ["8 (495) 123-45-67 доб. 12", "8 (495) 123-45-67 доб. 13"]


def test_an_extension_and_the_end_of_a_range_stay_with_their_number():
    assert [number.typed for number in telephones("8 (495) 123-45-67/68")] == ["8 (495) 123-45-67/68"]
    assert [number.typed for number in telephones("8 (495) 123-45-67, доб. 12")] == [
        "8 (495) 123-45-67, доб. 12"
    ]


def test_a_number_is_shown_in_groups():
    assert readable("+79161234567") == "+7 916 123-45-67"
    assert readable("нет") == "нет"


@given(st.text(alphabet=st.sampled_from("0123456789+-()., ;/доб№xé\n#"), max_size=60))
def test_no_text_breaks_the_reading_and_no_digit_of_it_is_lost(text):
    found = telephones(text)

    kept = "".join(number.typed for number in found)
    assert set(filter(str.isdigit, kept)) == set(filter(str.isdigit, text))
