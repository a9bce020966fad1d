"""What somebody means who types words or a telephone into a search box.

All words, in any order. A telephone may be typed in any way: it is looked for by its digits, and 8 916… is
+7 916…; its last four digits are enough.
"""

import re
from collections.abc import Iterator

from crmadmin.rules.names import folded

MOST_TERMS = 8

_RUN = re.compile(r"(?<!\w)[+(]*\d[\d\s()+.\-‐-―]*\d(?!\w)")
_LETTER = re.compile(r"[^\W\d_]")
WHOLE_NUMBER = 7  # digits: fewer may be a house, a year, a part of a name
OF_THE_COUNTRY = 4  # digits after which "+7 9…" is the beginning of a number
OF_OLD = range(5, 11)  # digits of an 8 9… that is not whole yet
RUSSIAN = 11  # digits of a whole Russian number

Term = tuple[tuple[str, ...], ...]


def terms(text: str) -> list[Term]:
    """What must be found, each term in one of its ways: all words of a way."""
    return list(_terms(folded(text.replace("\x00", ""))))[:MOST_TERMS]


def words(asked: list[Term]) -> list[str]:
    """Every word that may have been meant, the longest first."""
    return sorted(
        {word for term in asked for way in term for word in way}, key=lambda word: (-len(word), word)
    )


def is_in(text: str, term: Term) -> bool:
    """Whether a folded text has what is asked for, one way or another."""
    return any(all(word in text for word in way) for way in term)


def only_number(text: str) -> str:
    """The digits of a text that is one whole number and nothing else; a telephone's begin with 7."""
    asked = terms(text)
    first = asked[0][0] if len(asked) == 1 else ()
    return first[0] if len(first) == 1 and first[0].isdecimal() and len(first[0]) >= 10 else ""


def _terms(text: str) -> Iterator[Term]:
    at = 0
    for run in _RUN.finditer(text):
        number = _number(run.group())
        if len(number) < (OF_THE_COUNTRY if run.group().startswith("+") else WHOLE_NUMBER):
            continue
        yield from map(_word, text[at : run.start()].split())
        parts = tuple(run.group().split())
        several = len(parts) > 1 and all(part.isdecimal() for part in parts)
        yield tuple(dict.fromkeys([(number,), *_of_old(number), *([parts] if several else [])]))
        at = run.end()
    yield from map(_word, text[at:].split())


def _word(word: str) -> Term:
    digits = _number(word)
    several = len(digits) > 1 and not _LETTER.search(word)
    ways = [(word,), (digits,), *_of_old(digits)] if several else [(word,)]
    return tuple(dict.fromkeys(ways))


def _number(text: str) -> str:
    digits = "".join(sign for sign in text if sign.isdecimal())
    return f"7{digits[1:]}" if len(digits) == RUSSIAN and digits[0] == "8" else digits


def _of_old(digits: str) -> list[tuple[str, ...]]:
    """A number that is still being typed, 8 916 12…: it may be +7 916 12…"""
    return [(f"7{digits[1:]}",)] if digits.startswith("8") and len(digits) in OF_OLD else []
