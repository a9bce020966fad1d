import pytest

from crmadmin.rules.sites import is_site


@pytest.mark.parametrize(
    "typed",
    [
        "romashka.ru",
        "https://romashka.ru/contacts?from=crm",
        "HTTP://www.Romashka.RU:8080",
        "ромашка.рф",
        "xn--80aa.xn--p1ai",
        "romashka.ru, romashka-opt.ru",
    ],
)
def test_a_site_is_a_domain_or_an_address_of_the_web(typed):
    assert is_site(typed)


@pytest.mark.parametrize(
    "typed",
    ["", "нет", "javascript:alert(1)", "javascript://romashka.ru/%0a", "ftp://romashka.ru", "a b", "12.5"],
)
def test_anything_else_is_no_site(typed):
    assert not is_site(typed)
