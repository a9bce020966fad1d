"""What the card warns of: who else spoke lately or is about to, and how many know the client's task."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.queries import history
from crmadmin.queries.told_to import told_their_task
from models import Client, Interaction, User
from models.kinds import InteractionState
from views.card_talk import open_task_of

BACK, AHEAD = timedelta(days=3), timedelta(days=7)  # what others did and plan is worth a warning
WARNED = 4  # lines shown


def warning(client: Client, viewer: User) -> dict[str, Any]:
    """``others``: what colleagues held in the last three days and plan for the next seven, in order of time;
    ``told``: how many of us heard the client's open task while nothing is proposed."""
    now = clock.now()
    near = history.others_near(client.id, viewer, now - BACK, now, now + AHEAD, WARNED)
    found = _nearest(db.scalars(near).all(), now)
    task = open_task_of(client)
    heard = told_their_task(task) if task and task.proposed_at is None else None
    told = len(db.scalars(heard).all()) if heard is not None else 0
    return {"others": found, "told": told}


def _nearest(rows: Sequence[Interaction], now: datetime) -> list[Interaction]:
    """Those nearest in time; the last one that was held is among them, whatever is planned."""
    held = [row for row in rows if row.state is InteractionState.held]
    others = sorted((row for row in rows if row not in held[-1:]), key=lambda row: abs(row.happened_at - now))
    return sorted([*held[-1:], *others][:WARNED], key=lambda row: (row.happened_at, row.id))
