"""A brief: what whoever takes a client over should know of it, on paper."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core.db import db
from crmadmin.core.errors import NotFound
from crmadmin.core.i18n import _
from crmadmin.queries import briefs as asked
from crmadmin.queries.promises import open_of
from crmadmin.queries.tasks import open_tasks
from models import Client, ClientTask, ContactPerson, CuratorPeriod, Interaction, Promise


@dataclass
class Brief:
    """What is known of one client."""

    client: Client
    period: CuratorPeriod | None = None
    task: ClientTask | None = None
    plans: list[Interaction] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    last: list[Interaction] = field(default_factory=list)
    persons: list[ContactPerson] = field(default_factory=list)


def briefs_of(clients: Sequence[Client]) -> list[Brief]:
    """As many questions for one client as for fifty."""
    ids = [client.id for client in clients]
    if not ids:
        return []
    periods = _by_client(db.scalars(asked.periods(ids)))
    tasks = _by_client(db.scalars(open_tasks(ids)))
    plans, last = _by_client(db.scalars(asked.plans(ids))), _by_client(db.scalars(asked.last(ids)))
    persons, promises = _by_client(db.scalars(asked.persons(ids))), _by_client(db.scalars(open_of(ids)))
    return [
        Brief(
            client=client,
            period=next(iter(periods[client.id]), None),
            task=next(iter(tasks[client.id]), None),
            plans=plans[client.id],
            promises=promises[client.id],
            last=last[client.id],
            persons=persons[client.id],
        )
        for client in db.scalars(asked.clients(ids))
    ]


def _by_client(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.client_id].append(row)
    return found


class BriefDoor:
    """For the screen of the clients."""

    get_one: Any
    render: Any
    get_url: Any

    @expose("/<int:client_id>/brief")
    def brief(self, client_id: int) -> ResponseReturnValue:
        client = self.get_one(str(client_id))
        if client is None:
            raise NotFound(_("There is no such client."))
        return self.render(
            "pages/handover/brief.html",
            briefs=briefs_of([client]),
            acts=[],
            back=self.get_url("clients.card", client_id=client.id),
            further=None,
            here=request.path,
        )
