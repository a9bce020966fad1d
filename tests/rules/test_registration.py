import pytest

from crmadmin.core.errors import DomainError
from crmadmin.rules.registration import inn, is_of_person, kpp, ogrn


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("7707083893", "7707083893"),
        (" 7707 083893 ", "7707083893"),
        ("7707\u00a0083893", "7707083893"),
        ("500100732259", "500100732259"),
        ("8901037297", "8901037297"),
    ],
)
def test_an_inn_is_kept_as_bare_digits(typed, kept):
    assert inn(typed) == kept


def test_the_zero_that_excel_drops_from_an_inn_comes_back():
    assert inn("105000008") == "0105000008"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("7707083894", "check digit"),
        ("500100732258", "check digit"),
        ("500100732250", "check digit"),
        ("0000000000", "check digit"),
        ("770708389", "10 digits"),
        ("77070838931", "10 digits"),
        ("", "digits only"),
        ("77O7083893", "digits only"),
        ("٧٧٠٧٠٨٣٨٩٣", "digits only"),
    ],
)
def test_a_wrong_inn_is_refused_with_the_reason(typed, why):
    with pytest.raises(DomainError, match=why):
        inn(typed)


def test_an_inn_of_twelve_digits_is_a_persons():
    assert is_of_person("500100732259")
    assert not is_of_person("7707083893")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("773601001", "773601001"),
        ("7736 01 001", "773601001"),
        ("77360100", "077360100"),
        ("7736aB001", "7736AB001"),
    ],
)
def test_a_kpp_has_nine_signs(typed, kept):
    assert kpp(typed) == kept


@pytest.mark.parametrize("typed", ["", "7736010", "7736010011", "773601O01Ж", "000001001"])
def test_a_kpp_of_another_form_is_refused(typed):
    with pytest.raises(DomainError, match="KPP has 9 digits"):
        kpp(typed)


@pytest.mark.parametrize("typed", ["1027700132195", "304500116000157"])
def test_an_ogrn_is_of_a_company_or_an_entrepreneur(typed):
    assert ogrn(f" {typed} ") == typed


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("1027700132196", "check digit"),
        ("304500116000158", "check digit"),
        ("102770013219", "13 digits"),
        ("0027700132195", "13 digits"),
        ("102770013219X", "digits only"),
    ],
)
def test_a_wrong_ogrn_is_refused_with_the_reason(typed, why):
    with pytest.raises(DomainError, match=why):
        ogrn(typed)


@pytest.mark.parametrize("typed", ["ИНН 7707083893", "инн: 77 0708 3893", "INN 7707083893", "ИНН№7707083893"])
def test_a_number_may_come_with_its_name(typed):
    assert inn(typed) == "7707083893"
    assert ogrn("ОГРН 1027700132195") == "1027700132195"
    assert kpp("КПП 773601001") == "773601001"


def test_a_kpp_may_begin_with_letters_of_its_own():
    assert kpp("7736KP001") == "7736KP001"
