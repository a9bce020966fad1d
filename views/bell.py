"""What every page shows beside itself: how many notices wait, whether anybody does the jobs, what is due."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import g

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.jobs.ticks import TICK
from crmadmin.queries.card_talk import bell_of
from crmadmin.queries.unfinished import has_unfinished, unfinished_of
from models import BulkAct
from views import counters
from views.base import me, signed_in

LATE = timedelta(minutes=5)
MOST = 2  # unfinished acts: one is named, of others it is said that there are some


class Bell(NamedTuple):
    """``at``: when the last tick was; ``is_left``: something begun with many clients is unfinished."""

    unread: int
    at: datetime | None
    is_left: bool

    @property
    def is_lit(self) -> bool:
        return self.at is not None and clock.now() - self.at < LATE


def bell() -> Bell:
    """Asked once a request, by one statement."""
    if "bell" not in g:
        g.bell = _asked() if signed_in() else Bell(0, None, False)
    return g.bell


def _asked() -> Bell:
    asked = bell_of(me(), TICK).add_columns(has_unfinished(me()), *counters.to_ask())
    unread, at, is_left, *numbers = db.execute(asked).one()
    counters.keep(numbers)
    return Bell(unread, at, is_left)


def menu() -> dict[str, int]:
    """The numbers beside the menu, by its addresses."""
    if not signed_in():
        return {}
    bell()
    return counters.kept()


def unread() -> int:
    """How many notices whoever looks has not seen."""
    return bell().unread


def unfinished() -> Sequence[BulkAct]:
    """What whoever looks has begun with many clients and left in the middle: a question more only then."""
    return db.scalars(unfinished_of(me()).limit(MOST)).all() if bell().is_left else ()
