"""A small department with a past, for tests of its numbers; and a plain reader who counts them row by row."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from typing import Any

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.i18n import local
from crmadmin.services import kpi_marks
from models import Client, CuratorPeriod, Interaction, Promise, User
from models.kinds import InteractionState, PromiseSide, PromiseState
from tests import factories as make

DAY = timedelta(days=1)
BEGAN = datetime(2025, 9, 1, 6, tzinfo=UTC)
DAYS = 150
NOW = BEGAN + DAYS * DAY


@dataclass
class World:
    """A small department with a past, and dice that go on with it."""

    dice: Random
    people: list[User]
    clients: list[Client]
    kinds: list[Any]
    results: list[Any]
    groups: list[Any]

    def moment(self) -> datetime:
        return BEGAN + timedelta(minutes=self.dice.randrange(DAYS * 24 * 60))

    def some(self, things: list[Any]) -> Any:
        return self.dice.choice(things)

    def record(self) -> Interaction:
        at, dice = self.moment(), self.dice
        state = dice.choice([InteractionState.held] * 8 + [InteractionState.cancelled])
        return make.an_interaction(
            client=self.some(self.clients),
            kind=self.some(self.kinds),
            person=self.some(self.people),
            state=state,
            cancel_reason="заболел" if state is InteractionState.cancelled else "",
            happened_at=at,
            recorded_at=at + timedelta(hours=dice.choice([0, 0.2, 1, 5, 20, 50])),
            minutes=dice.choice([None, None, 5, 15, 30, 90]),
            result=dice.choice([None, *self.results]),
            request=dice.choice(["", "Прислать цены"]),
            reaction=dice.choice(["", "Прислали"]),
            no_next_reason=dice.choice(["", "", "всё решено"]),
        )


def a_world(session: Any, seed: int = 1) -> World:
    dice = Random(seed)
    with clock.stopped_at(BEGAN):
        people = [make.a_user(name=f"Менеджер {n}") for n in range(4)]
        groups = [make.a_client_group(rhythm_days=days) for days in (7, 30, None)]
        contact = [make.an_interaction_kind(code=code) for code in ("call", "meeting", "negotiation")]
        other = [make.an_interaction_kind(code=code, contact=False) for code in ("proposal", "mailing")]
        clients = [
            make.a_client(group=dice.choice(groups), rhythm_days=dice.choice([None, None, 10]))
            for _n in range(9)
        ]
    made = World(dice, people, clients, contact + other, [make.a_result()], groups)
    for _n in range(14):
        with clock.stopped_at(made.moment()):
            hand_over(made)
    with clock.stopped_at(NOW):
        for _n in range(120):
            made.record()
    session.flush()
    return made


def hand_over(world: World) -> None:
    """In order of time only: nobody has a client before the one who had it before him."""
    client = world.some(world.clients)
    latest = [period.started_at for period in periods_of(client)]
    if not latest or max(latest) < clock.now():
        client.curator = world.some(world.people)
        db.flush()


def periods_of(client: Client) -> list[CuratorPeriod]:
    return list(db.scalars(select(CuratorPeriod).where(CuratorPeriod.client_id == client.id)))


# A plain reader


def plainly(span: kpi_marks.Span) -> dict[str, Any]:
    return work(span) if span.part == "work" else standing(span)


def is_within(span: kpi_marks.Span, at: datetime) -> bool:
    return span.starts_at <= at < span.ends_at


def held_of(span: kpi_marks.Span) -> list[Interaction]:
    return [
        row
        for row in db.scalars(select(Interaction))
        if row.state == "held"
        and row.person_id == span.person_id
        and span.starts_at <= row.happened_at < span.ends_at
    ]


def work(span: kpi_marks.Span) -> dict[str, Any]:
    held = held_of(span)
    contacts = [row for row in held if row.kind.contact]
    kinds = Counter(row.kind.code for row in contacts)
    lags = [(row.recorded_at - row.happened_at).total_seconds() / 3600 for row in contacts]
    return {
        "contacts": len(contacts),
        "calls": kinds["call"], "meetings": kinds["meeting"],
        "negotiations": kinds["negotiation"], "letters": kinds["letter"],
        "proposals": sum(row.kind.code == "proposal" for row in held),
        "same_day": sum(local(row.happened_at).date() == local(row.recorded_at).date() for row in contacts),
        "lag": median(lags) if lags else None,
        "new_clients": sum(first_contact_by(client, span) for client in db.scalars(select(Client))),
        **quality(contacts), **spent(contacts), **promises(span),
    }  # fmt: skip


def quality(contacts: list[Interaction]) -> dict[str, int]:
    followed = {row.follows_id for row in db.scalars(select(Interaction))}
    words = [bool(row.request and row.reaction) for row in contacts]
    done = [row.result_id is not None for row in contacts]
    nexts = [bool(row.no_next_reason) or row.id in followed for row in contacts]
    whole = sum(map(all, zip(done, nexts, words, strict=True)))
    return {"with_result": sum(done), "with_next": sum(nexts), "with_words": sum(words), "complete": whole}


def minutes_of(row: Interaction) -> int:
    return row.kind.usual_minutes if row.minutes is None else row.minutes


def spent(contacts: list[Interaction]) -> dict[str, Any]:
    many = Counter(row.client_id for row in contacts)
    each = Counter(dict.fromkeys(many, 0))
    for row in contacts:
        each[row.client_id] += minutes_of(row)
    top = min(each, key=lambda id: (-each[id], -many[id], id), default=None)
    unsaid = [minutes_of(row) for row in contacts if row.minutes is None]
    return {
        "minutes": sum(each.values()), "estimated_minutes": sum(unsaid), "estimated_contacts": len(unsaid),
        "clients_touched": len(each),
        "top_client": top, "top_minutes": each[top] if top else 0, "top_contacts": many[top] if top else 0,
        "squares": sum(value**2 for value in each.values()),
    }  # fmt: skip


def promises(span: kpi_marks.Span) -> dict[str, int]:
    due = [
        promise
        for promise in db.scalars(select(Promise).where(Promise.person_id == span.person_id))
        if promise.side == "ours" and span.starts_at <= promise.due_at < span.ends_at
        and (promise.state in ("kept", "kept_late", "broken")
             or (promise.state == "moved" and promise.settled_at > promise.due_at)
             or (promise.state == "open" and promise.due_at < clock.now()))
    ]  # fmt: skip
    return {"promises_due": len(due), "promises_kept_on_time": sum(each.state == "kept" for each in due)}


def contacts_with(client: Client) -> list[Interaction]:
    rows = db.scalars(select(Interaction).where(Interaction.client_id == client.id))
    return sorted(
        (row for row in rows if row.state == "held" and row.kind.contact),
        key=lambda row: (row.happened_at, row.id),
    )


def first_contact_by(client: Client, span: kpi_marks.Span) -> bool:
    first = next(iter(contacts_with(client)), None)
    return (
        first is not None
        and first.person_id == span.person_id
        and span.starts_at <= first.happened_at < span.ends_at
    )


def standing(span: kpi_marks.Span) -> dict[str, int]:
    at, found = span.ends_at, {"with_rhythm": 0, "within": 0, "silent": 0, "alarming": 0}
    for client in db.scalars(select(Client)):
        rhythm = client.rhythm_days or client.group.rhythm_days
        had = any(
            period.curator_id == span.person_id and period.started_at < at
            and (period.ended_at is None or period.ended_at >= at)
            for period in periods_of(client)
        )  # fmt: skip
        here = client.created_at < at and (client.archived_at is None or client.archived_at >= at)
        if rhythm is None or not had or not here:
            continue
        before = [row.happened_at for row in contacts_with(client) if row.happened_at < at]
        silence = (at - max(before, default=client.created_at)) / DAY / rhythm
        found["with_rhythm"] += 1
        found["within"] += bool(before) and silence <= 1
        found["silent"] += silence > 1
        found["alarming"] += silence > 1.5
    return found


def spans_of(world: World, number: int = 12) -> list[kpi_marks.Span]:
    found: list[kpi_marks.Span] = []
    for _n in range(number):
        start, end = sorted((world.moment(), world.moment()))
        person = world.some(world.people)
        found += [kpi_marks.work(person.id, start, end), kpi_marks.clients(person.id, end)]
    return found


def promise(world: World) -> None:
    at = world.moment()
    state = world.some(list(PromiseState))
    make.a_promise(
        client=world.some(world.clients), person=world.some(world.people), due_at=at, state=state,
        side=world.some(list(PromiseSide)), settled_at=None if state == "open" else at,
    )  # fmt: skip
