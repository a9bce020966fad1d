"""What a client's first touch is judged by: contacts, periods as curator, decisions. None of them runs."""

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from crmadmin.core.db import Rows
from crmadmin.queries.contacts import is_contact, is_held
from models import Client, CuratorPeriod, FirstTouchDecision, Interaction, InteractionKind, User
from models.interactions import interaction_participant


def contacts_of(client: Client) -> Rows:
    """Every contact with the client in the order of time: what, who, when, written down when, minutes.

    ``minutes`` are the kind's usual ones where none were written down, and ``estimated`` says so.
    """
    asked = select(
        Interaction.id,
        Interaction.person_id,
        Interaction.happened_at,
        Interaction.recorded_at,
        func.coalesce(Interaction.minutes, InteractionKind.usual_minutes).label("minutes"),
        Interaction.minutes.is_(None).label("estimated"),
    ).join(InteractionKind, InteractionKind.id == Interaction.kind_id)
    held = asked.where(Interaction.client_id == client.id, is_held, InteractionKind.contact)
    return held.order_by(Interaction.happened_at, Interaction.id)


def present_at(client: Client) -> Select[int, int]:
    """(person, how many contacts he was present at beside whoever spoke)."""
    beside = interaction_participant.c
    asked = select(beside.user_id, func.count()).join(Interaction, Interaction.id == beside.interaction_id)
    others = asked.where(
        Interaction.client_id == client.id, is_contact(), beside.user_id != Interaction.person_id
    )
    return others.group_by(beside.user_id)


def periods_of(client: Client) -> Select[CuratorPeriod]:
    """Who was its curator, the first one first."""
    asked = select(CuratorPeriod).where(CuratorPeriod.client_id == client.id)
    return asked.order_by(CuratorPeriod.started_at, CuratorPeriod.id)


def decisions_on(client: Client) -> Select[FirstTouchDecision]:
    """What heads have decided, the newest first: that one counts."""
    people = (joinedload(FirstTouchDecision.person), joinedload(FirstTouchDecision.decided_by))
    asked = select(FirstTouchDecision).where(FirstTouchDecision.client_id == client.id).options(*people)
    return asked.order_by(FirstTouchDecision.decided_at.desc(), FirstTouchDecision.id.desc())


def has_worked_with(person_id: int, client_id: int) -> ColumnElement[bool]:
    """He has a claim: spoke with the client, was present, or was its curator."""
    spoke = select(Interaction.id).where(
        Interaction.client_id == client_id, Interaction.person_id == person_id, is_contact()
    )
    beside = interaction_participant.c
    present = (
        select(beside.user_id)
        .join(Interaction, Interaction.id == beside.interaction_id)
        .where(Interaction.client_id == client_id, beside.user_id == person_id, is_contact())
    )
    curated = select(CuratorPeriod.id).where(
        CuratorPeriod.client_id == client_id, CuratorPeriod.curator_id == person_id
    )
    return spoke.exists() | present.exists() | curated.exists()


def people_named(ids: set[int]) -> Select[User]:
    return select(User).where(User.id.in_(ids))
