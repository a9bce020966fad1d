"""Which client a row is about: by INN, else by name and telephone, looked up for many rows at once."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value

from crmadmin.core.db import Database
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.rules.names import company_key, folded
from crmadmin.services import journal
from crmadmin.services.import_drafts import Draft, PersonDraft
from models import Client, ContactPerson, EmailAddress, Telephone
from models.kinds import ClientKind

_ANEW = {"populate_existing": True}


class Matches:
    """The clients that some rows may be about, and those made of these rows already."""

    def __init__(self, session: Database, drafts: list[Draft]) -> None:
        self._by_inn: dict[str, list[Client]] = {}
        self._by_name: dict[str, list[Client]] = {}
        self._by_telephone: dict[str, list[Client]] = {}
        self._by_email: dict[str, list[Client]] = {}
        self._persons: dict[tuple[int, str], list[ContactPerson]] = {}
        telephones = [row for asked in _telephones(drafts) for row in session.execute(asked)]
        emails = [row for asked in _emails(drafts) for row in session.execute(asked)]
        ids = {client_id for client_id, *_rest in (*telephones, *emails)}
        ids.update(client_id for asked in _ids(drafts) for client_id in session.scalars(asked))
        journal.hold(session(), ids)  # what is read from here on stays so until the import writes over it
        clients = {client.id: client for client in session.scalars(_clients(ids))}
        _fill(session, clients)
        for client in sorted(clients.values(), key=lambda each: each.id):
            self._keep(client)
        for client_id, e164, typed in telephones:
            _add(self._by_telephone, _dialled(e164, typed), clients[client_id])
        for client_id, normal in emails:
            _add(self._by_email, normal.casefold(), clients[client_id])
        for person in session.scalars(_persons(drafts, clients)):
            self._persons.setdefault((id(clients[person.client_id]), person.name_fold), []).append(person)

    def find(self, draft: Draft) -> Client | None:
        """The one client the row is about, None for a new one; DomainError when it may be several."""
        if draft.texts.get("inn"):
            found, sure = self._of_inn(draft)
            if sure:
                return found
        for keys, known in (
            ([_dialled(each.e164, each.typed) for each in draft.all_telephones], self._by_telephone),
            ([address.casefold() for address in draft.all_emails], self._by_email),
        ):
            alike = {id(one): one for key in keys if key for one in known.get(key, ())}.values()
            named = [one for one in alike if _called(one, draft) and _may_be(one, draft)]
            if named:
                return min(named, key=lambda one: one.id or 0)
        return self._of_name(draft)

    def person(self, client: Client, draft: PersonDraft) -> ContactPerson | None:
        """Somebody of that name at the client: with one of these numbers, else whom none speaks against."""
        named = self._persons.get((id(client), folded(draft.name)[:200]), [])
        numbered = [each for each in named if any(has for _said, has in _in_common(each, draft))]
        alike = [each for each in named if not all(said and not has for said, has in _in_common(each, draft))]
        return next(iter([*numbered, *alike]), None)

    def learn(self, client: Client, draft: Draft) -> None:
        """A row has been made into this client, or has told more of it: later rows shall find it."""
        self._keep(client)
        for each in draft.all_telephones:
            _add(self._by_telephone, _dialled(each.e164, each.typed), client)
        for address in draft.all_emails:
            _add(self._by_email, address.casefold(), client)

    def learn_person(self, person: ContactPerson) -> None:
        named = self._persons.setdefault((id(person.client), folded(person.name)[:200]), [])
        if person not in named:
            named.append(person)

    def _keep(self, client: Client) -> None:
        _add(self._by_name, folded(client.name)[:200], client)
        if client.inn:
            _add(self._by_inn, client.inn, client)

    def _of_inn(self, draft: Draft) -> tuple[Client | None, bool]:
        """The client of the row's INN, and whether that settles it; branches differ in KPP only."""
        having, kpp = self._by_inn.get(draft.texts["inn"], []), draft.texts.get("kpp", "")
        if not kpp and len(having) > 1:
            return self._of_branches(having, draft), True
        same = [one for one in having if one.kpp == kpp]
        if same:
            return same[0], True
        if kpp:
            blank = [one for one in having if not one.kpp]
            return (blank[0] if blank else None), bool(having)
        return (having[0] if having else None), bool(having)

    def _of_branches(self, having: list[Client], draft: Draft) -> Client:
        """Without a KPP only a name of its own tells a branch from the others."""
        named = [one for one in having if _called(one, draft)]
        if len(named) != 1:
            raise DomainError(_("There are several clients with this INN: give the KPP too."))
        return named[0]

    def _of_name(self, draft: Draft) -> Client | None:
        """For a row that has no number of its own: the only client of exactly that name."""
        if not _goes_by_name(draft):
            return None
        alike = [one for one in self._by_name.get(folded(draft.name), []) if _may_be(one, draft)]
        bare = [one for one in alike if not (one.telephones or one.emails or one.inn)]
        if draft.kind is ClientKind.person:
            alike = bare  # one Ivan without a number is no other Ivan who has one
        if len(alike) > 1 and len(bare) != 1:
            raise DomainError(_("There are several clients of this name: give an INN or a telephone."))
        return next(iter(bare if len(alike) > 1 else alike), None)


def _dialled(e164: str | None, typed: str) -> str:
    """By what a telephone is looked up: without its extension, and by its digits where it is nonsense."""
    return e164 or "".join(sign for sign in typed if sign.isdigit())


def _goes_by_name(draft: Draft) -> bool:
    """Whether the client has no number in this row; numbers of somebody at it are not its own."""
    return not (draft.telephones or draft.emails or draft.texts.get("inn"))


def _in_common(person: ContactPerson, draft: PersonDraft) -> list[tuple[bool, bool]]:
    """Of telephones, and of e-mails: whether both have some, and whether they have one in common."""
    numbers = {_dialled(each.e164, each.typed) for each in person.telephones}
    addresses = {each.normal.casefold() for each in person.emails}
    dialled = {_dialled(each.e164, each.typed) for each in draft.telephones}
    written = {address.casefold() for address in draft.emails}
    pairs = ((numbers, dialled), (addresses, written))
    return [(bool(known and said), bool(known & said)) for known, said in pairs]


def has_only_a_name(draft: Draft) -> bool:
    """Whether nothing but its name tells whom the row is about: no number of its own, and no person there."""
    return _goes_by_name(draft) and draft.person is None


def _called(client: Client, draft: Draft) -> bool:
    return company_key(client.name) == company_key(draft.name)


def _may_be(client: Client, draft: Draft) -> bool:
    """Nothing that the row says speaks against this client."""
    city = draft.texts.get("city")
    other_inn = any(
        bool(said and known and said != known)
        for said, known in ((draft.texts.get(key), getattr(client, key)) for key in ("inn", "ogrn"))
    )
    other_city = bool(city and client.city and folded(city) != folded(client.city))
    other_kind = draft.kind is not None and draft.kind is not client.kind
    return not (other_inn or other_city or other_kind)


def _add(known: dict[str, list[Client]], key: str, client: Client) -> None:
    clients = known.setdefault(key, []) if key else []
    if client not in clients:
        clients.append(client)


def _telephones(drafts: list[Draft]) -> Iterator[Select[int, str, str]]:
    """One question an index: with OR between them PostgreSQL reads the whole table."""
    asked = select(Telephone.client_id, Telephone.e164, Telephone.typed)
    numbers = [each for draft in drafts for each in draft.all_telephones]
    if dialled := {each.e164 for each in numbers if each.e164}:
        yield asked.where(Telephone.e164.in_(dialled))
    if typed := {each.last4 for each in numbers if not each.e164 and each.last4}:
        yield asked.where(Telephone.last4.in_(typed), Telephone.e164 == "")


def _emails(drafts: list[Draft]) -> Iterator[Select[int, str]]:
    if normal := {address for draft in drafts for address in draft.all_emails}:
        yield select(EmailAddress.client_id, EmailAddress.normal).where(EmailAddress.normal.in_(normal))


def _ids(drafts: list[Draft]) -> Iterator[Select[int]]:
    if inns := {draft.texts["inn"] for draft in drafts if draft.texts.get("inn")}:
        yield select(Client.id).where(Client.inn.in_(inns))
    if names := {folded(draft.name)[:200] for draft in drafts if _goes_by_name(draft)}:
        yield select(Client.id).where(Client.name_fold.in_(names))


def _clients(ids: set[int]) -> Select[Client]:
    asked = select(Client).where(Client.id.in_(ids)).options(selectinload(Client.tags))
    return asked.execution_options(**_ANEW)


def _fill(session: Database, clients: dict[int, Client]) -> None:
    """Give the clients the telephones and e-mails of their own, by the one index that is quick.

    ``selectinload`` asks for rows of no contact person, which PostgreSQL then takes for the rarer thing.
    """
    for table, name in ((Telephone, "telephones"), (EmailAddress, "emails")):
        own: dict[int, list[Any]] = {client_id: [] for client_id in clients}
        asked = select(table).where(table.client_id.in_(clients)).order_by(table.position, table.id)
        for row in session.scalars(asked.execution_options(**_ANEW)):
            if row.contact_person_id is None:
                own[row.client_id].append(row)
        for client_id, rows in own.items():
            set_committed_value(clients[client_id], name, rows)


def _persons(drafts: list[Draft], clients: dict[int, Client]) -> Select[ContactPerson]:
    names = {folded(draft.person.name)[:200] for draft in drafts if draft.person}
    return (
        select(ContactPerson)
        .where(ContactPerson.client_id.in_(clients), ContactPerson.name_fold.in_(names))
        .options(selectinload(ContactPerson.telephones), selectinload(ContactPerson.emails))
        .order_by(ContactPerson.id)
        .execution_options(**_ANEW)
    )
