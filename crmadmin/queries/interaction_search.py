"""Interactions that a search means: each word is said in what was written down, or by the client of it.

Four ways lead to them, and the newest of each are the answer. Which ways are gone is counted first, alike on
either database: all that was said with a few clients is read through; of a word that very many clients have,
only what was written down lately, and ``leaves_older_out`` says so.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union

from crmadmin.core import sql
from crmadmin.core.db import db
from crmadmin.queries.search import clients_saying, says, trigrams
from crmadmin.rules.search_terms import Term, terms
from models import Client, Interaction

NEWEST = 1_000  # interactions that a search answers with, of each way
LATELY = 20_000  # interactions that are looked through where no index leads to those that are meant
LOOKED_AT = 2_000  # interactions of which each one's client is to say some of the words
MANY = 1_000  # clients: of so many all that was said is sorted by an index alone
FEW = 300  # clients: of so many all that was said is read, for the words they have not got themselves


class _Way(NamedTuple):
    """Ids of interactions, the newest first; ``of`` are the newest they are chosen from, ``most`` at most."""

    ids: Select[int]
    of: Select[int] | None = None
    most: int = 0

    def leaves_out(self) -> bool:
        return (self.of is not None and _are_more(self.of, self.most)) or _are_more(self.ids, NEWEST)


def interaction_matches(text: str) -> ColumnElement[bool] | None:
    """The newest interactions of which each word is said by themselves or by their client."""
    asked = terms(text)
    if not asked:
        return None
    newest = [way.ids.limit(NEWEST) for way in _ways(asked)]
    return Interaction.id.in_(union(*(select(each.subquery().c.id) for each in newest)))


def leaves_older_out(text: str) -> bool:
    """Whether there may be interactions that are meant and too old to be among those found."""
    asked = terms(text)
    return bool(asked) and any(way.leaves_out() for way in _ways(asked))


def _ways(asked: list[Term]) -> Iterator[_Way]:
    yield _with_clients(asked)
    yield _saying(asked)
    if len(asked) > 1:
        yield from _between(asked)


def _with_clients(asked: list[Term]) -> _Way:
    """With clients of whom all is said."""
    clients = _clients(asked, MANY)
    if clients is not None:
        return _Way(_newest().where(sql.among(Interaction.client_id, clients)))
    lately = _newest().limit(LOOKED_AT).subquery()
    theirs = _newest().join(Client, Client.id == Interaction.client_id).where(says(Client, asked))
    return _Way(theirs.where(Interaction.id.in_(select(lately.c.id))), _newest(), LOOKED_AT)


def _saying(asked: list[Term]) -> _Way:
    """Those that say all by themselves."""
    index = trigrams(asked)
    if not index:
        return _Way(_newest().where(says(Interaction, asked), _is_late()), _newest(), LATELY)
    if not sql.has_own_trigrams(db.get_bind()):
        return _Way(_newest().where(says(Interaction, asked)))
    hits, of_trigrams = sql.trigram_index(Interaction.__tablename__, index)
    found = select(Interaction.id).select_from(hits).join(Interaction, Interaction.id == hits.c.rowid)
    return _Way(found.where(of_trigrams, says(Interaction, asked)).order_by(hits.c.rowid.desc()))


def _between(asked: list[Term]) -> Iterator[_Way]:
    """Those that say some of it, with clients who say the rest."""
    known = {term: _clients([term], FEW) for term in asked if trigrams([term])}
    rare = [term for term in asked if known.get(term) is not None]
    clients = {client for term in rare for client in known[term] or ()}
    if clients:
        yield _Way(_told(asked).where(sql.among(Interaction.client_id, sorted(clients))))
    if len(rare) < len(asked):  # words of too many clients: what was written down must have all the others
        some = _saying(rare or [tuple(way for term in asked for way in term)])
        lately = some.ids.limit(LOOKED_AT).subquery()
        found = _told(asked).where(Interaction.id.in_(select(lately.c.id)))
        yield _Way(found, some.ids, LOOKED_AT) if some.of is None else _Way(found, some.of, some.most)


def _clients(asked: list[Term], most: int) -> Sequence[int] | None:
    """Whom the words mean; None where these are more."""
    found = db.scalars(clients_saying(asked, most + 1)).all()
    return sorted(found) if len(found) <= most else None


def _told(asked: list[Term]) -> Select[int]:
    """Of each word: by the record, or by its client."""
    each = (or_(says(Interaction, [term]), says(Client, [term])) for term in asked)
    return _newest().join(Client, Client.id == Interaction.client_id).where(and_(*each))


def _newest() -> Select[int]:
    return select(Interaction.id).order_by(Interaction.id.desc())


def _is_late() -> ColumnElement[bool]:
    return Interaction.id > select(func.max(Interaction.id)).scalar_subquery() - LATELY


def _are_more(asked: Select[int], most: int) -> bool:
    counted = asked.order_by(None).limit(most + 1).subquery()
    return (db.scalar(select(func.count()).select_from(counted)) or 0) > most
