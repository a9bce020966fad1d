"""What each filter means, said once more in plain Python about rows in hand."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from crmadmin.core import clock, i18n
from models import (
    Channel,
    Client,
    ClientGroup,
    ContactPerson,
    Industry,
    Interaction,
    InteractionKind,
    Region,
    Result,
    Tag,
    User,
)

Means = Callable[[Any, str], bool]


def day_of(at: datetime) -> date:
    return i18n.local(at).date()


def in_days(at: datetime | None, word: str) -> bool:
    if word in {"none", "any"}:
        return (at is None) == (word == "none")
    if at is None:
        return False
    away = (day_of(at) - i18n.today()).days
    weeks = (day_of(at) - (i18n.today() - timedelta(days=i18n.today().weekday()))).days // 7
    months = (day_of(at).year - i18n.today().year) * 12 + day_of(at).month - i18n.today().month
    named = {"yesterday": away == -1, "today": away == 0, "tomorrow": away == 1, "last_week": weeks == -1,
             "this_week": weeks == 0, "next_week": weeks == 1, "last_month": months == -1,
             "this_month": months == 0, "next_month": months == 1}  # fmt: skip
    if word in named:
        return named[word]
    which, _, number = word.rpartition("_")
    return {
        "last": -int(number) < away <= 0,
        "next": 0 <= away < int(number),
        "older_than": away <= -int(number),
    }[which]


def points(to: Callable[[Any], int | None]) -> Means:
    def means(row: Any, text: str) -> bool:
        id = to(row)
        return (id is None) == (text == "none") if text in {"none", "any"} else id == int(text)

    return means


def days(of: Callable[[Any], datetime | None]) -> Means:
    return lambda row, text: in_days(of(row), text)


def yes(is_so: Callable[[Any], bool]) -> Means:
    return lambda row, text: is_so(row) == (text == "1")


def _silent_days(client: Client) -> float:
    return (clock.now() - (client.last_contact_at or client.created_at)) / timedelta(days=1)


def _silence(client: Client, text: str) -> bool:
    rhythm = client.rhythm_days or client.group.rhythm_days
    if client.archived or not rhythm:
        return False
    return _silent_days(client) / rhythm > {"silent": 1, "alarming": 1.5}[text]


def _within_region(client: Client, text: str) -> bool:
    if text in {"none", "any"}:
        return (client.region is None) == (text == "none")
    region = client.region
    while region is not None and region.id != int(text):
        region = region.parent
    return region is not None


def _next_contact(client: Client, text: str) -> bool:
    at = client.next_contact_at
    if text == "overdue":
        return at is not None and at < clock.now()
    return in_days(at, "next_7" if text == "week" else text)


def fold(text: str) -> str:
    return text.casefold().replace("ё", "е")


def in_hands(away: dict[int, set[int]], client: Client) -> bool:
    """Whether the client's curator is away, and the viewer acts for him with its group: who, which groups."""
    return client.group_id in away.get(client.curator_id or 0, ())


def _birthdays(born: date | None) -> list[datetime | None]:
    """Noon of the birthdays of these years."""
    if born is None:
        return [None]
    years = [i18n.today().year + more for more in (-1, 0, 1)]
    days = [date(year, 3, 1) - timedelta(days=1) if (born.month, born.day) == (2, 29)
            else date(year, born.month, born.day) for year in years]  # fmt: skip
    return [i18n.start_of(day) + timedelta(hours=12) for day in days]


CLIENTS: dict[str, Means] = {
    "substituting": yes(lambda row: row.in_hands),
    "group": points(lambda row: row.group_id),
    "curator": points(lambda row: row.curator_id),
    "region": _within_region,
    "industry": points(lambda row: row.industry_id),
    "silence": _silence,
    "next_contact": _next_contact,
    "silent_days": lambda row, text: _silent_days(row) > int(text),
    "last_contact": days(lambda row: row.last_contact_at),
    "last_contact_by": points(lambda row: row.last_contact_by_id),
    "last_contact_kind": points(lambda row: row.last_contact_kind_id),
    "channel": points(lambda row: row.channel_id),
    "kind": lambda row, text: row.kind == text,
    "created": days(lambda row: row.created_at),
    "created_from": lambda row, text: day_of(row.created_at) >= date.fromisoformat(text),
    "created_to": lambda row, text: day_of(row.created_at) <= date.fromisoformat(text),
    "with_inn": yes(lambda row: bool(row.inn)),
    "archived": lambda row, text: text == "all" or row.archived == (text == "1"),
    "curated": yes(lambda row: row.curator_id is not None),
    "tag": lambda row, text: (
        bool(row.tags) == (text == "any")
        if text in {"none", "any"}
        else int(text) in {t.id for t in row.tags}
    ),
}
INTERACTIONS: dict[str, Means] = {
    "substituting": yes(lambda row: row.in_hands),
    "kind": points(lambda row: row.kind_id),
    "state": lambda row, text: text in {"all", row.state},
    "person": points(lambda row: row.person_id),
    "when": days(lambda row: row.happened_at),
    "from": lambda row, text: day_of(row.happened_at) >= date.fromisoformat(text),
    "to": lambda row, text: day_of(row.happened_at) <= date.fromisoformat(text),
    "recorded": days(lambda row: row.recorded_at),
    "recorded_by": points(lambda row: row.recorded_by_id),
    "client": points(lambda row: row.client_id),
    "result": points(lambda row: row.result_id),
    "contact": yes(lambda row: row.kind.contact),
    "direction": lambda row, text: row.direction == text,
    "with_minutes": yes(lambda row: row.minutes is not None),
}
PERSONS: dict[str, Means] = {
    "client": points(lambda row: row.client_id),
    "curator": points(lambda row: row.client.curator_id),
    "group": points(lambda row: row.client.group_id),
    "with_telephone": yes(lambda row: bool(row.telephones)),
    "with_email": yes(lambda row: bool(row.emails)),
    "with_birthday": yes(lambda row: row.birthday is not None),
    "birthday": lambda row, text: any(in_days(at, text) for at in _birthdays(row.birthday)),
    "created": days(lambda row: row.created_at),
}
CURATORS: dict[str, Means] = {
    "role": lambda row, text: row.role == text,
    "active": yes(lambda row: row.active),
    "with_clients": yes(lambda row: any(not client.archived for client in row.its_clients)),
    "group": lambda row, text: any(
        client.group_id == int(text) and not client.archived for client in row.its_clients
    ),
    "silent": lambda row, text: (
        any(_silence(client, "silent") for client in row.its_clients) == (text == "any")
    ),
    "last_activity": days(lambda row: row.its_last),
}
PEOPLE: dict[str, Means] = {name: CURATORS[name] for name in ("role", "active")}
REFERENCE: dict[str, Means] = {"active": yes(lambda row: row.active)}
LISTS: dict[str, tuple[type, dict[str, Means]]] = {
    "clients": (Client, CLIENTS),
    "interactions": (Interaction, INTERACTIONS),
    "contact-persons": (ContactPerson, PERSONS),
    "curators": (User, CURATORS),
    "people": (User, PEOPLE),
    "groups": (ClientGroup, REFERENCE),
    "reference/industries": (Industry, REFERENCE),
    "reference/regions": (Region, REFERENCE),
    "reference/kinds": (InteractionKind, REFERENCE),
    "reference/results": (Result, REFERENCE),
    "reference/channels": (Channel, REFERENCE),
    "reference/tags": (Tag, REFERENCE),
}
SEARCHED: dict[type, Callable[[Any], str]] = {
    Interaction: lambda row: row.client.name,
    ContactPerson: lambda row: f"{row.name} {row.client.name}",
}
"""What a search of a list looks through, of what these rows have; else the name."""


def found_by(row: Any, words: str) -> bool:
    text = fold(SEARCHED.get(type(row), lambda each: each.name)(row))
    return all(word in text for word in fold(words).split())
