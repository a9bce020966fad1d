"""What goes along when clients are handed over, what waits for a decision. None of them runs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from crmadmin.core.permissions import Permission, allows
from crmadmin.queries.bulk import Criteria
from models import (
    BulkAct,
    BulkRow,
    Client,
    ClientGroup,
    CuratorPeriod,
    HandoverOffer,
    Interaction,
    Promise,
    User,
)
from models.kinds import BulkKind, BulkVerdict, InteractionState, OfferState, PromiseState

MOST_ACTS = 40  # of one handing over: one for each successor


def by_group(found: Criteria) -> Select[ClientGroup, int]:
    """(group, how many of the clients found are in it)."""
    counted = select(Client.group_id, func.count().label("number")).where(*found).group_by(Client.group_id)
    each = counted.subquery()
    asked = select(ClientGroup, each.c.number).join(each, each.c.group_id == ClientGroup.id)
    return asked.order_by(ClientGroup.position, ClientGroup.id)


def plans_along(found: Criteria, target_id: int | None) -> Select[int]:
    """How many planned interactions their curators have with them, who are somebody else now."""
    asked = select(func.count()).select_from(Client)
    asked = asked.join(Interaction, Interaction.client_id == Client.id)
    theirs = (Interaction.state == InteractionState.planned, Interaction.person_id == Client.curator_id)
    return asked.where(*found, *theirs, Client.curator_id != target_id)


def promises_along(found: Criteria, target_id: int | None) -> Select[int]:
    """How many open promises their curators answer for with them, who are somebody else now."""
    asked = select(func.count()).select_from(Client).join(Promise, Promise.client_id == Client.id)
    theirs = (Promise.state == PromiseState.open, Promise.person_id == Client.curator_id)
    return asked.where(*found, *theirs, Client.curator_id != target_id)


def batch_of(key: str) -> Select[BulkAct]:
    """The acts of one handing over, in order."""
    keys = [f"{key}-{number}" for number in range(MOST_ACTS)]
    return select(BulkAct).where(BulkAct.key.in_(keys)).order_by(BulkAct.id)


def acts_lately(viewer: User, most: int) -> Select[BulkAct]:
    """What was handed over lately: all for whoever decides; else what one gave or got."""
    asked = select(BulkAct).where(BulkAct.kind == BulkKind.curator).order_by(BulkAct.id.desc()).limit(most)
    if allows(viewer.role, Permission.every_row):
        return asked
    return asked.where(or_(BulkAct.by_id == viewer.id, BulkAct.target_id == viewer.id))


def handed_in(acts: Sequence[int], after: int, most: int) -> Select[Client]:
    """Clients that these acts have handed over, in the order of their numbers."""
    mine = (BulkRow.act_id.in_(acts), BulkRow.verdict == BulkVerdict.done, BulkRow.client_id > after)
    ids = select(BulkRow.client_id).where(*mine).order_by(BulkRow.client_id).limit(most)
    return select(Client).where(Client.id.in_(ids)).order_by(Client.id)


_OFFER_LOADS = (
    joinedload(HandoverOffer.client).joinedload(Client.group),
    joinedload(HandoverOffer.from_person),
    joinedload(HandoverOffer.to_person),
    joinedload(HandoverOffer.decided_by),
)


def _still_his() -> ColumnElement[bool]:
    """Nobody else has been given the client meanwhile."""
    return and_(HandoverOffer.state == OfferState.offered, HandoverOffer.from_id == Client.curator_id)


def open_offers(viewer: User, most: int) -> Select[HandoverOffer]:
    """What waits for a decision, the oldest first: all for whoever decides; else what one gives or gets."""
    asked = select(HandoverOffer).join(Client, Client.id == HandoverOffer.client_id).where(_still_his())
    if not allows(viewer.role, Permission.curators_change):
        asked = asked.where(or_(HandoverOffer.from_id == viewer.id, HandoverOffer.to_id == viewer.id))
    return asked.options(*_OFFER_LOADS).order_by(HandoverOffer.offered_at, HandoverOffer.id).limit(most)


def decided_offers(viewer: User, most: int) -> Select[HandoverOffer]:
    """What was decided lately, the newest first."""
    asked = select(HandoverOffer).where(HandoverOffer.state != OfferState.offered)
    if not allows(viewer.role, Permission.curators_change):
        asked = asked.where(or_(HandoverOffer.from_id == viewer.id, HandoverOffer.to_id == viewer.id))
    newest = asked.options(*_OFFER_LOADS).order_by(HandoverOffer.decided_at.desc(), HandoverOffer.id.desc())
    return newest.limit(most)


def offer_of(client: Client) -> Select[HandoverOffer]:
    """The one that waits for a decision on this client."""
    asked = select(HandoverOffer).join(Client, Client.id == HandoverOffer.client_id)
    return asked.where(HandoverOffer.client_id == client.id, _still_his()).options(*_OFFER_LOADS)


def offers_of_person(person_id: int) -> Select[HandoverOffer]:
    """Open ones that he makes, or that would give him a client."""
    theirs = or_(HandoverOffer.from_id == person_id, HandoverOffer.to_id == person_id)
    return (
        select(HandoverOffer).where(HandoverOffer.state == OfferState.offered, theirs).options(*_OFFER_LOADS)
    )


def plans_with_others(person_id: int) -> Select[Interaction]:
    """What he has planned with clients that are not his, and who curates these."""
    planned = (Interaction.state == InteractionState.planned, Interaction.person_id == person_id)
    asked = select(Interaction).join(Client, Client.id == Interaction.client_id).where(*planned)
    asked = asked.where(Client.curator_id.is_distinct_from(person_id)).order_by(Interaction.id)
    return asked.options(
        joinedload(Interaction.client).joinedload(Client.curator), joinedload(Interaction.kind)
    )


def promises_with_others(person_id: int) -> Select[Promise]:
    """Open promises that he answers for with clients that are not his."""
    open_ones = (Promise.state == PromiseState.open, Promise.person_id == person_id)
    asked = select(Promise).join(Client, Client.id == Promise.client_id).where(*open_ones)
    return asked.where(Client.curator_id.is_distinct_from(person_id)).order_by(Promise.id)


def left_with_others(person_id: int) -> Select[int]:
    """How many plans and open promises he has with clients that are not his."""
    plans, promises = (
        asked.order_by(None).with_only_columns(func.count()).scalar_subquery()
        for asked in (plans_with_others(person_id), promises_with_others(person_id))
    )
    return select(plans + promises)


def periods_of(client: Client, most: int) -> Select[CuratorPeriod]:
    """Who answered for the client, from when to when, why and by whom: the present one first."""
    asked = select(CuratorPeriod).where(CuratorPeriod.client_id == client.id)
    newest = (CuratorPeriod.ended_at.is_not(None), CuratorPeriod.started_at.desc(), CuratorPeriod.id.desc())
    return asked.options(joinedload(CuratorPeriod.curator)).order_by(*newest).limit(most)


def meanwhile(person_id: int, start: datetime, end: datetime) -> ColumnElement[bool]:
    """Interactions that others wrote down in that time, with clients whose curator he was in it."""
    his = select(CuratorPeriod.client_id).where(
        CuratorPeriod.curator_id == person_id,
        CuratorPeriod.started_at < end,
        or_(CuratorPeriod.ended_at.is_(None), CuratorPeriod.ended_at > start),
    )
    return and_(
        Interaction.recorded_at >= start,
        Interaction.recorded_at < end,
        Interaction.recorded_by_id != person_id,
        Interaction.client_id.in_(his),
    )
