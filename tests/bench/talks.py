"""Interactions by the million, their entries in the journal, and what they leave in a client's columns."""

from random import Random
from typing import TypeVar

from crmadmin.rules.names import folded
from tests.bench import words
from tests.bench.chains import Chains, Field, Moment, Subject, became, canonical
from tests.bench.clients import Clients
from tests.bench.moments import at, moment
from tests.bench.plan import DAY, DAYS
from tests.bench.tables import BY_LINES, Rows
from tests.bench.world import Colleague, Kind, World

PLANNED_LATELY = 30  # days: older records are held or cancelled
WHY = ("Клиент попросил перенести: закупщик заболел", "Перенесли: директор в командировке")
VARIETY = 4_000  # different texts of each kind

Value = TypeVar("Value")
Text = tuple[str, Field]
Last = tuple[int, tuple[str, int, int]]  # second, and the three columns of the last contact


class Talks:
    """Makes the interactions of one process."""

    def __init__(self, world: World, clients: Clients, chains: Chains, dice: Random) -> None:
        self.world, self.clients, self.chains, self.dice = world, clients, chains, dice
        self.asked, self.done, self.noted = _texts("request"), _texts("reaction"), _texts("note")
        self.folded = {text: folded(text) for text, _told in (*self.asked, *self.done, *self.noted)}
        self.minutes = [(each, became("minutes", each)) for each in (5, 5, 10, 10, 15, 20, 30, 45, 60, 90)]
        self.ways = {each: became("direction", each) for each in ("incoming", "outgoing")}
        self.states = {each: became("state", each) for each in ("held", "planned", "cancelled")}
        self.reasons = [(each, became("cancel_reason", each)) for each in WHY]
        self.last: dict[int, Last] = {}
        self.first: dict[int, tuple[int, tuple[object, int]]] = {}
        self.next: dict[int, int] = {}

    def spoken(self, client: int, second: int, number: int, rows: Rows) -> None:
        """One interaction, its links and its entry; fields are added in order of their names."""
        dice, id = self.dice.random, client + 1
        kind = self.world.kinds[int(dice() * 100)]
        curator = self.clients.curators.get(client)
        person = curator if curator and dice() < 0.85 else self._somebody()
        state, happened = self._when(second)
        when, recorded = moment(happened), moment(second)
        fields: list[Field] = []
        reason = ""
        if state == "cancelled":
            reason, told = self.reasons[int(dice() * 2)]
            fields.append(told)
        self._with_whom(client, number, fields, rows)
        way = "incoming" if dice() < 0.4 else "outgoing"
        fields += [self.ways[way], at(b"happened_at", when), kind.field]
        minutes = self._some(self.minutes, 0.7 if state == "held" else 0.0, fields)
        note = self._some(self.noted, 0.4, fields) or ""
        self._others(person.signer.id, number, fields, rows)
        fields.append(person.person)
        if state == "planned":
            fields.append(at(b"planned_for", when))
        reaction = self._some(self.done, 0.85 if state == "held" else 0.0, fields) or ""
        fields.append(person.recorded_by)
        request = self._some(self.asked, 0.95 if way == "incoming" else 0.3, fields) or ""
        result = None
        if state == "held" and dice() < 0.8:
            found = self.world.results[int(dice() * len(self.world.results))]
            result = found.id
            fields.append(found.field)
        fields.append(self.states[state])
        rows["interaction"].append((
            number, id, kind.id, state, way, person.signer.id, person.signer.id, when.kept,
            when.kept if state == "planned" else None, recorded.kept, request, reaction, result, minutes,
            note, reason, *self._found_by(request, reaction, note),
        ))  # fmt: skip
        what = Subject(_WORDS[state], "interaction", number)
        rows["journal_entry"].append(self.chains.entry(id, what, (when, recorded), person.signer, fields))
        self._keep(client, state, happened, when, person.signer.id, kind)

    def columns(self, client: int) -> tuple[object, ...]:
        """``first_contact_…``, ``last_contact_…`` and ``next_contact_at``, as the program maintains them."""
        first, last, coming = self.first.get(client), self.last.get(client), self.next.get(client)
        soon = None if coming is None else moment(coming).kept
        return (*(first[1] if first else (None, None)), *(last[1] if last else (None, None, None)), soon)

    def _found_by(self, *texts: str) -> tuple[str, ...]:
        """``search_text``, where there is one: each text folded, a line each."""
        return ("\n".join([self.folded[text] for text in texts if text]),) if BY_LINES else ()

    def _keep(self, client: int, state: str, happened: int, when: Moment, by: int | None, kind: Kind) -> None:
        if state == "planned":
            self.next[client] = min(happened, self.next.get(client, happened))
        elif state == "held" and kind.contact:
            if happened >= self.last.get(client, (-1,))[0]:
                self.last[client] = (happened, (when.kept, by or 0, kind.id))
            if client not in self.first or happened < self.first[client][0]:
                self.first[client] = (happened, (when.kept, by or 0))

    def _when(self, second: int) -> tuple[str, int]:
        """What became of it, and when it took or is to take place."""
        dice = self.dice.random
        chance = dice()
        if chance < 0.4 and second > (DAYS - PLANNED_LATELY) * DAY:
            return "planned", second // 60 * 60 + (1 + int(dice() * 45)) * DAY
        state = "cancelled" if chance > 0.98 else "held"
        lag = dice() * 3_600 if chance < 0.7 else dice() * DAY if chance < 0.95 else dice() * 5 * DAY
        return state, max(0, second - int(lag))

    def _somebody(self) -> Colleague:
        return self.dice.choice(self.world.managers)

    def _some(self, offered: list[tuple[Value, Field]], share: float, fields: list[Field]) -> Value | None:
        """One of the values, or none; told where there is one."""
        if self.dice.random() >= share:
            return None
        value, told = offered[int(self.dice.random() * len(offered))]
        fields.append(told)
        return value

    def _with_whom(self, client: int, number: int, fields: list[Field], rows: Rows) -> None:
        known = self.clients.persons[client]
        if not known or self.dice.random() > 0.7:
            return
        place = int(self.dice.random() * len(known))
        fields.append((b"contact_persons", b"[[],[" + known[place] + b"]]"))
        rows["interaction_contact_person"].append((number, self.clients.plan.persons[client] + place + 1))

    def _others(self, person: int | None, number: int, fields: list[Field], rows: Rows) -> None:
        other = self.world.managers[number % len(self.world.managers)].signer
        if number % 20 or other.id == person:
            return
        fields.append((b"participants", b"[[]," + canonical([{"id": other.id, "name": other.name}]) + b"]"))
        rows["interaction_participant"].append((number, other.id))


_WORDS = {
    "held": "interaction_recorded",
    "planned": "interaction_planned",
    "cancelled": "interaction_cancelled",
}


def _texts(kind: str) -> list[Text]:
    return [(text, became(kind, text)) for text in words.sentences(kind, VARIETY)]
