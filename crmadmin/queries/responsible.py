"""Who answers for a client at a moment, past or to come. None of them runs."""

from datetime import datetime

from sqlalchemy import Select, func, or_, select

from crmadmin.queries.absences import covers, in_force
from models import Absence, Client, CuratorPeriod, Substitution, User


def responsible_for(client: Client, at: datetime) -> Select[User]:
    """The curator of that moment; while he is away, whoever acts for him with clients of this group.

    Nobody for a client that had no curator then. Of a moment to come: as things stand now.
    """
    curator = (
        select(CuratorPeriod.curator_id)
        .where(
            CuratorPeriod.client_id == client.id,
            CuratorPeriod.started_at <= at,
            or_(CuratorPeriod.ended_at.is_(None), CuratorPeriod.ended_at > at),
        )
        .scalar_subquery()
    )
    acting = (
        select(Substitution.substitute_id)
        .join(Absence, Absence.id == Substitution.absence_id)
        .where(Absence.person_id == curator, in_force(at), covers(client.group_id))
        .scalar_subquery()
    )
    return select(User).where(User.id == func.coalesce(acting, curator))
