"""What a row is found by, folded into ``search_text`` in the flush that changes the row."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction

from crmadmin.rules.names import folded
from models import Client, ContactPerson, EmailAddress, Telephone


@event.listens_for(Session, "before_flush")
def _keep(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    touched: dict[int, Client | ContactPerson] = {}
    for row in [*session.new, *session.dirty, *session.deleted]:
        if isinstance(row, Client | ContactPerson):
            touched[id(row)] = row
        elif isinstance(row, Telephone | EmailAddress):
            owner = row.contact_person or row.client
            if owner is not None:  # pyright: ignore[reportUnnecessaryComparison]
                touched[id(owner)] = owner
    for row in touched.values():
        if row not in session.deleted:
            fold(row)


def fold(row: Client | ContactPerson) -> None:
    """Make the row's folded columns say what the row says."""
    row.name_fold = folded(row.name or "")[:200]
    if isinstance(row, ContactPerson):
        for each in [*row.telephones, *row.emails]:
            each.client = row.client
    said = words(row)
    if row.search_text != said:
        row.search_text = said


def words(row: Client | ContactPerson) -> str:
    """Name first; numbers as digits only, so that any way of writing a telephone finds it."""
    own = (
        [row.legal_name, row.inn, row.ogrn, row.city, row.site]
        if isinstance(row, Client)
        else [row.job_title]
    )
    numbers = [digits for each in row.telephones for digits in _digits(each.typed, each.e164)]
    return folded(" ".join(_some([row.name, *own, *numbers, *(each.typed for each in row.emails)])))


def _digits(typed: str, e164: str) -> Iterable[str]:
    return [e164.lstrip("+")] if e164 else ["".join(sign for sign in typed if sign.isdigit())]


def _some(words: Iterable[str | None]) -> Iterable[str]:
    return (word for word in words if word)
