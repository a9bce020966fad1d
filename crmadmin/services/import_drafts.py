"""A row of a file, understood and checked as far as it can be without the database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from crmadmin.core import clock
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, zone
from crmadmin.formats.client_columns import BETWEEN_VALUES, title_of
from crmadmin.formats.layouts import Card, Values
from crmadmin.rules import emails, registration, telephones
from crmadmin.rules.names import folded
from crmadmin.rules.sites import is_site
from crmadmin.rules.telephones import Telephone
from models import Client, ContactPerson
from models.kinds import ClientKind

REFERENCES = ("industry", "region", "group", "curator", "channel")

LONGEST_TELEPHONE = 120  # signs
MOST_DAYS = 3_650

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
_NOT = frozenset({"no", "false", "0", "нет"})
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
    unread: Mapping[str, str] = field(default_factory=dict[str, str])  # cells that say what nobody here knows
    remarks: list[str] = field(default_factory=list[str])
    rhythm_days: int | None = None
    archived_at: datetime | None = None

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
    remarks = [*_without_nonsense(texts), *_shortened(card)]
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
        card.unread,
        remarks,
        _rhythm(said),
        _put_away(said),
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
    return [number._replace(typed=number.typed[:LONGEST_TELEPHONE]) for number in numbers]


def _shortened(card: Card) -> list[str]:
    """What the beginning of each telephone is that is longer than we keep."""
    said = [each for values in (card.client, card.person) for each in values.get("telephones", ())]
    numbers = telephones.telephones("\n".join(said))
    return [
        _("The telephone is too long, only its beginning is kept: %(typed)s", typed=number.typed[:40] + "…")
        for number in numbers
        if len(number.typed) > LONGEST_TELEPHONE
    ]


def _rhythm(said: Values) -> int | None:
    typed = said.get("rhythm_days", ("",))[0]
    if not typed:
        return None
    if not typed.isdecimal() or not 1 <= int(typed) <= MOST_DAYS:
        title = title_of("rhythm_days")
        raise DomainError(_("%(field)s: a number from 1 to %(most)s.", field=title, most=MOST_DAYS))
    return int(typed)


def _put_away(said: Values) -> datetime | None:
    """Since when, in the time of the installation; who says only that it is so means now."""
    typed = said.get("archived_at", ("",))[0]
    if not typed or folded(typed) in _NOT:
        return None
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        return clock.now()
    return min(at.replace(tzinfo=at.tzinfo or zone()).astimezone(UTC), clock.now())


def _emails(said: Values) -> list[str]:
    return emails.emails("\n".join(said.get("emails", ())))


def _check_lengths(texts: Mapping[str, str], table: type[Any]) -> None:
    for key, text in texts.items():
        most = getattr(table.__table__.c[key].type, "length", None)
        if most is not None and len(text) > most:
            raise DomainError(
                _("%(field)s: no more than %(most)s signs fit in.", field=title_of(key), most=most)
            )
