"""Rows that a search means: criteria over folded text, the same hits on either database.

What rows say is compared with LIKE, and an index of trigrams finds the rows to compare. PostgreSQL chooses
by itself between that index and the order of the list; SQLite cannot, so here it is counted how rare the
words are.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from crmadmin.core import sql
from crmadmin.core.db import db
from crmadmin.rules.search_terms import Term, terms
from models import Client, ContactPerson, Interaction

RARE = 10_000  # hits: more are met soon enough in any order of a list
RARE_BY_NAME = 1_000  # hits: the first few by name are met sooner, and what is read for it lies together
TRIGRAM = 3

Found = type[Client] | type[ContactPerson]


def client_matches(text: str, *, first: bool = False) -> ColumnElement[bool] | None:
    """Clients of whose own words, or a contact person's, all are found; None where nothing was typed.

    ``first``: only the first few by name are asked for; the hits are the same, and come sooner.
    """
    return _rows(Client, terms(text), RARE_BY_NAME if first else RARE)


def contact_person_matches(text: str, *, first: bool = False) -> ColumnElement[bool] | None:
    """Contact persons found by their own words and by the name of their client."""
    return _rows(ContactPerson, terms(text), RARE_BY_NAME if first else RARE)


def name_matches(text: str, *columns: Any) -> ColumnElement[bool] | None:
    """Rows of a short list, by columns that are not folded: good for hundreds of rows, not for more."""
    asked = terms(text)
    plain = [func.replace(func.lower(column), "ё", "е") for column in columns]
    return _all(asked, lambda word: or_(*(sql.contains(column, word) for column in plain))) if asked else None


def _rows(entity: Found, asked: list[Term], rare: int) -> ColumnElement[bool] | None:
    if not asked:
        return None
    said = says(entity, asked)
    index_words = trigrams(asked)
    if not sql.has_own_trigrams(db.get_bind()) or not index_words:
        return said
    index, of_trigrams = sql.trigram_index(entity.__tablename__, index_words)
    hits = select(index.c.rowid).where(of_trigrams)
    few = select(func.count()).select_from(hits.limit(rare + 1).subquery())
    return said if (db.scalar(few) or 0) > rare else and_(entity.id.in_(hits), said)


def clients_saying(asked: list[Term], most: int) -> Select[int]:
    """Clients of whose own words, or a contact person's, all are found: so many at most, whichever."""
    found, index = select(Client.id).where(says(Client, asked)).limit(most), trigrams(asked)
    if not sql.has_own_trigrams(db.get_bind()):
        return found
    if not index:  # in the order of names all that is looked at lies side by side
        return found.order_by(Client.name_fold, Client.id)
    hits, of_trigrams = sql.trigram_index(Client.__tablename__, index)
    return found.select_from(hits).join(Client, Client.id == hits.c.rowid).where(of_trigrams)


def says(entity: type[Client] | type[ContactPerson] | type[Interaction], asked: list[Term]) -> Any:
    """Where a row's own text has every one of these."""
    return _all(asked, lambda word: sql.contains(entity.search_text, word))


def _all(asked: list[Term], found: Callable[[str], ColumnElement[bool]]) -> ColumnElement[bool]:
    return and_(*(or_(*(and_(*map(found, way)) for way in term)) for term in asked))


def trigrams(asked: list[Term]) -> list[list[list[str]]]:
    """Of each term in each of its ways; a term that one can find without any is left out."""
    found = [[[tri for word in way for tri in _of(word)] for way in term] for term in asked]
    return [ways for ways in found if all(ways)]


def _of(word: str) -> list[str]:
    """Side by side, and the last: each is a list to be read, and LIKE looks at the word as a whole."""
    last = len(word) - TRIGRAM
    places = [*range(0, last, TRIGRAM), last] if last >= 0 else []
    return list(dict.fromkeys(word[at : at + TRIGRAM] for at in places))
