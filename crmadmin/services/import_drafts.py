"""A row of a file, understood and checked as far as it can be without the database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.formats.client_columns import BETWEEN_VALUES, title_of
from crmadmin.formats.layouts import Card, Values
from crmadmin.rules import emails, registration, telephones
from crmadmin.rules.names import folded
from crmadmin.rules.sites import is_site
from crmadmin.rules.telephones import Telephone
from models import Client, ContactPerson
from models.kinds import ClientKind

REFERENCES = ("industry", "region", "group", "curator", "channel")

_TEXTS = ("name", "legal_name", "inn", "kpp", "ogrn", "city", "site")
_RULES: Mapping[str, Callable[[str], str]] = {
    "inn": registration.inn,
    "kpp": registration.kpp,
    "ogrn": registration.ogrn,
}
_KINDS = {
    ClientKind.company: ("company", "organisation", "organization", "компания", "организация", "юрлицо",
                         "юр. лицо", "юридическое лицо"),
    ClientKind.person: ("person", "individual", "человек", "физлицо", "физ. лицо", "физическое лицо",
                        "частное лицо", "персона"),
}  # fmt: skip
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}


@dataclass
class PersonDraft:
    """Somebody at the client."""

    name: str
    job_title: str
    telephones: list[Telephone]
    emails: list[str]


@dataclass
class Draft:
    """What a row says of a client. Only what it does say is in ``texts`` and ``wanted``."""

    line: int
    texts: dict[str, str]
    kind: ClientKind | None
    telephones: list[Telephone]
    emails: list[str]
    wanted: dict[str, tuple[str, ...]]  # reference data by the texts that may name it, the surest first
    tags: tuple[str, ...]
    recommended_by: str
    person: PersonDraft | None
    remarks: list[str] = field(default_factory=list[str])

    @property
    def name(self) -> str:
        return self.texts["name"]

    @property
    def all_telephones(self) -> list[Telephone]:
        return [*self.telephones, *(self.person.telephones if self.person else [])]

    @property
    def all_emails(self) -> list[str]:
        return [*self.emails, *(self.person.emails if self.person else [])]


def draft(line: int, card: Card) -> Draft:
    """The row's card, normalised. DomainError says why the row cannot be taken."""
    said = card.client
    texts = {key: " ".join(said[key][0].split()) for key in _TEXTS if key in said}
    texts |= {key: plain("\n".join(said[key])) for key in ("address", "remember") if key in said}
    if not texts.get("name"):
        raise DomainError(_("A client needs a name."))
    for key, rule in _RULES.items():
        if key in texts:
            texts[key] = rule(texts[key])
    _check_lengths(texts, Client)
    remarks = _without_nonsense(texts)
    return Draft(
        line,
        texts,
        _kind(said),
        _telephones(said),
        _emails(said),
        {key: said[key] for key in REFERENCES if key in said},
        _parted(said.get("tags", ())),
        said.get("recommended_by", ("",))[0],
        _person(card.person),
        remarks,
    )


def _parted(texts: Sequence[str]) -> tuple[str, ...]:
    """The texts of a cell that holds several."""
    parts = (part for text in texts for part in text.split(BETWEEN_VALUES.strip()))
    return tuple(dict.fromkeys(name for part in parts if (name := " ".join(part.split()))))


def _without_nonsense(texts: dict[str, str]) -> list[str]:
    """Leaves out a site that is none, and says so: no reason to lose the client."""
    if not texts.get("site") or is_site(texts["site"]):
        return []
    return [_("This is no address of a site: %(typed)s", typed=texts.pop("site"))]


def plain(text: str) -> str:
    """A text of several lines without the differences that editors and spreadsheets make."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def _kind(said: Values) -> ClientKind | None:
    if "kind" not in said:
        return None
    kind = _KIND_OF.get(folded(said["kind"][0]))
    if kind is None:
        raise DomainError(_("A client is a company or a person, not %(typed)s", typed=said["kind"][0]))
    return kind


def _person(said: Values) -> PersonDraft | None:
    if "name" not in said:
        return None
    texts = {key: " ".join(said[key][0].split()) for key in ("name", "job_title") if key in said}
    _check_lengths(texts, ContactPerson)
    return PersonDraft(texts["name"], texts.get("job_title", ""), _telephones(said), _emails(said))


def _telephones(said: Values) -> list[Telephone]:
    numbers = telephones.telephones("\n".join(said.get("telephones", ())))
    return [number._replace(typed=number.typed[:120]) for number in numbers]


def _emails(said: Values) -> list[str]:
    return emails.emails("\n".join(said.get("emails", ())))


def _check_lengths(texts: Mapping[str, str], table: type[Any]) -> None:
    for key, text in texts.items():
        most = getattr(table.__table__.c[key].type, "length", None)
        if most is not None and len(text) > most:
            raise DomainError(
                _("%(field)s: no more than %(most)s signs fit in.", field=title_of(key), most=most)
            )
