"""How many of us a client had to tell its task to. None of them runs."""

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, exists, select
from sqlalchemy.orm import aliased

from crmadmin.queries.absences import covers, in_force
from crmadmin.queries.contacts import is_contact
from models import Absence, Client, ClientTask, CuratorPeriod, Interaction, Substitution


def told_their_task(task: ClientTask) -> CompoundSelect[int]:
    """Distinct colleagues who heard the client's task: whoever wrote it down, as he heard it first, and those
    the client spoke to since; whoever formally substituted then for the one who was away is not counted: the
    client had no choice of ours to suffer from.
    """
    spoke = select(Interaction.person_id.label("who")).join(Client, Client.id == Interaction.client_id)
    spoke = spoke.where(
        Interaction.client_id == task.client_id,
        Interaction.happened_at >= task.opened_at,
        is_contact(),
        ~_substituted(Interaction.person_id, Interaction.happened_at, Interaction),
    )
    pinned = select(ClientTask.opened_by_id.label("who")).join(Client, Client.id == ClientTask.client_id)
    pinned = pinned.where(
        ClientTask.id == task.id,
        ~_substituted(ClientTask.opened_by_id, ClientTask.opened_at, ClientTask),
    )
    return pinned.union(spoke)


def _substituted(who: Any, at: Any, row: type[Interaction | ClientTask]) -> ColumnElement[bool]:
    """This one acted at that moment, with clients of this group, for the client's curator, who was away."""
    period = aliased(CuratorPeriod)
    curators_then = select(period.curator_id).where(
        period.client_id == Client.id,
        period.started_at <= at,
        (period.ended_at.is_(None)) | (period.ended_at > at),
    )
    acted = exists().where(
        Substitution.absence_id == Absence.id,
        Substitution.substitute_id == who,
        in_force(at),
        covers(Client.group_id),
        Absence.person_id.in_(curators_then.correlate(Client, row)),
    )
    return acted.correlate(Client, row)
