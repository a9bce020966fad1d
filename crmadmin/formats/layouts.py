"""Layouts of files that other programs export, as data: which header is which field of a client."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.formats.client_columns import CLIENT_COLUMNS

CLIENT_FIELDS = frozenset(column.key for column in CLIENT_COLUMNS)
PERSON_FIELDS = frozenset({"name", "job_title", "telephones", "emails"})
IDENTIFYING = ("inn", "ogrn", "telephones", "emails")  # fields that tell one client from others of its name
_NEARLY_ALL = 0.75

Values = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Card:
    """One row, understood: field → its texts, the preferred first; fields without a text are absent."""

    client: Values
    person: Values  # empty, when the row is about nobody but the client
    unread: Mapping[str, str] = field(default_factory=dict[str, str])  # filled cells that no field is for


@dataclass(frozen=True)
class Layout:
    """Which headers give which field; of several the first filled one counts, or all do."""

    name: str
    title: str
    needs: Sequence[str]
    client: Mapping[str, Sequence[str]]
    person: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    always: Mapping[str, str] = field(default_factory=dict[str, str])
    company_when: Sequence[str] = ()
    ignores: Sequence[str] = ()  # headers that are known, and not read
    unread: Sequence[str] = ()  # headers of this file that are not known

    @property
    def headers(self) -> frozenset[str]:
        """Every header that is read."""
        named = [*self.client.values(), *self.person.values()]
        return frozenset(header for headers in named for header in headers)

    @property
    def identifying(self) -> frozenset[str]:
        """Headers of what tells a client from others of its name."""
        named = (fields.get(key, ()) for fields in (self.client, self.person) for key in IDENTIFYING)
        return frozenset(header for headers in named for header in headers)

    def is_of(self, headers: Sequence[str]) -> bool:
        """Whether a file of these headers is surely meant: a name alone may be one of anything."""
        here = {_plain(header) for header in headers}
        if not here.issuperset(map(_plain, self.needs)) or here.isdisjoint(map(_plain, self.client["name"])):
            return False
        known = here.intersection(map(_plain, (*self.headers, *self.ignores)))
        return bool(here.intersection(map(_plain, self.identifying))) or len(known) >= len(here) * _NEARLY_ALL

    def among(self, headers: Sequence[str]) -> "Layout":
        """The same layout with headers spelt as in this file: case and blanks do not matter.

        DomainError when the file has not got what the layout needs.
        """
        spelt = {_plain(header): header for header in reversed(headers)}
        lacking = [header for header in self.needs if _plain(header) not in spelt]
        if not lacking and not any(_plain(header) in spelt for header in self.client["name"]):
            lacking = [self.client["name"][-1]]
        if lacking:
            listed = ", ".join(lacking)
            raise DomainError(_("The file has no such columns: %(headers)s", headers=listed))

        def as_here(names: Sequence[str]) -> list[str]:
            return [spelt[_plain(name)] for name in names if _plain(name) in spelt]

        known = {_plain(header) for header in (*self.headers, *self.ignores)}
        return Layout(
            self.name,
            self.title,
            as_here(self.needs),
            {key: found for key, names in self.client.items() if (found := as_here(names))},
            {key: found for key, names in self.person.items() if (found := as_here(names))},
            self.always,
            as_here(self.company_when),
            as_here(self.ignores),
            [header for header in headers if _plain(header) not in known],
        )

    def card(self, cells: Mapping[str, str]) -> Card:
        """A row's cells by fields. Call it on what `among` returned."""
        client = _filled(self.client, cells)
        client |= {key: (value,) for key, value in self.always.items()}
        person = _filled(self.person, cells)
        is_company = any(cells[header].strip() for header in self.company_when)
        if self.company_when:
            client["kind"] = ("company" if is_company else "person",)
        if not is_company:
            client |= {key: person[key] for key in ("telephones", "emails") if key in person}
            person = {}
        unread = {header: text for header in self.unread if (text := cells[header].strip())}
        return Card(client, person, unread)


def known() -> list[str]:
    """The names of all layouts."""
    return sorted(_all())


def named(name: str) -> Layout:
    """The layout of that name; DomainError lists those there are."""
    layout = _all().get(name)
    if layout is None:
        raise DomainError(
            _("There is no layout %(name)s; there are: %(known)s", name=name, known=", ".join(known()))
        )
    return layout


def recognised(headers: Sequence[str]) -> Layout:
    """The layout that is meant, and knows most of the headers; DomainError for none."""
    here = {_plain(header) for header in headers}
    fitting = [layout for layout in _all().values() if layout.is_of(headers)]
    if not fitting:
        listed, names = ", ".join(headers[:10]), ", ".join(known())
        raise DomainError(
            _("These columns are of no layout known here: %(headers)s", headers=listed)
            + " "
            + _(
                "If they are of clients all the same, say how to read them: --layout with one of %(known)s.",
                known=names,
            )
        )
    return max(fitting, key=lambda layout: len(here.intersection(map(_plain, layout.headers))))


@cache
def _all() -> dict[str, Layout]:
    folder = files("crmadmin.formats") / "layouts"
    texts = {path.name.removesuffix(".toml"): path.read_text("utf-8") for path in folder.iterdir()}
    return {name: _of(name, tomllib.loads(text)) for name, text in texts.items()}


def _of(name: str, data: dict[str, Any]) -> Layout:
    client, person = _headers(data["client"]), _headers(data.get("person", {}))
    unknown = {*client, *data.get("always", {})} - CLIENT_FIELDS | person.keys() - PERSON_FIELDS
    if unknown:
        raise ValueError(f"layout {name}: no such fields: {', '.join(sorted(unknown))}")
    return Layout(
        name,
        data["title"],
        data["needs"],
        client,
        person,
        data.get("always", {}),
        _several(data.get("company_when", ())),
        data.get("ignores", ()),
    )


def _headers(section: Mapping[str, str | list[str]]) -> dict[str, Sequence[str]]:
    return {key: _several(names) for key, names in section.items()}


def _several(names: str | Sequence[str]) -> Sequence[str]:
    return [names] if isinstance(names, str) else names


def _filled(fields: Mapping[str, Sequence[str]], cells: Mapping[str, str]) -> Values:
    texts = {key: [cells[header].strip() for header in headers] for key, headers in fields.items()}
    return {key: tuple(filter(None, found)) for key, found in texts.items() if any(found)}


def _plain(header: str) -> str:
    return " ".join(header.split()).casefold().replace("ё", "е")
