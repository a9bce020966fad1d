"""Numbers of the department, kept for a minute: many look at them, and nobody needs them to the second."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from flask import current_app

from crmadmin.core import clock

KEPT = timedelta(minutes=1)

Answer = TypeVar("Answer")


class _Kept(NamedTuple):
    at: datetime
    answer: Any


_kept: dict[Hashable, _Kept] = {}


def for_a_minute(what: Hashable, ask: Callable[[], Answer]) -> Answer:
    """What was answered less than a minute ago, else what is answered now; in tests always the latter."""
    known, now = _kept.get(what), clock.now()
    if known is not None and not current_app.testing and timedelta(0) <= now - known.at < KEPT:
        return known.answer
    found = ask()
    _kept[what] = _Kept(now, found)
    return found


def forget() -> None:
    """What somebody has just done shows at once."""
    _kept.clear()
