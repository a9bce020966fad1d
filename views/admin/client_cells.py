"""The cells of the clients' list that are changed in place: group, curator, city, next contact."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import request

from crmadmin.core import i18n
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, lazy
from crmadmin.core.permissions import Permission
from crmadmin.queries import choices
from crmadmin.queries.meanwhile import latest_plan_of
from crmadmin.services import assignment, clients, interactions, next_contact
from crmadmin.services.meanwhile import entries_of
from models import Client, ClientGroup, JournalEntry, User
from models.base import Base
from views import quick
from views.admin.filters import row_id
from views.admin.inline import Cell
from views.base import me
from views.fields import read_moment, text_or_blank


def whose(client: Client) -> str:
    """To somebody who may not change this client."""
    curator = client.curator.name if client.curator else _("nobody")
    only = _("only the curator, the head and the admin change this client")
    return _("Curator: %(name)s; %(only)s.", name=curator, only=only)


def _whose_plan(client: Client) -> str:
    plan = next_contact.planned(client)
    if plan is None or interactions.may_correct(plan, me()):
        return ""
    return _("This contact is planned for %(name)s: it is not yours to move.", name=plan.person.name)


def _latest(field: str) -> Callable[[Client], tuple[JournalEntry | None, Any]]:
    def latest(client: Client) -> tuple[JournalEntry | None, Any]:
        entry, pair = entries_of(client, [field]).get(field, (None, [None, None]))
        return entry, pair[0]

    return latest


def _chosen(entity: type[Base], typed: str) -> Any:
    """A row that is on offer; None for a blank."""
    if not typed:
        return None
    try:
        offered = choices.curators(me()) if entity is User else choices.in_use(ClientGroup)(me())
        row = db.scalar(offered.where(entity.id == row_id(typed)))  # pyright: ignore[reportArgumentType]
    except ValueError:
        row = None
    if row is None:
        raise DomainError(_("This is not among what you may choose."))
    return row


def _put_group(client: Client, typed: str) -> None:
    group = _chosen(ClientGroup, typed)
    if group is None:
        raise DomainError(_("Choose a group."))
    client.group, client.group_reason = group, _reason()
    clients.check(client, by=me())


def _put_curator(client: Client, typed: str) -> None:
    assignment.assign(client, _chosen(User, typed), reason=_reason(), by=me())
    clients.check(client, by=me())


def _reason() -> str:
    typed = text_or_blank(request.form.get("reason", ""))
    if len(typed) > 500:
        raise DomainError(_("A reason is of 500 signs at most."))
    return typed


def _put_city(client: Client, typed: str) -> None:
    city = " ".join(typed.split())
    if len(city) > _LONGEST_CITY:
        raise DomainError(_("A city is of %(signs)s signs at most.", signs=_LONGEST_CITY))
    client.city = city
    clients.check(client, by=me())


def _plan(client: Client) -> str:
    plan = next_contact.planned(client)
    return f"{plan.id} {i18n.local(plan.happened_at):%Y-%m-%dT%H:%M}" if plan else ""


def _latest_plan(client: Client) -> tuple[JournalEntry | None, Any]:
    entry = db.scalars(latest_plan_of(client)).first()
    old = entry.data.get("happened_at", [None])[0] if entry else None
    return entry, i18n.moment(datetime.fromisoformat(old)) if old else None


def _put_next_contact(client: Client, typed: str) -> None:
    next_contact.set_moment(client, _moment(client, typed), by=me())


def _moment(client: Client, typed: str) -> datetime | None:
    """What was typed, or one of the quick choices: that many days on, at the plan's own time of day."""
    if typed in quick.DAYS:
        plan = next_contact.planned(client)
        at = i18n.local(plan.happened_at).time() if plan else quick.USUAL_TIME
        return quick.moment(typed, at)
    try:
        return read_moment(typed) if typed else None
    except ValueError as error:
        raise DomainError(str(error)) from error


_LONGEST_CITY = 120

_CITY = Cell(
    label=lazy("City"),
    right=Permission.clients_change,
    now=lambda row: row.city,
    shown=lambda row: row.city,
    put=_put_city,
    redraws=("city", "region"),
    latest=_latest("city"),
    longest=_LONGEST_CITY,
)

CELLS = {
    "group": Cell(
        label=lazy("Group"),
        right=Permission.clients_group,
        now=lambda row: str(row.group_id),
        shown=lambda row: row.group.name,
        put=_put_group,
        redraws=("group", "silence"),
        latest=_latest("group"),
        kind="choice",
        options=choices.in_use(ClientGroup),
        reason=lazy("Why it moves"),
    ),
    "curator": Cell(
        label=lazy("Curator"),
        right=Permission.curators_change,
        now=lambda row: str(row.curator_id or ""),
        shown=lambda row: row.curator.name if row.curator else "",
        put=_put_curator,
        redraws=("curator",),
        latest=_latest("curator"),
        kind="choice",
        options=choices.curators,
        blank=lazy("nobody"),
        reason=lazy("Why the curator changes"),
    ),
    "city": _CITY,
    "region": _CITY,  # the cell shows the city above its region
    "next_contact_at": Cell(
        label=lazy("Next contact"),
        right=Permission.interactions_record,
        now=_plan,
        shown=lambda row: i18n.moment(row.next_contact_at) if row.next_contact_at else "",
        put=_put_next_contact,
        redraws=("next_contact_at", "silence", "last_contact_at"),
        latest=_latest_plan,
        own=False,
        refuses=_whose_plan,
        kind="moment",
        quick=quick.DAYS,
        typed=lambda now: now.partition(" ")[2],
    ),
}
