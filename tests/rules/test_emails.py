import pytest

from crmadmin.core.errors import DomainError
from crmadmin.rules.emails import email, emails


@pytest.mark.parametrize(
    ("cell", "addresses"),
    [
        ("", []),
        (" Ivan@Romashka.RU ", ["Ivan@romashka.ru"]),
        ("a@b.ru; c@d.ru,e@f.com", ["a@b.ru", "c@d.ru", "e@f.com"]),
        ("a@b.ru\nc@d.ru", ["a@b.ru", "c@d.ru"]),
        ("Иван Петров <ivan@romashka.ru>", ["ivan@romashka.ru"]),
        ("mailto:a@b.ru", ["a@b.ru"]),
        ("a@b.ru; A@B.RU", ["a@b.ru"]),
        ("info@ромашка.рф", ["info@ромашка.рф"]),
        ("first.last+tag@mail.example.co.uk.", ["first.last+tag@mail.example.co.uk"]),
    ],
)
def test_addresses_of_a_cell_are_taken_apart(cell, addresses):
    assert emails(cell) == addresses


@pytest.mark.parametrize(
    "cell", ["нет", "ivan", "a@", "@b.ru", "a@b", "a@b..ru", "a..b@c.ru", ".a@c.ru", "a@-b.ru"]
)
def test_what_is_no_address_is_refused(cell):
    with pytest.raises(DomainError, match="not an e-mail address"):
        emails(cell)


def test_one_wrong_address_is_named():
    with pytest.raises(DomainError, match="petr@"):
        emails("ivan@romashka.ru, petr@")


def test_only_the_domain_loses_its_case():
    assert email("Ivan.Petrov@ROMASHKA.ru") == "Ivan.Petrov@romashka.ru"
