"""The rules of groups applied to everybody: an act on many clients, done slice by slice and undone as one.

Which of them move is decided as each slice is done (``grouping_moves``), by the very rules that were shown.
"""

import secrets

from crmadmin.core.db import db
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.queries.facts import how_many
from crmadmin.services import bulk, bulk_parameters
from crmadmin.services.grouping import Sorter, everybody
from models import BulkAct, User
from models.kinds import BulkKind


def begin(*, shown: str | None = None, key: str = "", by: User | None) -> BulkAct:
    """Begin the act; ``bulk.go_on`` does it. ``shown``: the mark of the rules that somebody was shown.

    By nobody: the program itself, at night.
    """
    sorter = Sorter.now()
    if not sorter.rules:
        raise DomainError(_("No rule is switched on."))
    if shown is not None and shown != sorter.mark:
        raise DomainError(_("The rules were changed since you were shown what they do: look again."))
    act = BulkAct(
        kind=BulkKind.rules,
        parameters={"rules": sorter.mark},
        key=key or secrets.token_urlsafe(24),
        address="",
    )
    bulk_parameters.check_rights(act, by=by)
    if known := bulk.keep(act, by=by):
        return known
    act.total = act.left = db.scalar(how_many()) or 0
    return act


def moves_anybody() -> bool:
    """Whether there is anything to do; nothing is changed by asking, and nobody waits meanwhile."""
    sorter = Sorter.now(of_everybody=True)
    if not sorter.rules:
        return False
    return any(each.decision.rule for ids in everybody() for each in sorter.decide(ids))
