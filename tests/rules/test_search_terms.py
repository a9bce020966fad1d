"""What is meant by what is typed: words in any order and case, telephones in any spelling."""

import pytest

from crmadmin.rules.search_terms import is_in, only_number, terms, words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", []),
        ("  ", []),
        ("\x00", []),
        ("Мост Ёлка", [(("мост",),), (("елка",),)]),
        ("8 (916) 123-45-67", [(("79161234567",),)]),
        ("+7 916 123-45-67", [(("79161234567",),)]),
        ("89161234567", [(("79161234567",),)]),
        ("123-45-67", [(("1234567",),)]),
        ("45-67", [(("45-67",), ("4567",))]),
        ("4567", [(("4567",),)]),
        ("мост 8-916-123-45-67 казань", [(("мост",),), (("79161234567",),), (("казань",),)]),
        ("7707 083 893", [(("7707083893",), ("7707", "083", "893"))]),
        ("ООО №1", [(("ооо",),), (("no1",),)]),
    ],
)
def test_typed_words_become_terms(typed, meant):
    assert terms(typed) == meant


@pytest.mark.parametrize(
    "typed", ["+7 916", "+7 916 1", "+7 (916) 12", "8916123", "8 916 123-4", "8-916-12", "89161"]
)
def test_a_telephone_is_found_while_it_is_still_being_typed(typed):
    assert all(is_in("79161234567", term) for term in terms(typed))


def test_a_long_text_asks_a_limited_number_of_questions():
    assert len(terms("слово " * 500)) == 8


def test_the_longest_word_comes_first():
    assert words(terms("мост ромашка мост")) == ["ромашка", "мост"]


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("8 (916) 123-45-67", "79161234567"),
        ("9161234567", "9161234567"),
        ("7707083893", "7707083893"),
        ("4567", ""),
        ("мост 89161234567", ""),
        ("", ""),
    ],
)
def test_one_number_and_nothing_else(typed, digits):
    assert only_number(typed) == digits
