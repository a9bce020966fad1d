"""What rows are found by, compared with what they say; and the indexes over it, with what they index."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import joinedload, selectinload, undefer

from crmadmin.core.db import Database
from crmadmin.core.i18n import _
from crmadmin.services import searchable
from models import Client, ContactPerson, Interaction

INDEXED = (Client, ContactPerson, Interaction)


def faults(session: Database, batch: int, *, repair: bool) -> Iterator[str]:
    """Every fault as one line; ``repair`` folds anew what is stale, and makes a broken index anew."""
    persons = searchable.persons_with_contacts().options(joinedload(ContactPerson.client))
    yield from _of_found(session, persons, ContactPerson, batch, repair)
    clients = select(Client).options(selectinload(Client.telephones), selectinload(Client.emails))
    yield from _of_found(session, clients, Client, batch, repair)
    yield from _of_texts(session, batch, repair)
    if session.get_bind().dialect.name == "sqlite":
        yield from _of_indexes(session, repair)


def batches(session: Database, asked: Any, key: Any, size: int) -> Iterator[list[Any]]:
    """Rows by the hundred, in order of their id: no cursor stays open while something is written."""
    last = 0
    while rows := session.execute(asked.where(key > last).order_by(key).limit(size)).unique().all():
        yield list(rows)
        last = getattr(rows[-1][0], "id", rows[-1][0])


def stale(column: str) -> str:
    return _("%(column)s is not what the rows say", column=column)


def _of_found(
    session: Database, asked: Any, model: type[searchable.Found], batch: int, repair: bool
) -> Iterator[str]:
    fresh = asked.execution_options(populate_existing=True)
    for rows in batches(session, fresh, model.id, batch):
        lines = _lines_of_persons(session, [row.id for (row,) in rows]) if model is Client else {}
        for (row,) in rows:
            others = (
                [searchable.name_fold(row.client)]
                if isinstance(row, ContactPerson)
                else lines.get(row.id, [])
            )
            wrong = _wrong_words(row, others)
            if wrong and repair:
                searchable.fold(row, others)
            for column in wrong:
                yield f"{model.__tablename__} {row.id}: {stale(column)}"
        session.flush()


def _lines_of_persons(session: Database, clients: list[int]) -> dict[int, list[str]]:
    asked = select(ContactPerson.client_id, ContactPerson.search_text).order_by(ContactPerson.id)
    lines: dict[int, list[str]] = {}
    for client, said in session.execute(asked.where(ContactPerson.client_id.in_(clients))):
        lines.setdefault(client, []).append(searchable.own_line(said))
    return lines


def _wrong_words(row: searchable.Found, others: Iterable[str]) -> list[str]:
    right = {"name_fold": searchable.name_fold(row), "search_text": searchable.words(row, others)}
    return [column for column, value in right.items() if getattr(row, column) != value]


def _of_texts(session: Database, batch: int, repair: bool) -> Iterator[str]:
    columns = (Interaction.id, Interaction.search_text, Interaction.request, Interaction.reaction)
    for rows in batches(session, select(*columns, Interaction.note), Interaction.id, batch):
        wrong = [id for id, said, *texts in rows if said != searchable.texts(*texts)]
        if wrong and repair:
            asked = (
                select(Interaction).where(Interaction.id.in_(wrong)).options(undefer(Interaction.search_text))
            )
            for row in session.scalars(asked):
                row.search_text = searchable.texts(row.request, row.reaction, row.note)
            session.flush()
        yield from (f"interaction {id}: {stale('search_text')}" for id in wrong)


def _of_indexes(session: Database, repair: bool) -> Iterator[str]:
    """SQLite's tables of trigrams: what they were filled with is compared with what the rows are found by."""
    for model in INDEXED:
        index = f"{model.__tablename__}_search"
        try:
            with session.begin_nested():
                session.execute(text(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)"))  # noqa: S608
        except DatabaseError:
            yield _("%(table)s: the search index is not what the rows say", table=model.__tablename__)
            if repair:
                session.execute(text(f"INSERT INTO {index} ({index}) VALUES ('rebuild')"))  # noqa: S608
