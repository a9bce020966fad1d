"""What the feed of the team's history asks again and again: what was written down since, each thing once.

An address says a place, and which of the rows after it are known. Whoever keeps his record slowly may have
written it down before what is known: the last seconds are read again, and what is known is left out.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from flask import url_for

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.queries import history
from crmadmin.queries.history import FRESH, KNOWN, OVERLAP, Place
from models import User
from views.admin.filters import row_id

_START = datetime.fromtimestamp(0, tz=UTC)


class Known(NamedTuple):
    """All that was written down up to a place, and these rows after it."""

    after: Place
    ids: frozenset[int]


def last_written(viewer: User) -> Known:
    """All there is now."""
    rows = [Place(at, id) for id, at in db.execute(history.written_lately(viewer))][::-1]
    return _known(Place(clock.now() - OVERLAP, 1), rows)


def since(viewer: User, known: Known) -> tuple[list[int], Known]:
    """What is not known yet, in the order of writing, as many as are put in at once; and what is known then.

    It goes on whatever a filter leaves of it: what is read is bounded, however long one looks.
    """
    rows, found = list[Place](), list[int]()
    for id, at in db.execute(history.written_since(viewer, known.after)):
        if id not in known.ids:
            found.append(id)
        rows.append(Place(at, id))
        if len(found) == FRESH:
            break
    return found, _known(known.after, rows)


def _known(after: Place, rows: Sequence[Place]) -> Known:
    """From the last row on that is too old, or one too many, to be read again."""
    if not rows:
        return Known(after, frozenset())
    old = [n for n, row in enumerate(rows) if row.at <= rows[-1].at - OVERLAP]
    begin = max([n + 1 for n in old[-1:]] + [len(rows) - KNOWN, 0])
    return Known(rows[begin - 1] if begin else after, frozenset(row.id for row in rows[begin:]))


# As an address says it


def place(text: str) -> Place | None:
    """Microseconds since 1970, a dash, an id."""
    at, dash, id = text.partition("-")
    if not dash or not (at.isascii() and at.isdecimal() and len(at) <= 17):
        return None
    try:
        return Place(_START + timedelta(microseconds=int(at)), row_id(id))
    except (ValueError, OverflowError):
        return None


def text(place: Place) -> str:
    return f"{(place.at - _START) // timedelta(microseconds=1)}-{place.id}"


def read(args: Mapping[str, str]) -> Known | None:
    after = place(args.get("after", ""))
    known = args.get("known", "").split(".")[:KNOWN]
    ids = (int(each) for each in known if each.isascii() and each.isdecimal() and len(each) <= 10)
    return Known(after, frozenset(ids)) if after else None


def address(args: Sequence[tuple[str, str]], known: Known) -> str:
    """Where to ask next, with these filters."""
    ids = ".".join(map(str, sorted(known.ids)))
    said = [*args, ("after", text(known.after)), *([("known", ids)] if ids else [])]
    return f"{url_for('history.fresh')}?{urlencode(said)}"
