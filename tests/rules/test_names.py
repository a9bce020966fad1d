import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmadmin.rules.names import company_key, folded


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  Артём\u00a0 Ёлкин\n", "артем елкин"),
        ("РОМАШКА", "ромашка"),
        ("Straße", "strasse"),
        ("№\u200a5", "no 5"),
        ("", ""),
    ],
)
def test_folding_forgets_case_yo_and_extra_blanks(text, plain):
    assert folded(text) == plain


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    "name",
    [
        "ООО «Ромашка-Плюс»",
        'ООО "РОМАШКА-ПЛЮС"',
        'Общество с ограниченной ответственностью "Ромашка-Плюс"',
        "Ромашка-Плюс, ООО",
        "Ромашка Плюс",
        "АО „Ромашка Плюс“",
        "Romashka".replace("Romashka", "ромашка плюс"),
        "ИП Ромашка-Плюс",
    ],
)
def test_spellings_of_one_company_have_one_key(name):
    assert company_key(name) == "ромашка плюс"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ПУБЛИЧНОЕ АКЦИОНЕРНОЕ ОБЩЕСТВО «СБЕРБАНК»", "сбербанк"),
        ("Индивидуальный предприниматель Ёлкин Пётр", "елкин петр"),
        ("Крестьянское (фермерское) хозяйство «Нива»", "нива"),
        ("Acme, Inc.", "acme"),
        ("Аорта", "аорта"),
        ("Компания «ИП-Телеком»", "компания телеком"),
        ("ООО", "ооо"),
        ("«»", ""),
    ],
)
def test_the_key_is_what_tells_the_company_apart(name, key):
    assert company_key(name) == key
