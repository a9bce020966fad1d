"""What is due, whom it concerns, what waits to be told or sent. None of them runs."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from crmadmin.core.db import Rows
from crmadmin.queries.absences import plans_in_ones_hands
from crmadmin.queries.contacts import is_held, is_planned, is_silent, rhythm_days, silence, silent_days
from crmadmin.queries.promises import in_hands
from models import (
    Client,
    Interaction,
    InteractionKind,
    JobRun,
    JournalAnchor,
    Letter,
    Notice,
    NoticeChoice,
    NoticeTimes,
    Promise,
    User,
    Wish,
)
from models.kinds import NoticeChannel, NoticeKind, PromiseState, WishState

MOST = 5_000  # rows of one kind a tick: after a long time without ticks the next one goes on
SHOWN = 20

_CLIENT = (
    Client.id.label("client_id"),
    Client.name.label("client"),
    Client.curator_id,
    Client.group_id,
)
_KIND = (InteractionKind.name_ru.label("kind_ru"), InteractionKind.name_en.label("kind_en"))
_PROMISE = (Promise.text, Promise.side, Promise.whole_day)


def contacts_planned(after: datetime, until: datetime) -> Rows:
    """(id, person, moment, kind, client) of what is planned for that time, the earliest first."""
    at = Interaction.happened_at
    asked = select(Interaction.id, Interaction.person_id, at.label("at"), *_KIND, *_CLIENT)
    asked = asked.join(Client, Client.id == Interaction.client_id)
    asked = asked.join(InteractionKind, InteractionKind.id == Interaction.kind_id)
    return asked.where(is_planned, at > after, at <= until).order_by(at, Interaction.id).limit(MOST)


def promises_open(after: datetime, until: datetime) -> Rows:
    """(id, person, moment, text, whose, client) of promises due in that time."""
    due = Promise.due_at
    asked = select(Promise.id, Promise.person_id, due.label("at"), *_PROMISE, *_CLIENT)
    asked = asked.join(Client, Client.id == Promise.client_id)
    is_open = Promise.state == PromiseState.open
    return asked.where(is_open, due > after, due <= until).order_by(due, Promise.id).limit(MOST)


def requests_waiting(after: datetime, until: datetime, earliest: datetime, written_since: datetime) -> Rows:
    """(id, person, moment, request, client) of requests of that time to which nobody has reacted; and of
    those of before it, from ``earliest`` on, that were written down only since then."""
    at = Interaction.happened_at
    asked = select(Interaction.id, Interaction.person_id, at.label("at"), Interaction.request, *_CLIENT)
    asked = asked.join(Client, Client.id == Interaction.client_id)
    waits = (Interaction.request != "", Interaction.reaction == "", Interaction.answered_at.is_(None))
    late = or_(at > after, Interaction.recorded_at > written_since)
    asked = asked.where(is_held, *waits, at > earliest, at <= until, late)
    return asked.order_by(at, Interaction.id).limit(MOST)


def wishes_returning(after: date, until: date) -> Rows:
    """(id, who wrote it down, day, words, client) of wishes to come back to in these days."""
    day = Wish.come_back_on
    asked = select(Wish.id, Wish.made_by_id.label("person_id"), day.label("on"), Wish.words, *_CLIENT)
    asked = asked.join(Client, Client.id == Wish.client_id)
    waits = (Wish.state == WishState.open, Client.archived_at.is_(None), day > after, day <= until)
    return asked.where(*waits).order_by(day, Wish.id).limit(MOST)


# What one wants to be told, and when


def is_wanted_in_program(person: User) -> ColumnElement[bool]:
    """The notice is of no kind that this person has switched off in the program."""
    off = select(NoticeChoice.kind).where(
        NoticeChoice.person_id == person.id,
        NoticeChoice.channel == NoticeChannel.program,
        NoticeChoice.wanted.is_(False),
    )
    return Notice.kind.not_in(off)


def last_tick(name: str) -> Any:
    return select(JobRun.done_at).where(JobRun.name == name).scalar_subquery()


def choices_of(people: Collection[int], channel: NoticeChannel) -> Select[NoticeChoice]:
    return select(NoticeChoice).where(NoticeChoice.person_id.in_(people), NoticeChoice.channel == channel)


def readers() -> Select[User, NoticeTimes | None]:
    """Whoever may get letters, and when: who is with us and has an address."""
    times: Any = select(User, NoticeTimes).outerjoin(NoticeTimes, NoticeTimes.person_id == User.id)
    return times.where(User.active, User.email != "").order_by(User.id)


def not_in_a_letter(people: Sequence[int], since: datetime) -> Select[Notice]:
    """What these were told since then, have not read, and no letter has told them."""
    fresh = (Notice.read_at.is_(None), Notice.letter_id.is_(None), Notice.at > since)
    asked = select(Notice).where(Notice.person_id.in_(people), *fresh)
    return asked.order_by(Notice.person_id, Notice.id).limit(MOST)


def letters_waiting(at: datetime) -> Select[Letter, str]:
    """(letter, the name of its reader): what is to be sent by then, in the order of its turn.

    Whoever has left gets none any more.
    """
    waits = (User.active, Letter.sent_at.is_(None), Letter.failed_at.is_(None), Letter.next_try_at <= at)
    asked = select(Letter, User.name).join(User, User.id == Letter.person_id).where(*waits)
    return asked.order_by(Letter.next_try_at, Letter.id).limit(200)


def letters_lost(most: int) -> Select[Letter, str]:
    """(letter, the name of its reader): tried in vain, given up or not, the newest first."""
    asked = select(Letter, User.name).join(User, User.id == Letter.person_id)
    asked = asked.where(Letter.sent_at.is_(None), Letter.tries > 0)
    return asked.order_by(Letter.id.desc()).limit(most)


# The morning digest


def ones_contacts(person: User, at: datetime, until: datetime) -> Select[Interaction]:
    """What this person has planned until then, late ones too, and what he does for whoever is away."""
    his = or_(and_(is_planned, Interaction.person_id == person.id), plans_in_ones_hands(person, at))
    asked = select(Interaction).where(his, is_planned, Interaction.happened_at < until)
    asked = asked.options(joinedload(Interaction.client), joinedload(Interaction.kind))
    return asked.order_by(Interaction.happened_at, Interaction.id).limit(SHOWN + 1)


def ones_promises(person: User, at: datetime, until: datetime) -> Rows:
    """Open promises in his hands that are due until then, late ones too."""
    asked = select(Promise.id, Promise.due_at.label("at"), *_PROMISE, *_CLIENT)
    asked = asked.join(Client, Client.id == Promise.client_id)
    his = (in_hands(person, at), Promise.state == PromiseState.open, Promise.due_at <= until)
    return asked.where(*his).order_by(Promise.due_at, Promise.id).limit(SHOWN + 1)


def ones_silent(person: User, at: datetime) -> Rows:
    """(client, days without a contact, rhythm) of those he curates that are past it, the worst first."""
    asked = select(*_CLIENT, silent_days(at).label("days"), rhythm_days().label("rhythm"))
    his = (Client.curator_id == person.id, is_silent(at))
    return asked.where(*his).order_by(silence(at).desc(), Client.id).limit(SHOWN + 1)


def how_many_silent(person: User, at: datetime) -> Select[int]:
    return select(func.count()).select_from(Client).where(Client.curator_id == person.id, is_silent(at))


def troubles_told(person: User, since: datetime) -> Select[Notice]:
    """Broken chains and missed jobs that he was told of since then."""
    kinds = (NoticeKind.chain_broken, NoticeKind.job_missed)
    asked = select(Notice).where(Notice.person_id == person.id, Notice.kind.in_(kinds), Notice.at > since)
    return asked.order_by(Notice.at, Notice.id).limit(SHOWN)


def anchors_since(day: date) -> Select[JournalAnchor]:
    return select(JournalAnchor).where(JournalAnchor.day > day).order_by(JournalAnchor.day)
