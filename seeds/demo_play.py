"""Plays the acts through the services, with the clock stopped at each, so that the journal tells a true past.

Records of contacts are many: they wait and are flushed together, each signed in the journal with its own
moment and author. Only what begins or ends a curator period is flushed at once.
"""

from collections import Counter
from datetime import datetime
from itertools import groupby
from random import Random
from typing import Any

from sqlalchemy import inspect, select

from crmadmin.core import clock
from crmadmin.core.db import Database, act_as
from crmadmin.services import (
    assignment,
    clients,
    contact_persons,
    contacts,
    handover,
    interactions,
    journal,
)
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
from models.kinds import Direction, InteractionState
from seeds.demo_acts import Act, Draft, Entry
from seeds.demo_clients import Card, PersonCard

_MOST_WAITING = 400
_MANY = 3
_WITHOUT_MINUTES = 0.04
_LATER_CARDS = 2  # of three cards, two get what is to be remembered when the client is first spoken to


class Player:
    def __init__(self, session: Database, people: dict[str, User]) -> None:
        self.session, self.people, self.rng = session, people, Random(7)  # noqa: S311
        self.lists: dict[type[Any], dict[str, Any]] = {
            table: {row.code: row for row in session.scalars(select(table))}
            for table in (Channel, ClientGroup, Industry, InteractionKind, Region, Tag, Result)
        }
        self.rows: dict[int, Client] = {}
        self.persons: dict[int, list[ContactPerson]] = {}
        self.waiting = 0
        self.changed: set[int] = set()  # clients of which a changed row waits for the flush
        self.to_remember: dict[int, str] = {}
        self.following: list[tuple[Interaction, Interaction, datetime, User]] = []  # plans after records

    def play(self, acts: list[Act]) -> None:
        """All of it; what is done at one moment by one person in one way is one act."""
        for (moment, what, by), same in groupby(acts, lambda act: (act.at, act.what, act.by)):
            with clock.stopped_at(moment):
                act_as(self.people[by])
                getattr(self, f"_{what}")(list(same), self.people[by])
        self._flush()

    def _flush(self) -> None:
        """A plan names the record it was made with, which has no number before it is flushed."""
        self.session.flush()
        if self.following:
            for plan, record, at, by in self.following:
                plan.follows_id = record.id
                self.session.add(plan)
                journal.sign(self.session, plan, at, by)
            self.following.clear()
            self.session.flush()
        self.waiting = 0
        self.changed.clear()

    def _begun(self, acts: list[Act], by: User) -> None:
        for act in acts:
            card = act.life.card
            client = self._client(card, act.life.groups[0][1], self.people[act.life.curators[0][1]])
            later = card.remember and card.number % 3 < _LATER_CARDS
            if later:
                self.to_remember[card.number], client.remember = card.remember, ""
            clients.check(client, by=by, is_new=True)
            contacts.set_telephones(client, card.telephones)
            contacts.set_emails(client, card.emails)
            self.session.add(client)
            self.rows[card.number] = client
        self._flush()
        for act in acts:
            self._begin_persons(act.life.card, by)

    def _client(self, card: Card, group: str, curator: User) -> Client:
        return Client(
            kind=card.kind,
            name=card.name,
            legal_name=card.legal_name,
            inn=card.inn,
            kpp=card.kpp,
            ogrn=card.ogrn,
            industry=self.lists[Industry].get(card.industry),
            region=self.lists[Region][card.region],
            city=card.city,
            address=card.address,
            site=card.site,
            remember=card.remember,
            group=self.lists[ClientGroup][group],
            curator=curator,
            channel=self.lists[Channel][card.channel],
            recommended_by=self._recommender(card),
            tags=self._tags(card),
        )

    def _tags(self, card: Card) -> list[Tag]:
        """Of every third client, by its number: the dice are left alone, so that the rest stays as it was."""
        tags = list(self.lists[Tag].values())
        if card.number % 3 or not tags:
            return []
        first = card.number // 3 % len(tags)
        return [tags[first], *([tags[(first + 2) % len(tags)]] if card.number % 9 == 0 else [])]

    def _recommender(self, card: Card) -> Client | None:
        """One of the clients there are already; often one who was recommended himself."""
        if card.channel != "recommendation" or not self.rows:
            return None
        return self.rng.choice(list(self.rows.values()))

    def _begin_persons(self, card: Card, by: User) -> None:
        client = self.rows[card.number]
        self.persons[card.number] = [self._person(each, client, by) for each in card.persons]

    def _person(self, card: PersonCard, client: Client, by: User) -> ContactPerson:
        person = ContactPerson(
            client=client,
            client_id=client.id,
            name=card.name,
            job_title=card.title,
            birthday=card.birthday,
            remember=card.remember,
        )
        contact_persons.check(person, by=by, is_new=True)
        contacts.set_telephones(person, card.telephones)
        contacts.set_emails(person, card.emails)
        self.session.add(person)
        for row in (person, *person.telephones, *person.emails):
            journal.sign(self.session, row, clock.now(), by)
        return person

    def _recorded(self, entries: list[Entry], by: User) -> None:
        for entry in entries:
            row = self._row(entry.draft, InteractionState.held)
            self._fill(row, entry.draft)
            self._keep_new(row, entry, by)
            self._remember(entry, by)

    def _planned(self, entries: list[Entry], by: User) -> None:
        for entry in entries:
            row = self._row(entry.draft, InteractionState.planned)
            row.direction, row.note = Direction.outgoing, entry.word
            self._keep_new(row, entry, by)

    def _row(self, draft: Draft, state: InteractionState) -> Interaction:
        known = self.persons[draft.life.card.number]
        return Interaction(
            client=self.rows[draft.life.card.number],
            kind=self.lists[InteractionKind][draft.said.kind],
            state=state,
            person=self.people[draft.person],
            happened_at=draft.happened_at,
            participants=[self.people[draft.also]] if draft.also else [],
            contact_persons=[known[place] for place in draft.theirs],
        )

    def _fill(self, row: Interaction, draft: Draft) -> None:
        said = draft.said
        row.direction = Direction(said.direction)
        row.minutes = said.minutes if self.rng.random() > _WITHOUT_MINUTES else None
        row.request, row.reaction, row.note = said.request, said.reaction, said.note
        row.result = self.lists[Result].get(said.result)
        row.no_next_reason = draft.no_next

    def _keep_new(self, row: Interaction, entry: Entry, by: User) -> None:
        """Wait with it, unless a change of the client's older rows waits: that must be told first."""
        if entry.life.card.number in self.changed or self.waiting >= _MOST_WAITING:
            self._flush()
        interactions.check(row, by=by, is_new=True)
        self._add(row, entry, by)
        self.waiting += 1
        entry.draft.row = row

    def _add(self, row: Interaction, entry: Entry, by: User) -> None:
        record = entry.after.row if entry.after else None
        if record is not None and _waits(record):
            self.following.append((row, record, clock.now(), by))
            self.changed.add(entry.life.card.number)  # nothing of this client is told before it
            return
        row.follows_id = record.id if record else None
        self.session.add(row)
        journal.sign(self.session, row, clock.now(), by)

    def _held(self, entries: list[Entry], by: User) -> None:
        for entry in entries:
            row = self._to_change(entry)
            row.state, row.happened_at = InteractionState.held, entry.draft.happened_at
            row.person = self.people[entry.draft.person]  # though the plan had gone to another curator
            self._fill(row, entry.draft)
            interactions.check(row, by=by)
            journal.sign(self.session, row, clock.now(), by)

    def _cancelled(self, entries: list[Entry], by: User) -> None:
        for entry in entries:
            row = self._to_change(entry)
            interactions.cancel(row, reason=entry.word, by=by)
            journal.sign(self.session, row, clock.now(), by)

    def _corrected(self, entries: list[Entry], by: User) -> None:
        for entry in entries:
            row = self._to_change(entry)
            row.note = f"{row.note} {entry.word}".strip()
            interactions.check(row, by=by)
            journal.sign(self.session, row, clock.now(), by)

    def _to_change(self, entry: Entry) -> Interaction:
        row = entry.draft.row
        if row is None:
            raise LookupError(f"{entry.what} at {entry.at}, of what was never recorded")
        if _waits(row):
            self._flush()
        self._changes(entry)
        return row

    def _changes(self, act: Act) -> Client:
        """The client, with nothing of its own waiting that the journal would tell in the wrong order."""
        number = act.life.card.number
        if number in self.changed:
            self._flush()
        self.changed.add(number)
        return self.rows[number]

    def _remember(self, entry: Entry, by: User) -> None:
        """What a curator has learnt in the conversation goes to the card."""
        number = entry.life.card.number
        if number in self.to_remember and self.rows[number].curator is by:
            client = self._changes(entry)
            client.remember = self.to_remember.pop(number)
            clients.check(client, by=by)
            journal.sign(self.session, client, clock.now(), by)

    def _moved(self, acts: list[Act], by: User) -> None:
        for act in acts:
            client = self._changes(act)
            group, _, client.group_reason = act.word.partition("|")
            client.group = self.lists[ClientGroup][group]
            clients.check(client, by=by)
            journal.sign(self.session, client, clock.now(), by)

    def _archived(self, acts: list[Act], by: User) -> None:
        for act in acts:
            client = self._changes(act)
            clients.archive(client, by=by)
            journal.sign(self.session, client, clock.now(), by)

    def _handed(self, acts: list[Act], by: User) -> None:
        """A curator period begins and ends when it is flushed: before the clock goes on.

        Many at once, as when somebody leaves, are handed over as the head does it: as one act.
        """
        self._flush()
        several = Counter(act.word for act in acts)
        for word, number in several.items():
            if number >= _MANY:
                self._handed_at_once([act for act in acts if act.word == word], by)
        for act in acts:
            if several[act.word] >= _MANY:
                continue
            curator, _, reason = act.word.partition("|")
            assignment.assign(self.rows[act.life.card.number], self.people[curator], reason=reason, by=by)
        self._flush()

    def _handed_at_once(self, acts: list[Act], by: User) -> None:
        curator, _, reason = acts[0].word.partition("|")
        heirs: dict[int | None, int | None] = {handover.REST: self.people[curator].id}
        clients = [self.rows[act.life.card.number] for act in acts]
        key = f"demo-{acts[0].at:%Y-%m-%d}-{curator}"
        found = [Client.id.in_([client.id for client in clients])]
        handover.begin(key, found, heirs, reason=reason, by=by)
        for client in clients:
            self.session.refresh(client)


def _waits(row: Interaction) -> bool:
    """Whether it is not in the database yet."""
    return not inspect(row).has_identity
