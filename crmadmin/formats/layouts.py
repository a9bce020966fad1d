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

Values = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Card:
    """One row, understood: field → its texts, the preferred first; fields without a text are absent."""

    client: Values
    person: Values  # empty, when the row is about nobody but the client


@dataclass(frozen=True)
class Layout:
    """Which headers give which field; of several the first filled one counts, or all do."""

    name: str
    title: str
    needs: Sequence[str]
    client: Mapping[str, Sequence[str]]
    person: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    always: Mapping[str, str] = field(default_factory=dict[str, str])
    company_when: str = ""

    @property
    def headers(self) -> frozenset[str]:
        """Every header that is read."""
        named = [*self.client.values(), *self.person.values()]
        return frozenset(header for headers in named for header in headers)

    def among(self, headers: Sequence[str]) -> "Layout":
        """The same layout with headers spelt as in this file: case and blanks do not matter.

        DomainError when the file has not got what the layout needs.
        """
        spelt = {_plain(header): header for header in reversed(headers)}
        lacking = [header for header in self.needs if _plain(header) not in spelt]
        if lacking:
            listed = ", ".join(lacking)
            raise DomainError(_("The file has no such columns: %(headers)s", headers=listed))

        def as_here(names: Sequence[str]) -> list[str]:
            return [spelt[_plain(name)] for name in names if _plain(name) in spelt]

        return Layout(
            self.name,
            self.title,
            as_here(self.needs),
            {key: found for key, names in self.client.items() if (found := as_here(names))},
            {key: found for key, names in self.person.items() if (found := as_here(names))},
            self.always,
            spelt.get(_plain(self.company_when), ""),
        )

    def card(self, cells: Mapping[str, str]) -> Card:
        """A row's cells by fields. Call it on what `among` returned."""
        client = _filled(self.client, cells)
        client |= {key: (value,) for key, value in self.always.items()}
        person = _filled(self.person, cells)
        if self.company_when:
            is_company = bool(cells[self.company_when].strip())
            client["kind"] = ("company" if is_company else "person",)
            if not is_company:
                client |= {key: person[key] for key in ("telephones", "emails") if key in person}
                person = {}
        return Card(client, person)


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
    """The layout that has all it needs among the headers and knows most of them; DomainError for none."""
    here = {_plain(header) for header in headers}
    fitting = [layout for layout in _all().values() if here.issuperset(map(_plain, layout.needs))]
    if not fitting:
        listed = ", ".join(headers[:10])
        raise DomainError(_("These columns are of no layout known here: %(headers)s", headers=listed))
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
        data.get("company_when", ""),
    )


def _headers(section: Mapping[str, str | list[str]]) -> dict[str, Sequence[str]]:
    return {key: [names] if isinstance(names, str) else names for key, names in section.items()}


def _filled(fields: Mapping[str, Sequence[str]], cells: Mapping[str, str]) -> Values:
    texts = {key: [cells[header].strip() for header in headers] for key, headers in fields.items()}
    return {key: tuple(filter(None, found)) for key, found in texts.items() if any(found)}


def _plain(header: str) -> str:
    return " ".join(header.split()).casefold().replace("ё", "е")
