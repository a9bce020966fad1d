"""Promises typed in a record: lines that begin with "!" leave its texts and are kept as promises.

Where such a line says no due time, it is due on the day of the next contact; without one it is refused.
In the full form a line that stood in the record before is no promise of now: it stays where it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol

from crmadmin.core import clock, i18n
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, all_hold
from crmadmin.core.i18n import _
from crmadmin.queries import interactions as asked
from crmadmin.rules import promise_lines
from crmadmin.rules.date_phrases import due, end_of, names_no_day, without
from crmadmin.services import interactions, promises
from models import Client, Interaction, User
from models.kinds import InteractionState, PromiseSide

FIELDS = ("request", "reaction", "note")


class Texts(Protocol):
    """What a record says in words."""

    @property
    def request(self) -> str: ...
    @property
    def reaction(self) -> str: ...
    @property
    def note(self) -> str: ...


@dataclass(frozen=True)
class Words:
    """What stands in the full form of a record."""

    request: str
    reaction: str
    note: str


@dataclass(frozen=True)
class Typed:
    """One promise as it is understood. ``by_next``: it is due with the next contact, for it says no day."""

    side: PromiseSide
    text: str
    due_at: datetime | None
    whole_day: bool
    by_next: bool
    field: str

    def check(self) -> None:
        promises.check_text(self.text, field=self.field)
        if self.due_at is None:
            raise DomainError(
                _("Until when is “%(text)s”? Write a day, like “by Friday”, or choose the next contact.",
                  text=self.text[:60]),
                field=self.field,
            )  # fmt: skip
        promises.check_due(self.due_at, field=self.field)


@dataclass(frozen=True)
class Said:
    """The record's texts without their promises, and these."""

    texts: dict[str, str]
    promises: list[Typed] = field(default_factory=list[Typed])


def taken_out(of: Texts, next_at: datetime | None, before: Iterable[str] = ()) -> Said:
    """Read, and nothing kept: the texts of ``of`` stay as they are. What stood ``before`` is not new."""
    texts, found, stood = dict[str, str](), list[Typed](), promise_lines.standing(before)
    for name in FIELDS:
        texts[name], lines = promise_lines.taken_out(getattr(of, name), stood)
        found += [_understood(line, name, next_at) for line in lines]
    return Said(texts, found)


def anew(of: Texts, row: Interaction | None, state: InteractionState, next_at: datetime | None) -> Said:
    """What the full form would promise: ``row`` is what it corrects, and ``of`` what is typed there.

    A plan that takes place now is read as a whole, for nobody has read it yet; what is called off promises
    nothing.
    """
    if state is InteractionState.cancelled:
        return Said({})
    was = interactions.was(row, "state") if row else None
    takes_place = was is InteractionState.planned and state is InteractionState.held
    if row is None or takes_place:
        return taken_out(of, next_at)
    return taken_out(of, next_at, [interactions.was(row, name) for name in FIELDS])


def next_contact(client: Client, row: Interaction | None, planned_for: datetime | None) -> datetime | None:
    """The first of what is planned with the client from today on, and of this very plan, where it is one."""
    today = i18n.start_of(i18n.today())
    others = asked.next_planned(client.id, today, but=[row.id] if row and row.id else [])
    moments = (db.scalar(others), planned_for)
    return min((at for at in moments if at is not None and at >= today), default=None)


def save(row: Interaction, *, is_new: bool, by: User) -> None:
    """Keep what the full form says, and what is newly promised in it; all that is wrong is told at once."""
    state = row.state or InteractionState.held
    with db.no_autoflush:
        planned_for = row.happened_at if state is InteractionState.planned else None
        next_at = next_contact(row.client, row, planned_for) if row.client else None
        typed = Words(row.request or "", row.reaction or "", row.note or "")
        said = anew(typed, None if is_new else row, state, next_at)
        if said.promises:
            row.request, row.reaction, row.note = (said.texts[name] for name in FIELDS)
        all_hold(
            partial(interactions.check, row, by=by, is_new=is_new), *(each.check for each in said.promises)
        )
    if said.promises:
        db.add(row)
        db.flush()
        give(said, row, by=by)


def give(said: Said, record: Interaction, *, by: User) -> None:
    """Whoever spoke answers for them, where whoever writes may promise in his name."""
    there, spoke = record.contact_persons, record.person
    stands_in = spoke.active and promises.may_name(record.client, spoke, by)
    for each in said.promises:
        promises.give(
            record.client,
            text=each.text,
            due_at=each.due_at,
            whole_day=each.whole_day,
            side=each.side,
            person=spoke if stands_in else by,
            contact_person=there[0] if len(there) == 1 else None,
            interaction=record,
            by=by,
        )


def _understood(line: promise_lines.Line, name: str, next_at: datetime | None) -> Typed:
    said = due(line.text, clock.now(), i18n.zone())
    if said is not None:
        return Typed(line.side, without(line.text, said), said.at, said.whole_day, False, name)
    by_next = next_at is not None and not names_no_day(line.text)
    at = end_of(i18n.local(next_at).date(), None, i18n.zone()) if next_at and by_next else None
    return Typed(line.side, line.text, at, True, at is not None, name)
