"""What may be chosen for an act on many clients, and by whom."""

from datetime import datetime, timedelta
from typing import Any

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries.choices import CURATING
from crmadmin.services.assignment import must_be_here
from crmadmin.services.interactions import check_moment
from models import BulkAct, Channel, ClientGroup, InteractionKind, Tag, User
from models.kinds import BulkKind

FURTHEST = timedelta(days=366)
MOST_A_DAY = 1_000

RIGHTS = {
    BulkKind.group: Permission.clients_group,
    BulkKind.curator: Permission.curators_change,
    BulkKind.tag: Permission.clients_change,
    BulkKind.untag: Permission.clients_change,
    BulkKind.channel: Permission.clients_change,
    BulkKind.plan: Permission.interactions_record,
    BulkKind.archive: Permission.clients_change,
    BulkKind.restore: Permission.clients_change,
    BulkKind.rules: Permission.group_rules_change,
}
CHOSEN = tuple(kind for kind in BulkKind if kind is not BulkKind.rules)
"""What people choose to do with the clients of a list; the rules have a page of their own."""
TARGETS: dict[BulkKind, Any] = {
    BulkKind.group: ClientGroup,
    BulkKind.curator: User,
    BulkKind.tag: Tag,
    BulkKind.untag: Tag,
    BulkKind.channel: Channel,
    BulkKind.plan: InteractionKind,
}
WITH_REASON = {BulkKind.group, BulkKind.curator}
MAY_BE_NOTHING = {BulkKind.curator, BulkKind.channel}  # nobody's client, no channel


def may(kind: BulkKind, by: User) -> bool:
    """Acts on many clients are for whoever changes clients' cards, each act with the right of its own."""
    return allows(by.role, Permission.clients_change) and allows(by.role, RIGHTS[kind])


def check_rights(act: BulkAct, *, by: User | None) -> None:
    """What must hold for each slice too.

    The rest holds when the act begins and is not asked again: a day that is past by now, or a group
    switched off meanwhile, would leave it half done for ever.
    """
    if by is None and act.kind is BulkKind.rules:
        return  # the program itself, at night
    if by is None or not may(act.kind, by):
        raise NotAllowed(_("This is not yours to do."))
    if act.parameters.get("whose") == "curator" and not allows(by.role, Permission.every_row):
        raise NotAllowed(_("You plan for yourself; the head and the admin may plan for others."))


def check(act: BulkAct, *, by: User, to_look: bool = False) -> None:
    """What must hold before anything is done; the name of the target is kept with the act.

    ``to_look``: only as far as a preview needs it, which asks for no reason and no moment.
    """
    check_rights(act, by=by)
    asked = dict(act.parameters)
    asked["target"] = _target(act)
    if to_look:
        return
    if act.kind in WITH_REASON and not asked.get("reason"):
        raise DomainError(_("Say why: the reason stands in the journal of each client."), field="reason")
    if act.kind is BulkKind.plan:
        _check_plan(asked)
    if asked != act.parameters:
        act.parameters = asked


def _target(act: BulkAct) -> str:
    table = TARGETS.get(act.kind)
    if table is None:
        return ""
    if act.target_id is None:
        if act.kind in MAY_BE_NOTHING and act.parameters.get("nothing"):
            return ""
        raise DomainError(_("Choose one."), field="target")
    row = db.get(table, act.target_id)
    if row is None or (act.kind is BulkKind.curator and row.role not in CURATING):
        raise DomainError(_("This is not among what you may choose."), field="target")
    if act.kind is BulkKind.curator:
        must_be_here(row, field="target")
    if not row.active and act.kind is not BulkKind.untag:
        raise DomainError(_("This is not among what you may choose."), field="target")
    return row.name if act.kind is BulkKind.curator else row.name_ru


def _check_plan(asked: dict[str, Any]) -> None:
    if not asked.get("at"):
        raise DomainError(_("Say when."), field="at")
    at = datetime.fromisoformat(asked["at"])
    check_moment(at, field="at")
    if at > clock.now() + FURTHEST:
        raise DomainError(_("Plan it for a day from today on, within a year."), field="at")
    per_day = asked.get("per_day")
    if per_day is not None and not 1 <= per_day <= MOST_A_DAY:
        raise DomainError(_("From 1 to %(most)s a day.", most=MOST_A_DAY), field="per_day")
