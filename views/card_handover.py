"""What the card tells of its curators, and of handing it over."""

from typing import Any

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.permissions import Permission
from crmadmin.queries import handover
from crmadmin.queries.absences import acting_for, now_away
from crmadmin.services import offers
from models import Client, User
from views.base import can

PERIODS = 20


def curators(client: Client, _viewer: User) -> dict[str, Any]:
    """Who answered for the client from when to when, and who acts today."""
    now = clock.now()
    acting = absence = None
    if client.curator_id is not None:
        acting = db.scalar(acting_for(client.curator_id, client.group_id, now))
        absence = db.scalar(now_away(client.curator_id, now)) if acting else None
    periods = db.scalars(handover.periods_of(client, PERIODS + 1)).all()
    return {
        "periods": periods[:PERIODS],
        "more": len(periods) > PERIODS,
        "acting": acting,
        "until": absence and absence.ends_at,
    }


def handing_over(client: Client, viewer: User) -> dict[str, Any]:
    """Whether it may be handed over or offered, and what waits for a decision."""
    may_decide = can(Permission.curators_change)
    return {
        "client": client,
        "offer": db.scalar(handover.offer_of(client)),
        "may_decide": may_decide,
        "may_offer": offers.may_offer(client, viewer),
    }
