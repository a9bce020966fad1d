"""Silent clients as lines: of the radar, and of one's own day."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from crmadmin.core.db import db
from crmadmin.queries.silence import open_talks, told
from models import Client, SilenceTalk


class Quiet(NamedTuple):
    """A silent client, how far it is past its rhythm, whether anything is planned, what is asked about it."""

    client: Client
    silence: float
    is_planned: bool
    talk: SilenceTalk | None


def lines(found: Sequence[Any]) -> list[Quiet]:
    """One for each (client, silence, whether anything is planned, …), in their order."""
    ids = [id for id, _silence, _planned, *_rest in found]
    if not ids:
        return []
    clients = {row.id: row for row in db.scalars(told(ids))}
    talks = {talk.client_id: talk for talk in db.scalars(open_talks(ids))}
    return [
        Quiet(clients[id], silence, bool(planned), talks.get(id))
        for id, silence, planned, *_rest in found
        if id in clients
    ]
