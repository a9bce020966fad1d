"""What a row is found by, folded into ``search_text`` in the flush that changes the row.

A client is found by the words of its contact persons too, and they by its name: a line each, so that no word
runs from one into the other. Indexes over ``search_text`` are kept by the database.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session, UOWTransaction, selectinload

from crmadmin.rules.names import folded
from models import Client, ContactPerson, EmailAddress, Interaction, Telephone

Found = Client | ContactPerson


@event.listens_for(Session, "before_flush")
def _keep(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    touched: dict[int, Found] = {}
    for row in [*session.new, *session.dirty, *session.deleted]:
        if isinstance(row, Interaction):
            fold_texts(row)
        elif isinstance(row, Found):
            touched[id(row)] = row
        elif isinstance(row, Telephone | EmailAddress):
            owner = row.contact_person or row.client
            if owner is not None:  # pyright: ignore[reportUnnecessaryComparison]
                touched[id(owner)] = owner
    with session.no_autoflush:
        _fold_all(session, list(touched.values()))


def _fold_all(session: Session, touched: list[Found]) -> None:
    """Clients last, after the persons at them; whoever changes his name changes what others are found by."""
    clients = [row for row in touched if isinstance(row, Client)]
    persons = [row for row in touched if isinstance(row, ContactPerson)]
    for person in persons:
        if person.client is None and person.client_id:  # pyright: ignore[reportUnnecessaryComparison]
            person.client = session.get_one(Client, person.client_id)
    for client in clients:
        client.name_fold = name_fold(client)
    renamed = [each.id for each in clients if each.id and inspect(each).attrs.name_fold.history.deleted]
    if renamed:
        persons += session.scalars(persons_with_contacts().where(ContactPerson.client_id.in_(renamed)))
    gone = session.deleted
    lines = {id(row): _fold_person(row) for row in persons if row not in gone}
    theirs = [row.client for row in persons if row.client is not None]  # pyright: ignore[reportUnnecessaryComparison]
    every = {id(each): each for each in [*clients, *theirs] if each not in gone}
    kept = _kept_lines(session, [each.id for each in every.values() if each.id])
    for client in every.values():
        known = dict(kept.get(client.id, ()))
        known |= {row.id: lines.get(id(row), "") for row in persons if row.client is client and row.id}
        new = [lines[id(row)] for row in persons if row.client is client and not row.id and id(row) in lines]
        fold(client, [line for _id, line in sorted(known.items()) if line] + new)


def persons_with_contacts() -> Any:
    return select(ContactPerson).options(
        selectinload(ContactPerson.telephones), selectinload(ContactPerson.emails)
    )


def _kept_lines(session: Session, clients: list[int]) -> dict[int, list[tuple[int, str]]]:
    """What each client's contact persons were found by until now, by their id."""
    lines: dict[int, list[tuple[int, str]]] = {}
    if clients:
        asked = select(ContactPerson.client_id, ContactPerson.id, ContactPerson.search_text)
        for client, person, said in session.execute(asked.where(ContactPerson.client_id.in_(clients))):
            lines.setdefault(client, []).append((person, own_line(said)))
    return lines


def _fold_person(person: ContactPerson) -> str:
    for each in [*person.telephones, *person.emails]:
        each.client = person.client
    fold(person, [name_fold(person.client)] if person.client else [])
    return own_line(person.search_text)


def fold(row: Found, others: Iterable[str]) -> None:
    """Make the row's folded columns say what the row says, and the lines of others."""
    row.name_fold = name_fold(row)
    said = words(row, others)
    if row.search_text != said:
        row.search_text = said


def fold_texts(row: Interaction) -> None:
    if not inspect(row).persistent or any(
        inspect(row).attrs[name].history.has_changes() for name in ("request", "reaction", "note")
    ):
        row.search_text = texts(row.request, row.reaction, row.note)


def texts(*said: str | None) -> str:
    """Texts of an interaction as it is found by them, a line each."""
    return "\n".join(_some(folded(each or "") for each in said))


def words(row: Found, others: Iterable[str]) -> str:
    """Name first; numbers as digits only, so that any way of writing a telephone finds it."""
    own = (
        [row.legal_name, row.inn, row.ogrn, row.city, row.site]
        if isinstance(row, Client)
        else [row.job_title]
    )
    numbers = [digits for each in row.telephones for digits in _digits(each.typed, each.e164)]
    line = folded(" ".join(_some([row.name, *own, *numbers, *(each.typed for each in row.emails)])))
    return "\n".join([line, *others])


def own_line(said: str) -> str:
    return said.partition("\n")[0]


def name_fold(row: Found) -> str:
    return folded(row.name or "")[:200]


def _digits(typed: str, e164: str) -> Iterable[str]:
    return [e164.lstrip("+")] if e164 else ["".join(sign for sign in typed if sign.isdigit())]


def _some(words: Iterable[str | None]) -> Iterable[str]:
    return (word for word in words if word)
