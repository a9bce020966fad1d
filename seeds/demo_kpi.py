"""What the head has agreed on with the managers: norms, a newcomer's own; and what comes to her by letter."""

from datetime import time, timedelta

from crmadmin.core import clock
from crmadmin.core.db import act_as
from crmadmin.reports.indicators import INDICATORS
from crmadmin.rules.working_days import working_day
from crmadmin.services import norms, report_letters
from crmadmin.services.norms import Wanted
from models import User
from models.kinds import Every, Role
from seeds.demo_days import at, working_before
from seeds.demo_lives import NEWCOMER, Times
from seeds.demo_silence import HEAD

Bounds = dict[str, tuple[float | None, float | None]]

AGREED_DAYS = 300
NEW_FOR = timedelta(days=90)
NORMS: Bounds = {
    "contacts": (12, 36),
    "meetings": (1, 8),
    "proposals": (None, 8),
    "top_share": (None, 0.4),
    "promises_kept": (0.75, None),
    "quality": (0.35, None),
    "coverage": (0.6, None),
    "lag": (None, 24),
}
"""Of whoever sells, for a working week; of a share or a delay the number itself."""
OF_A_NEWCOMER: Bounds = {"contacts": (4, 30), "meetings": (0, 8)}


def tell(staff: dict[str, User], times: Times, scale: float) -> None:
    """In the order of time: the norms of the role, those of the newcomer, the letters."""
    head, newcomer = staff[HEAD], staff[NEWCOMER]
    act_as(head)
    with clock.stopped_at(at(working_day(times.today - timedelta(days=AGREED_DAYS)), time(10, 0))):
        _agree(NORMS, None, scale, head)
    with clock.stopped_at(at(times.joined, time(10, 0))):
        _agree(OF_A_NEWCOMER, newcomer, 1.0, head)  # his clients are as many in any company
    with clock.stopped_at(at(working_before(times.today), time(20, 20))):
        report_letters.set_up(report_letters.Wanted("team", Every.week, [head]), by=head)
        own = report_letters.Wanted("person", Every.week, [head, newcomer], newcomer)
        report_letters.set_up(own, by=head)
    act_as(None)


def _agree(bounds: Bounds, person: User | None, scale: float, by: User) -> None:
    """In a smaller company there is less to do for each."""
    first = clock.now().date()
    last = first + NEW_FOR if person else None
    role = None if person else Role.manager
    for indicator, pair in bounds.items():
        part = scale if INDICATORS[indicator].adds_up else 1.0
        low, high = (None if bound is None else round(bound * part, 2) for bound in pair)
        norms.add(Wanted(indicator, person, role, low, high, first, last), by=by)
