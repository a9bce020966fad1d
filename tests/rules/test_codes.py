import pytest

from crmadmin.rules import codes


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Управляющая компания", "upravlyayushchaya-kompaniya"),
        ("  Выставка «Лето» 2026 ", "vystavka-leto-2026"),
        ("Retail / Food", "retail-food"),
        ("ж" * 60, "zh" * 17),
        ("名前", ""),
    ],
)
def test_a_code_is_a_name_in_latin_letters(name, code):
    assert codes.of_name(name) == code


def test_the_second_of_one_name_gets_a_number():
    assert codes.unlike("key", {"key", "key-2"}) == "key-3"
    assert codes.unlike("key", {"other"}) == "key"
