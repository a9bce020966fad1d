"""Rows that a search means: criteria over folded text, the same hits on either database.

What rows say is compared with LIKE, and an index of trigrams finds the rows to compare. PostgreSQL chooses
by itself between that index and the order of the list; SQLite cannot, so here it is counted how rare the
words are.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, union

from crmadmin.core import sql
from crmadmin.core.db import db
from crmadmin.rules.search_terms import Term, terms
from models import Client, ContactPerson, Interaction

RARE = 10_000  # hits: more are met soon enough in any order of a list
RARE_BY_NAME = 1_000  # hits: the first few by name are met sooner, and what is read for it lies together
NEWEST = 1_000  # interactions that a search answers with
LATELY = 20_000  # interactions that are looked through for a word of one or two letters
MOST_CLIENTS = 200  # of which the interactions are looked through
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


def interaction_matches(text: str) -> ColumnElement[bool] | None:
    """The newest interactions with the clients that are meant, and the newest that say all the words."""
    asked = terms(text)
    if not asked:
        return None
    newest = [_of_clients(asked, NEWEST), _saying(asked, NEWEST)]
    return Interaction.id.in_(union(*(select(each.subquery().c.id) for each in newest)))


def leaves_older_out(text: str) -> bool:
    """Whether there may be interactions that are meant and too old to be among those found."""
    asked = terms(text)
    if not asked:
        return False
    if not _trigrams(asked) and _interactions_are_more_than(LATELY):
        return True
    more = NEWEST + 1
    return any(
        (db.scalar(select(func.count()).select_from(each.order_by(None).subquery())) or 0) == more
        for each in (_saying(asked, more), _of_clients(asked, more))
    )


def name_matches(text: str, *columns: Any) -> ColumnElement[bool] | None:
    """Rows of a short list, by columns that are not folded: good for hundreds of rows, not for more."""
    asked = terms(text)
    plain = [func.replace(func.lower(column), "ё", "е") for column in columns]
    return _all(asked, lambda word: or_(*(sql.contains(column, word) for column in plain))) if asked else None


def _rows(entity: Found, asked: list[Term], rare: int) -> ColumnElement[bool] | None:
    if not asked:
        return None
    said = _says(entity, asked)
    trigrams = _trigrams(asked)
    if not sql.has_own_trigrams(db.get_bind()) or not trigrams:
        return said
    index, of_trigrams = sql.trigram_index(entity.__tablename__, trigrams)
    hits = select(index.c.rowid).where(of_trigrams)
    few = select(func.count()).select_from(hits.limit(rare + 1).subquery())
    return said if (db.scalar(few) or 0) > rare else and_(entity.id.in_(hits), said)


def _of_clients(asked: list[Term], most: int) -> Select[int]:
    """With the first two hundred of the clients by name."""
    meant = _rows(Client, asked, RARE_BY_NAME)
    clients = select(Client.id).where(false() if meant is None else meant)
    first = clients.order_by(Client.name_fold, Client.id).limit(MOST_CLIENTS).subquery()
    theirs = Interaction.client_id.in_(select(first.c.id))
    return select(Interaction.id).where(theirs).order_by(Interaction.id.desc()).limit(most)


def _saying(asked: list[Term], most: int) -> Select[int]:
    said, trigrams = _says(Interaction, asked), _trigrams(asked)
    found = select(Interaction.id).where(said).order_by(Interaction.id.desc()).limit(most)
    if not trigrams:
        newest = select(func.max(Interaction.id)).scalar_subquery()
        return found.where(Interaction.id > newest - LATELY)
    if not sql.has_own_trigrams(db.get_bind()):
        return found
    index, of_trigrams = sql.trigram_index(Interaction.__tablename__, trigrams)
    hits = select(Interaction.id).select_from(index).join(Interaction, Interaction.id == index.c.rowid)
    return hits.where(of_trigrams, said).order_by(index.c.rowid.desc()).limit(most)


def _interactions_are_more_than(count: int) -> bool:
    return (db.scalar(select(func.max(Interaction.id))) or 0) > count


def _says(entity: type[Client] | type[ContactPerson] | type[Interaction], asked: list[Term]) -> Any:
    return _all(asked, lambda word: sql.contains(entity.search_text, word))


def _all(asked: list[Term], found: Callable[[str], ColumnElement[bool]]) -> ColumnElement[bool]:
    return and_(*(or_(*(and_(*map(found, way)) for way in term)) for term in asked))


def _trigrams(asked: list[Term]) -> list[list[list[str]]]:
    """Of each term in each of its ways; a term that one can find without any is left out."""
    found = [[[tri for word in way for tri in _of(word)] for way in term] for term in asked]
    return [ways for ways in found if all(ways)]


def _of(word: str) -> list[str]:
    """Side by side, and the last: each is a list to be read, and LIKE looks at the word as a whole."""
    last = len(word) - TRIGRAM
    places = [*range(0, last, TRIGRAM), last] if last >= 0 else []
    return list(dict.fromkeys(word[at : at + TRIGRAM] for at in places))
