"""Who is meant by @login."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmadmin.rules.mentions import candidates, logins, parts

KNOWN = {"anna", "anna.b", "oleg-2", "анна", "ivan", "ivan@firm.ru", "petr", "petr+sales", "a", "я", "ab"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@anna, посмотри", ["anna"]),
        ("спроси (@Anna.b) и @oleg-2.", ["anna.b", "oleg-2"]),
        ("@anna @anna", ["anna"]),
        ("a@mail.ru", []),
        ("@", []),
        ("@@anna", []),
        ("@анна", ["анна"]),
        ("nobody", []),
        ("@nobody", []),
        ("@ivan@firm.ru, глянь", ["ivan@firm.ru"]),
        ("@ivan, пиши на почту", ["ivan"]),
        ("@IVAN@firm.ru.", ["ivan@firm.ru"]),
        ("@petr+sales и @petr", ["petr+sales", "petr"]),
        ("@petr+other", []),
        ("@ivan@firm.rus", []),
        ("@anna.", ["anna"]),
        ("@anna-", ["anna"]),
        ("@anna.b.", ["anna.b"]),
        ("@annab", []),
        ("@anna_b", []),
    ],
)
def test_logins_after_an_at_sign_are_meant(text, meant):
    assert logins(text, KNOWN) == meant


def test_whoever_may_be_meant_is_among_those_asked_for():
    text = "@ivan@firm.ru, (@Anna.b) @petr+sales."
    assert set(logins(text, KNOWN)) <= set(candidates(text))
    assert candidates("a@mail.ru, @") == []


@given(st.text(alphabet="@ab. -,я\n", max_size=30))
def test_the_parts_say_all_of_the_text(text):
    assert "".join(words or f"@{login}" for words, login in parts(text, KNOWN)) == text
    assert list(dict.fromkeys(login.lower() for _words, login in parts(text, KNOWN) if login)) == logins(
        text, KNOWN
    )
