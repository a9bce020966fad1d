"""What a row makes of a client: a new one, some fields more or other, or nothing.

A text that a row leaves blank erases nothing; telephones, e-mails, tags and people are added, never taken
away.
"""

from typing import Any

from crmadmin.core.db import Database
from crmadmin.core.i18n import _
from crmadmin.services import clients, contact_persons, contacts
from crmadmin.services.import_drafts import Draft, PersonDraft, plain
from crmadmin.services.import_matches import Matches
from models import Client, ContactPerson, User
from models.kinds import ClientKind

PERSONS = "contact_persons"  # how a change of the people at a client is called among the fields


class Changes:
    """Makes rows into clients; one for the rows that are looked up together."""

    def __init__(self, session: Database, matches: Matches, *, by: User) -> None:
        self._session, self._matches, self._by = session, matches, by
        self._first_group = clients.first_group()

    def create(self, draft: Draft, found: dict[str, Any]) -> Client:
        """A new client of a row, in the session; DomainError says why there cannot be one."""
        start = {"kind": draft.kind or ClientKind.company, "group": self._first_group, **found}
        client = Client(**draft.texts, **start, rhythm_days=draft.rhythm_days, archived_at=draft.archived_at)
        client.curator_reason = _("import")
        clients.check(client, by=self._by, is_new=True, is_only_one=True)
        contacts.add(client, draft.telephones, draft.emails)
        self._session.add(client)
        if draft.person:
            self._tell(client, draft.person)
        self._matches.learn(client, draft)
        return client

    def update(self, client: Client, draft: Draft, found: dict[str, Any], *, only_blanks: bool) -> list[str]:
        """Bring a client to what a row says; returns the keys of the fields that changed.

        ``only_blanks``: an earlier row of the file was about this client too, and goes first; otherwise each
        run would undo what the one before did. DomainError leaves the client as it was.
        """
        single = {key: value for key, value in found.items() if key != "tags"}
        differing = _differing(client, draft, single, only_blanks=only_blanks)
        tags = [tag for tag in found.get("tags", ()) if tag not in client.tags]
        numbers = contacts.unknown_telephones(client, draft.telephones)
        addresses = contacts.unknown_emails(client, draft.emails)
        person = draft.person if draft.person and self._is_news(client, draft.person) else None
        if not (differing or numbers or addresses or person or tags):
            return []
        self._set(client, differing)
        client.tags.extend(tags)
        contacts.add(client, numbers, addresses)
        if person:
            self._tell(client, person)
        self._matches.learn(client, draft)
        more = {"telephones": numbers, "emails": addresses, "tags": tags, PERSONS: person}
        return [*differing, *(key for key, news in more.items() if news)]

    def _set(self, client: Client, differing: dict[str, Any]) -> None:
        before = {key: getattr(client, key) for key in differing}
        try:
            for key, value in differing.items():
                setattr(client, key, value)
            client.curator_reason = client.group_reason = _("import")
            clients.check(client, by=self._by, is_new=client in self._session.new)
        except Exception:
            for key, value in before.items():
                setattr(client, key, value)
            raise

    def _is_news(self, client: Client, draft: PersonDraft) -> bool:
        person = self._matches.person(client, draft)
        return (
            person is None
            or bool(draft.job_title and not person.job_title)
            or bool(contacts.unknown_telephones(person, draft.telephones))
            or bool(contacts.unknown_emails(person, draft.emails))
        )

    def _tell(self, client: Client, draft: PersonDraft) -> None:
        known = self._matches.person(client, draft)
        person = known or ContactPerson(name=draft.name, client=client)
        person.job_title = person.job_title or draft.job_title
        contact_persons.check(person, by=self._by, is_new=known is None)
        contacts.add(
            person,
            contacts.unknown_telephones(person, draft.telephones),
            contacts.unknown_emails(person, draft.emails),
        )
        self._session.add(person)
        self._matches.learn_person(person)


def _differing(client: Client, draft: Draft, found: dict[str, Any], *, only_blanks: bool) -> dict[str, Any]:
    values: dict[str, Any] = {**draft.texts, **found}
    if draft.kind is not None:
        values["kind"] = draft.kind
    if draft.rhythm_days is not None:
        values["rhythm_days"] = draft.rhythm_days
    if draft.archived_at is not None and client.archived_at is None:
        values["archived_at"] = draft.archived_at
    old = {key: getattr(client, key) for key in values}
    return {
        key: value
        for key, value in values.items()
        if not _same(old[key], value) and not (only_blanks and old[key])
    }


def _same(old: Any, new: Any) -> bool:
    return _lines(old or "") == _lines(new) if isinstance(new, str) else old == new


def _lines(text: str) -> list[list[str]]:
    """The words of each line: an import tidies blanks, and a tidy text is no other one."""
    return [line.split() for line in plain(text).splitlines()]
