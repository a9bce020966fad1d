"""Since when and why each client is in its group: kept in the flush, or the act, that moves it.

Whoever moves a client by hand, by whatever door, holds it there: no rule moves it on before the end he gives,
or ever where he gives none.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, event, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.core.i18n import _
from crmadmin.core.many_rows import insert_rows
from crmadmin.core.permissions import Permission, allows
from crmadmin.core.sql import among
from crmadmin.queries.grouping import standing_of, standings_of
from crmadmin.services import clients, journal
from models import Client, ClientGroup, GroupStanding, User

_TABLE: Any = GroupStanding.__table__
_MOMENTS = ("since", "held_until")
_KEPT = ("since", "rule_id", "rule_version", "facts", "by_hand", "held_until", "reason")


def of(client: Client) -> GroupStanding | None:
    """Why the client is where it is; None where nobody and no rule has moved it yet."""
    return db.scalar(standing_of(client))


def is_held(standing: GroupStanding | None) -> bool:
    if standing is None or not standing.by_hand:
        return False
    return standing.held_until is None or standing.held_until > clock.now()


def may_hold(client: Client, by: User) -> bool:
    return allows(by.role, Permission.clients_group) and clients.may_change(client, by)


def hold(client: Client, group: ClientGroup, *, reason: str, until: datetime | None, by: User) -> None:
    """Move the client by hand, or keep it where it is; until then no rule moves it."""
    if not may_hold(client, by):
        raise NotAllowed(
            _("This client is somebody else's: only its curator, the head and the admin change it.")
        )
    if until is not None and until <= clock.now():
        raise DomainError(_("This day is over already."), field="until")
    if not reason:
        raise DomainError(_("Say why: the next one will ask."), field="reason")
    if group is client.group:
        _keep(client, reason, until)
        return
    client.group, client.group_reason, client.group_until = group, reason, until
    clients.check(client, by=by)
    db.flush()


def _keep(client: Client, reason: str, until: datetime | None) -> None:
    standing = of(client)
    if standing is None:
        standing = GroupStanding(client_id=client.id, since=clock.now(), facts={})
        db.add(standing)
    standing.by_hand, standing.reason, standing.held_until = True, reason, until
    _note(client, "group_held", {"reason": [None, reason], "held_until": [None, until]})


def release(client: Client, *, by: User) -> None:
    """From now on the rules decide again."""
    if not may_hold(client, by):
        raise NotAllowed(
            _("This client is somebody else's: only its curator, the head and the admin change it.")
        )
    standing = of(client)
    if standing is None or not is_held(standing):
        raise DomainError(_("Nobody holds this client by hand."))
    _note(client, "group_released", {"held_until": [standing.held_until, clock.now()]})
    standing.held_until = clock.now()


def _note(client: Client, kind: str, data: dict[str, list[Any]]) -> None:
    """It hangs on the client, as a move does: an act on many that is undone sees that somebody decided."""
    said = {name: pair for name, pair in data.items() if pair != [None, None]}
    db.flush()
    journal.note(db, kind, said, subject="client", subject_id=client.id, client_id=client.id)


@event.listens_for(Session, "before_flush")
def _by_hand(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    moved = [row for row in session.dirty if isinstance(row, Client) and _moves(row)]
    if not moved:
        return
    known = {row.client_id: row for row in session.scalars(standings_of([client.id for client in moved]))}
    for client in moved:
        standing = known.get(client.id) or GroupStanding(client_id=client.id)
        standing.since, standing.by_hand, standing.facts = clock.now(), True, {}
        standing.rule_id = standing.rule_version = None
        standing.reason, standing.held_until = client.group_reason[:500], client.group_until
        session.add(standing)


def _moves(client: Client) -> bool:
    attrs = inspect(client).attrs
    by_row, by_id = attrs.group.history, attrs.group_id.history
    if by_row.added and by_row.deleted:
        return by_row.added[0] is not by_row.deleted[0]
    return bool(by_id.added and by_id.deleted and by_id.added != by_id.deleted) or bool(
        by_row.added and by_row.added[0] is not None and by_row.added[0].id != client.group_id
    )


# Of many clients at once, past the flush


def standing_now(session: Session, client_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """How these clients stand, so that it can be kept and put back."""
    asked = select(_TABLE).where(among(_TABLE.c.client_id, client_ids))
    return {
        row["client_id"]: {name: _plain(row[name]) for name in _KEPT}
        for row in session.execute(asked).mappings()
    }


def put(session: Session, standings: dict[int, dict[str, Any] | None]) -> None:
    """Each client stands so from now on; None: nobody and no rule has moved it yet."""
    ids = list(standings)
    session.connection().execute(delete(_TABLE).where(among(_TABLE.c.client_id, ids)))
    rows = [
        {"client_id": client_id, **{name: _read(name, kept.get(name)) for name in _KEPT}}
        for client_id, kept in standings.items()
        if kept is not None
    ]
    insert_rows(session, _TABLE, rows)


def by_hand(reason: str) -> dict[str, Any]:
    now = clock.now().isoformat()
    return {"since": now, "facts": {}, "by_hand": True, "reason": reason[:500]}


def by_rule(given: dict[str, Any]) -> dict[str, Any]:
    """As an act of the rules has decided: which one, which version, and by which values."""
    now = clock.now().isoformat()
    return {
        "since": now, "rule_id": given["rule"], "rule_version": given["version"], "facts": given["facts"],
        "by_hand": False, "reason": "",
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name in _MOMENTS and value else value
