"""Reference data that a file names: known ones found by code or by any usual name, others made if asked."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import Database
from crmadmin.core.i18n import _
from crmadmin.formats.client_columns import title_of
from crmadmin.queries.absences import leaving_a_gap
from crmadmin.rules import codes
from crmadmin.rules.industries import section
from crmadmin.rules.names import folded
from crmadmin.rules.places import region_code, region_key
from crmadmin.services.import_drafts import Draft
from models import Channel, ClientGroup, Industry, Region, Tag, User
from models.base import Reference

_NOTHING = ""


class References:
    """All reference data a file may name, read once.

    ``make`` allows new regions, industries, channels and tags.
    """

    def __init__(self, session: Database, *, make: bool) -> None:
        self._session = session
        self._make = make
        self._lists = {
            "industry": _List(Industry, session, lambda text: [section(text), folded(text)]),
            "region": _List(Region, session, _region_keys),
            "channel": _List(Channel, session, lambda text: [folded(text)]),
            "tags": _List(Tag, session, lambda text: [folded(text)]),
            "group": _List(ClientGroup, session, lambda text: [folded(text)]),
        }
        self._people: dict[str, list[User]] = {}
        for person in session.scalars(select(User).where(User.active).order_by(User.id)):
            for word in (person.login, person.name):
                self._people.setdefault(folded(word), []).append(person)
        self._away = {row.person_id for row in session.scalars(leaving_a_gap(clock.now()))}

    def resolve(self, draft: Draft) -> dict[str, Any]:
        """Field → row for what the draft names; what nobody knows is left out and told in its remarks."""
        found: dict[str, Any] = {}
        for field, texts in draft.wanted.items():
            row = self._person(texts) if field == "curator" else self._row(field, texts)
            if row is None:
                draft.remarks.append(_unknown(field, texts[0]))
            elif isinstance(row, User) and row.id in self._away:
                draft.remarks.append(
                    _("Curator: %(name)s is away, and nobody acts meanwhile.", name=row.name)
                )
            else:
                found[field] = row
        if draft.tags:
            found["tags"] = self._tags(draft)
        return found

    def _tags(self, draft: Draft) -> list[Reference]:
        rows: list[Reference] = []
        for name in draft.tags:
            row = self._row("tags", (name,))
            if row is None:
                draft.remarks.append(
                    _("%(field)s is not known: %(text)s.", field=title_of("tags"), text=name)
                )
            elif row not in rows:
                rows.append(row)
        return rows

    def _person(self, texts: Iterable[str]) -> User | None:
        for text in texts:
            people = self._people.get(folded(text), [])
            if len(people) == 1:
                return people[0]
        return None

    def _row(self, field: str, texts: tuple[str, ...]) -> Reference | None:
        rows = self._lists[field]
        row = next((row for text in texts if (row := rows.find(text)) is not None), None)
        if row is not None or not self._make or field == "group":
            return row
        name = texts[-1][:200]  # the last one is a name where the first is a code
        return rows.make(name) if re.search(r"[^\W\d]", name) else None


def _unknown(field: str, text: str) -> str:
    if field == "curator":
        return _("Curator: we have no such colleague: %(text)s.", text=text)
    return _("%(field)s is not known: %(text)s.", field=title_of(field), text=text)


def _region_keys(text: str) -> list[str]:
    return [region_code(text), region_key(text), folded(text)]


class _List:
    """One table, by everything a text may call a row of it."""

    def __init__(self, table: type[Any], session: Database, keys: Callable[[str], list[str]]) -> None:
        self._table, self._session, self._keys = table, session, keys
        self._codes: set[str] = set()
        self._rows: dict[str, Any] = {}
        for row in session.scalars(select(table).order_by(table.position, table.id)):
            self._keep(row)

    def find(self, text: str) -> Reference | None:
        return next((row for key in self._keys(text) if key and (row := self._rows.get(key))), None)

    def make(self, name: str) -> Reference:
        code = codes.unlike(codes.of_name(name) or "imported", self._codes)
        row = self._table(code=code, name_ru=name)
        self._session.add(row)
        self._keep(row)
        return row

    def _keep(self, row: Any) -> None:
        self._codes.add(row.code)
        # A code outweighs a name; the first of two rows of one name is the one that is meant.
        self._rows[row.code] = row
        for name in (row.name_ru, row.name_en or _NOTHING):
            for key in self._keys(name):
                self._rows.setdefault(key, row)
