"""What somebody looks at of his own: whom he may soon have missed, and how promptly he writes down.

None of it runs.
"""

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from crmadmin.core import sql
from crmadmin.core.db import Rows
from crmadmin.queries.contacts import is_held, silence
from crmadmin.queries.kpi import is_contact, is_same_day
from models import Client, Interaction, InteractionKind, User

SOON = 0.8  # of a rhythm: the last fifth of it


def silent_soon(viewer: User, at: datetime, most: int) -> Select[Client, float]:
    """(client, silence) of his clients that are in the last fifth of their rhythm, the nearest to its end
    first."""
    quiet = silence(at)
    his = (Client.curator_id == viewer.id, Client.archived_at.is_(None), quiet > SOON, quiet <= 1)
    asked = select(Client, quiet).where(*his).options(joinedload(Client.group))
    return asked.order_by(quiet.desc(), Client.id).limit(most)


def prompt_days(person: User, start: datetime, end: datetime) -> Rows:
    """(day as YYYY-MM-DD, contacts, those that were written down on it) in the order of the days."""
    day = sql.local_day(Interaction.happened_at).label("day")
    same = func.count().filter(is_same_day).label("same_day")
    asked = select(day, func.count().label("contacts"), same)
    asked = asked.join(InteractionKind, InteractionKind.id == Interaction.kind_id)
    within = (Interaction.happened_at >= start, Interaction.happened_at < end, is_held, is_contact)
    return asked.where(Interaction.person_id == person.id, *within).group_by(day).order_by(day)
