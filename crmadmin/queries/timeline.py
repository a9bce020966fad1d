"""The timeline of a client, or of one contact person there: which lines, in which order. None of these runs.

What a line is, is said in decision 17: an interaction is one, its entries of the journal are behind it; every
other entry of the client is one. Places are asked for first, from indexes alone, and then the rows of a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, text
from sqlalchemy.orm import joinedload, selectinload

from crmadmin.rules.timeline import EVENT, INTERACTION, Place
from models import Client, ContactPerson, Interaction, JournalEntry, User
from models.interactions import interaction_contact_person, interaction_participant
from models.kinds import InteractionState

_THEIRS = interaction_contact_person.c
_OURS = interaction_participant.c
# Literal, for an index that holds only these is used where the statement says the same.
_NO_INTERACTION = text("journal_entry.subject <> 'interaction'")
MOST_PLANNED = 10


@dataclass(frozen=True)
class Wanted:
    """Which lines: of one client; with one person there; of some kinds; by one of ours; small ones or not."""

    client_id: int
    contact_person_id: int | None = None
    kinds: tuple[int, ...] = ()
    person_id: int | None = None
    small: bool = True

    @property
    def has_events(self) -> bool:
        """An event that is no interaction is of no kind."""
        return self.small and not self.kinds


def interaction_places(wanted: Wanted, before: Place | None, most: int) -> Select[datetime, int]:
    """(happened_at, id) of what was held or called off, newest first."""
    past = (*_interactions(wanted), Interaction.state != InteractionState.planned)
    asked = select(Interaction.happened_at, Interaction.id).where(*past)
    if before is not None:
        asked = asked.where(_older(Interaction.happened_at, Interaction.id, before, INTERACTION))
    return asked.order_by(Interaction.happened_at.desc(), Interaction.id.desc()).limit(most)


def event_places(wanted: Wanted, before: Place | None, most: int) -> Select[datetime, int]:
    """(recorded_at, id) of the entries that are lines of their own, newest first."""
    asked = select(JournalEntry.recorded_at, JournalEntry.id).where(*_events(wanted))
    if before is not None:
        asked = asked.where(_older(JournalEntry.recorded_at, JournalEntry.id, before, EVENT))
    return asked.order_by(JournalEntry.recorded_at.desc(), JournalEntry.id.desc()).limit(most)


def planned_ids(wanted: Wanted) -> Select[int]:
    """What is to happen, the next one first; one more than is shown says that there are others."""
    coming = (*_interactions(wanted), Interaction.state == InteractionState.planned)
    asked = select(Interaction.id).where(*coming)
    return asked.order_by(Interaction.happened_at, Interaction.id).limit(MOST_PLANNED + 1)


def interactions(ids: Sequence[int]) -> Select[Interaction]:
    return select(Interaction).where(Interaction.id.in_(ids)).options(*_TOLD)


def events(ids: Sequence[int]) -> Select[JournalEntry]:
    return select(JournalEntry).where(JournalEntry.id.in_(ids))


def behind(ids: Sequence[int]) -> Select[JournalEntry]:
    """What the journal tells of these interactions, in the order it was written down."""
    of_them = (JournalEntry.subject == Interaction.__tablename__, JournalEntry.subject_id.in_(ids))
    return select(JournalEntry).where(*of_them).order_by(JournalEntry.recorded_at, JournalEntry.id)


def who_spoke(client_id: int) -> Select[User]:
    """Ours who ever had, or are to have, an interaction with the client."""
    theirs = select(Interaction.person_id).where(Interaction.client_id == client_id).distinct()
    return select(User).where(User.id.in_(theirs)).order_by(User.name, User.id)


def spoke_since(client: Client, since: datetime, but: User) -> Select[User, datetime, int]:
    """(person, last, how often) of everybody else who held something with the client, the last one first."""
    last = func.max(Interaction.happened_at)
    held = (
        Interaction.client_id == client.id,
        Interaction.happened_at >= since,
        Interaction.state == InteractionState.held,
        Interaction.person_id != but.id,
    )
    grouped = select(Interaction.person_id, last.label("last"), func.count().label("times")).where(*held)
    found = grouped.group_by(Interaction.person_id).order_by(last.desc()).limit(6).subquery()
    asked = select(User, found.c.last, found.c.times).join(found, found.c.person_id == User.id)
    return asked.order_by(found.c.last.desc(), User.id)


def last_move(client: Client) -> Select[JournalEntry]:
    """When, by whom and why the client came into its group; nothing for one that has always been there."""
    moved = (JournalEntry.client_id == client.id, _NO_INTERACTION, JournalEntry.kind == "group_moved")
    newest = (JournalEntry.recorded_at.desc(), JournalEntry.id.desc())
    return select(JournalEntry).where(*moved).order_by(*newest).limit(1)


_TOLD = (
    joinedload(Interaction.kind),
    joinedload(Interaction.person),
    joinedload(Interaction.recorded_by),
    joinedload(Interaction.result),
    selectinload(Interaction.contact_persons),
    selectinload(Interaction.participants),
)


def _interactions(wanted: Wanted) -> list[ColumnElement[bool]]:
    which: list[ColumnElement[bool]] = [Interaction.client_id == wanted.client_id]
    if wanted.kinds:
        which.append(Interaction.kind_id.in_(wanted.kinds))
    if wanted.person_id is not None:
        also = (_OURS.interaction_id == Interaction.id, _OURS.user_id == wanted.person_id)
        took_part = select(_OURS.user_id).where(*also).exists()
        which.append(or_(Interaction.person_id == wanted.person_id, took_part))
    if wanted.contact_person_id is not None:
        there = (
            _THEIRS.interaction_id == Interaction.id,
            _THEIRS.contact_person_id == wanted.contact_person_id,
        )
        which.append(select(_THEIRS.contact_person_id).where(*there).exists())
    return which


def _events(wanted: Wanted) -> list[Any]:
    if not wanted.has_events:
        return [false()]
    which: list[Any] = [JournalEntry.client_id == wanted.client_id, _NO_INTERACTION]
    if wanted.person_id is not None:
        which.append(JournalEntry.by_id == wanted.person_id)
    if wanted.contact_person_id is not None:
        which += [
            JournalEntry.subject == ContactPerson.__tablename__,
            JournalEntry.subject_id == wanted.contact_person_id,
        ]
    return which


def _older(at: Any, id: Any, than: Place, rank: int) -> ColumnElement[bool]:
    """Below a place: said so that an index by moment and id begins there."""
    if rank == than.rank:
        return and_(at <= than.at, or_(at < than.at, id < than.id))
    return at <= than.at if rank < than.rank else at < than.at
