"""What somebody is to do today, and what happened with his clients by others' hands. None of them runs."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, or_, select, union
from sqlalchemy.orm import joinedload, selectinload

from crmadmin.core import sql
from crmadmin.queries.absences import in_force, plans_in_ones_hands
from crmadmin.queries.contacts import is_planned, is_silent
from crmadmin.queries.promises import instead_of_others
from crmadmin.queries.requests import in_hands, is_unanswered
from models import Absence, Client, ContactPerson, Interaction, Promise, Substitution, User
from models.kinds import PromiseSide, PromiseState

PROMISES_AHEAD = timedelta(days=3)

_CLIENT = joinedload(Interaction.client).load_only(Client.name, Client.curator_id, Client.group_id)
_LINE = (joinedload(Interaction.kind), joinedload(Interaction.person).load_only(User.name))


def to_contact(viewer: User, at: datetime, end: datetime, *, acting: bool, most: int) -> Select[Interaction]:
    """His plans up to that moment, the earliest first; those of whom he acts for, too, where he does."""
    until = (is_planned, Interaction.happened_at < end)
    mine: ColumnElement[bool] = Interaction.person_id == viewer.id
    if acting:  # each looked for by its own index
        own = select(Interaction.id).where(*until, mine)
        instead = select(Interaction.id).where(*until, plans_in_ones_hands(viewer, at))
        mine = Interaction.id.in_(union(own, instead))
    loads = (*_LINE, _CLIENT.selectinload(Client.telephones), _THERE)
    asked = select(Interaction).where(*until, mine).options(*loads)
    return asked.order_by(Interaction.happened_at, Interaction.id).limit(most)


_THERE = selectinload(Interaction.contact_persons).load_only(ContactPerson.name)


def promises_due(viewer: User, at: datetime, *, acting: bool, most: int) -> Select[Promise]:
    """What he owes, and what he is owed, overdue or due in a few days."""
    due = (Promise.state == PromiseState.open, Promise.due_at < at + PROMISES_AHEAD)
    mine: ColumnElement[bool] = Promise.person_id == viewer.id
    if acting:
        own = select(Promise.id).where(*due, mine)
        instead = select(Promise.id).where(*due, instead_of_others(viewer, at))
        mine = Promise.id.in_(union(own, instead))
    client = joinedload(Promise.client).load_only(Client.name, Client.curator_id, Client.group_id)
    loads = (client.selectinload(Client.telephones), joinedload(Promise.person).load_only(User.name))
    asked = select(Promise).where(*due, mine).options(*loads)
    return asked.order_by(Promise.due_at, Promise.id).limit(most)


def by_others(viewer: User, since: datetime, *, most: int) -> Select[Interaction]:
    """What others wrote down with his clients since then, the newest first.

    Few of all that was written down since then are his: they are met in the order of writing.
    """
    newest = (Interaction.recorded_at.desc(), Interaction.id.desc())
    his = select(Client.id).where(Client.curator_id == viewer.id)
    found = select(Interaction.id).where(
        Interaction.recorded_at >= since,
        Interaction.recorded_by_id != viewer.id,
        Interaction.person_id != viewer.id,
        sql.checked(Interaction.client_id.in_(his)),
    )
    asked = select(Interaction).where(Interaction.id.in_(found.order_by(*newest).limit(most)))
    return asked.options(*_LINE, _CLIENT).order_by(*newest)


def unanswered(viewer: User, at: datetime, *, acting: bool, most: int) -> Select[Interaction]:
    """What his clients asked, and those of whom he acts for, and nobody has reacted to, the oldest first."""
    oldest = (Interaction.happened_at, Interaction.id)
    own = Interaction.client_id.in_(select(Client.id).where(Client.curator_id == viewer.id))
    found = select(Interaction.id).where(is_unanswered, in_hands(viewer, at) if acting else own)
    asked = select(Interaction).where(Interaction.id.in_(found.order_by(*oldest).limit(most)))
    return asked.options(*_LINE, _CLIENT.selectinload(Client.curator)).order_by(*oldest)


def absences_about(viewer: User, at: datetime) -> Select[Absence]:
    """Absences in force in which he is the one who is away, or who acts."""
    acts = exists().where(Substitution.absence_id == Absence.id, Substitution.substitute_id == viewer.id)
    asked = select(Absence).where(in_force(at), or_(Absence.person_id == viewer.id, acts))
    loads = (
        joinedload(Absence.person),
        selectinload(Absence.substitutions).joinedload(Substitution.substitute),
        selectinload(Absence.substitutions).joinedload(Substitution.group),
    )
    return asked.options(*loads).order_by(Absence.ends_at, Absence.id)


def numbers(viewer: User, at: datetime, end: datetime) -> tuple[ScalarSelect[int], ...]:
    """Plans up to the end of today, promises of ours due by then, those overdue, clients that are silent.

    Scalars, so that they are asked with whatever else every page shows.
    """
    plans = select(func.count()).where(
        is_planned, Interaction.person_id == viewer.id, Interaction.happened_at < end
    )
    ours = (
        Promise.person_id == viewer.id,
        Promise.state == PromiseState.open,
        Promise.side == PromiseSide.ours,
    )
    due = select(func.count()).where(*ours, Promise.due_at < end)
    late = select(func.count()).where(*ours, Promise.due_at < at)
    silent = select(func.count()).where(Client.curator_id == viewer.id, is_silent(at))
    return tuple(each.scalar_subquery() for each in (plans, due, late, silent))
