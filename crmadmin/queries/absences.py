"""Who is away, and who acts for whom with which client. None of them runs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, union_all
from sqlalchemy.orm import aliased, joinedload, selectinload

from models import Absence, Client, Interaction, Substitution, User
from models.kinds import InteractionState


def in_force(at: Any) -> ColumnElement[bool]:
    """An absence that is going on at that moment, or at the moment of a column."""
    return and_(Absence.cancelled_at.is_(None), Absence.starts_at <= at, Absence.ends_at > at)


def acts_now_for(viewer: User, at: datetime) -> Any:
    """Ids of the people who are away then and for whom the viewer acts."""
    asked = select(Absence.person_id).join(Substitution, Substitution.absence_id == Absence.id)
    return asked.where(Substitution.substitute_id == viewer.id, in_force(at))


def substituted_by(viewer: User, at: datetime) -> ColumnElement[bool]:
    """Clients whose curator is away then, and for whom the viewer acts: by their group, or with the rest."""
    return (
        exists()
        .where(
            Substitution.absence_id == Absence.id,
            Substitution.substitute_id == viewer.id,
            Absence.person_id == Client.curator_id,
            in_force(at),
            covers(Client.group_id),
        )
        .correlate(Client)
    )


def in_ones_hands(viewer: User, at: datetime) -> ColumnElement[bool]:
    """`substituted_by` for a list: the absent one's clients are read from the index, not all there are."""
    return and_(Client.curator_id.in_(acts_now_for(viewer, at)), substituted_by(viewer, at))


def clients_in_hands(viewer: User, at: datetime) -> Any:
    """Ids of clients he curates and of those he acts for: two sets, so that each is read from its index."""
    own = select(Client.id).where(Client.curator_id == viewer.id)
    return union_all(own, select(Client.id).where(in_ones_hands(viewer, at)))


def plans_in_ones_hands(viewer: User, at: datetime) -> ColumnElement[bool]:
    """What those who are away have planned with the clients that the viewer acts for meanwhile."""
    his = select(Client.id).where(in_ones_hands(viewer, at))
    planned = Interaction.state == InteractionState.planned
    curator = select(Client.curator_id).where(Client.id == Interaction.client_id)
    his_own = Interaction.person_id == curator.scalar_subquery()
    return and_(planned, his_own, Interaction.client_id.in_(his))


def acting_for(curator_id: int, group_id: int | None, at: datetime) -> Select[User]:
    """Whoever acts then for an absent curator with clients of a group; nobody while he is here."""
    asked = select(User).join(Substitution, Substitution.substitute_id == User.id)
    asked = asked.join(Absence, Absence.id == Substitution.absence_id)
    return asked.where(Absence.person_id == curator_id, in_force(at), covers(group_id))


def acting_beside(viewer: User, at: datetime) -> Select[int, int | None, int]:
    """(who is away, group, who acts) of everybody for whom the viewer acts then; no group is the rest."""
    asked = select(Absence.person_id, Substitution.group_id, Substitution.substitute_id)
    asked = asked.join(Substitution, Substitution.absence_id == Absence.id)
    return asked.where(Absence.person_id.in_(acts_now_for(viewer, at)), in_force(at))


def covers(group: Any) -> ColumnElement[bool]:
    """The substitution is of this group, or of the rest and no other one of the absence is of this group."""
    other = aliased(Substitution)
    of_group = exists().where(other.absence_id == Substitution.absence_id, other.group_id == group)
    taken = of_group.correlate_except(other)
    return or_(Substitution.group_id == group, and_(Substitution.group_id.is_(None), ~taken))


def is_open(at: datetime) -> ColumnElement[bool]:
    """Going on at that moment, or still to come."""
    return and_(Absence.cancelled_at.is_(None), Absence.ends_at > at)


def leaving_a_gap(at: datetime) -> Select[Absence]:
    """Absences, going on or to come, in which nobody acts for clients that have nobody of their group."""
    of_rest = exists().where(Substitution.absence_id == Absence.id, Substitution.group_id.is_(None))
    return select(Absence).where(is_open(at), ~of_rest).order_by(Absence.starts_at, Absence.id)


def substitution_by(person_id: int, at: datetime) -> Select[Absence]:
    """Absences of others, going on or to come, in which this person acts."""
    acts = exists().where(Substitution.absence_id == Absence.id, Substitution.substitute_id == person_id)
    return select(Absence).where(acts, is_open(at)).order_by(Absence.starts_at, Absence.id)


def meeting(start: datetime, end: datetime, people: Sequence[int]) -> Select[Absence]:
    """Absences of these people, or in which these act, that share a moment with that time."""
    acts = exists().where(Substitution.absence_id == Absence.id, Substitution.substitute_id.in_(people))
    shares = (Absence.cancelled_at.is_(None), Absence.starts_at < end, Absence.ends_at > start)
    asked = select(Absence).where(*shares, or_(Absence.person_id.in_(people), acts))
    return asked.options(*_WITH_PEOPLE).order_by(Absence.starts_at, Absence.id)


_WITH_PEOPLE = (
    joinedload(Absence.person),
    selectinload(Absence.substitutions).joinedload(Substitution.substitute),
    selectinload(Absence.substitutions).joinedload(Substitution.group),
)


def listed(at: datetime, *, past: bool, most: int) -> Select[Absence]:
    """Those that go on or are to come, the nearest first; or those that are over, the newest first."""
    over = and_(Absence.cancelled_at.is_(None), Absence.ends_at <= at)
    order = (Absence.ends_at.desc(), Absence.id.desc()) if past else (Absence.starts_at, Absence.id)
    return (
        select(Absence)
        .where(over if past else is_open(at))
        .options(*_WITH_PEOPLE)
        .order_by(*order)
        .limit(most)
    )


def known(absence_id: int) -> Select[Absence]:
    return select(Absence).where(Absence.id == absence_id).options(*_WITH_PEOPLE, joinedload(Absence.set_by))


def now_away(person_id: int, at: datetime) -> Select[Absence]:
    """The absence of somebody that goes on."""
    return select(Absence).where(Absence.person_id == person_id, in_force(at)).options(*_WITH_PEOPLE)


def everybody_away(at: datetime) -> Select[Absence]:
    """Who of us is away at that moment, by name, and who acts for them."""
    asked = select(Absence).join(User, User.id == Absence.person_id).where(in_force(at), User.active)
    return asked.options(*_WITH_PEOPLE).order_by(User.name, Absence.id)
