"""The numbers beside the menu, kept for a minute: what waits today, what is silent, what is promised."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import current_app
from sqlalchemy import ScalarSelect

from crmadmin.core import clock, i18n
from crmadmin.queries import alarms
from crmadmin.queries.today import numbers
from views.base import me, signed_in

KEPT = timedelta(minutes=1)
MOST_PEOPLE = 500  # whose numbers are kept


class _Kept(NamedTuple):
    at: datetime
    numbers: dict[str, int]


_kept: dict[int, _Kept] = {}


def to_ask() -> tuple[ScalarSelect[int], ...]:
    """What is to be asked anew for whoever looks; nothing while his numbers are fresh."""
    kept, now = _kept.get(me().id), clock.now()
    if kept is not None and not current_app.testing and timedelta(0) <= now - kept.at < KEPT:
        return ()
    mine = numbers(me(), now, i18n.start_of(i18n.today() + timedelta(days=1)))
    return (*mine, alarms.waiting(me()))


def keep(found: Sequence[int]) -> None:
    """The answers to that."""
    if not found:
        return
    if len(_kept) >= MOST_PEOPLE:
        _kept.clear()
    plans, due, late, silent, alarmed = found
    shown = {"/": plans + due, "/promises/": late, "/silence/": silent, "/alarms/": alarmed}
    _kept[me().id] = _Kept(clock.now(), shown)


def kept() -> dict[str, int]:
    """Number by address of the menu."""
    found = _kept.get(me().id)
    return found.numbers if found else {}


def forget() -> None:
    """What somebody has just done shows at once."""
    if signed_in():
        _kept.pop(me().id, None)
