"""What the rules of groups do each night: one act, slice by slice, so that nobody waits long for his turn."""

import logging
from collections.abc import Callable
from time import sleep

from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError
from crmadmin.jobs.ticks import Work
from crmadmin.services import bulk, grouping_run
from models import BulkAct

log = logging.getLogger("crmadmin.groups")


def sort(work: Work) -> str:
    """For the catalogue of jobs: how many have moved, blank where nobody has."""
    act = run_due(hold=work.hold)
    return str(act.total) if act else ""


def run_due(*, hold: Callable[[], object] = lambda: None) -> BulkAct | None:
    """Sort everybody by the rules in force; None, and no trace, where nobody moves.

    Where somebody changes the rules meanwhile, the rest waits for the next night. ``hold`` is called with
    each slice, so that nobody else begins the same.
    """
    due = grouping_run.moves_anybody()
    db.remove()  # it was only read so far, and for a while: whoever writes begins anew
    if not due:
        return None
    with transaction():
        act = grouping_run.begin(by=None)
    while bulk.is_running(act):
        hold()
        sleep(bulk.pause())
        try:
            with transaction():
                act = bulk.go_on(act.id, by=None)
        except DomainError as refusal:
            log.warning("the rest stays where it is: %s", refusal)
            break
    return act
