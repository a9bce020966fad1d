"""What somebody means who types words or a telephone into a search box: criteria over folded text. None runs.

All words, in any order. A telephone may be typed in any way: it is looked for by its digits, and 8 916… is
+7 916…; its last four digits are enough.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from crmadmin.core.sql import contains
from crmadmin.rules.names import folded
from models import Client, ContactPerson, Interaction

MOST_TERMS = 8
MOST_CLIENTS = 200  # of which the interactions are looked through

_RUN = re.compile(r"(?<!\w)[+(]*\d[\d\s()+.\-‐-―]*\d(?!\w)")
_LETTER = re.compile(r"[^\W\d_]")
WHOLE_NUMBER = 7  # digits: fewer may be a house, a year, a part of a name
RUSSIAN = 11  # digits of a whole Russian number

Term = tuple[tuple[str, ...], ...]


def client_matches(text: str) -> ColumnElement[bool] | None:
    """Clients of whose own words, or a contact person's, all are found; None where nothing was typed."""

    def found(word: str) -> ColumnElement[bool]:
        at_persons = select(ContactPerson.client_id).where(contains(ContactPerson.search_text, word))
        return or_(contains(Client.search_text, word), Client.id.in_(at_persons))

    return _all(text, found)


def contact_person_matches(text: str) -> ColumnElement[bool] | None:
    """Contact persons found by their own words and by the name of their client."""

    def found(word: str) -> ColumnElement[bool]:
        clients = select(Client.id).where(contains(Client.name_fold, word))
        return or_(contains(ContactPerson.search_text, word), ContactPerson.client_id.in_(clients))

    return _all(text, found)


def interaction_matches(text: str) -> ColumnElement[bool] | None:
    """Interactions with the clients that are meant: with the first two hundred of them by name."""
    meant = client_matches(text)
    if meant is None:
        return None
    clients = select(Client.id).where(meant).order_by(Client.name_fold, Client.id).limit(MOST_CLIENTS)
    return Interaction.client_id.in_(select(clients.subquery().c.id))


def name_matches(text: str, *columns: Any) -> ColumnElement[bool] | None:
    """Rows of a short list, by columns that are not folded: good for hundreds of rows, not for more."""
    return _all(
        text, lambda word: or_(*(column.ilike(f"%{_escaped(word)}%", escape="\\") for column in columns))
    )


def _all(text: str, found: Callable[[str], ColumnElement[bool]]) -> ColumnElement[bool] | None:
    asked = [or_(*(and_(*map(found, way)) for way in term)) for term in terms(text)]
    return and_(*asked) if asked else None


def terms(text: str) -> list[Term]:
    """What must be found, each term in one of its ways: all words of a way."""
    return list(_terms(folded(text)))[:MOST_TERMS]


def _terms(text: str) -> Iterator[Term]:
    at = 0
    for run in _RUN.finditer(text):
        number = _number(run.group())
        if len(number) < WHOLE_NUMBER:
            continue
        yield from map(_word, text[at : run.start()].split())
        parts = tuple(run.group().split())
        several = len(parts) > 1 and all(part.isdecimal() for part in parts)
        yield ((number,), parts) if several else ((number,),)
        at = run.end()
    yield from map(_word, text[at:].split())


def _word(word: str) -> Term:
    digits = _number(word)
    several = len(digits) > 1 and digits != word and not _LETTER.search(word)
    return ((word,), (digits,)) if several else ((word,),)


def _number(text: str) -> str:
    digits = "".join(sign for sign in text if sign.isdecimal())
    return f"7{digits[1:]}" if len(digits) == RUSSIAN and digits[0] == "8" else digits


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
