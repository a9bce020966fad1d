"""What is due is told to whoever answers for it: once, and after a time without ticks too."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.i18n import local, start_of
from crmadmin.queries import absences
from crmadmin.queries import reminders as asked
from crmadmin.services import department, notices
from crmadmin.services.department import REQUEST_TOLD_DAYS
from crmadmin.services.interactions import MANAGER_MAY_SET_BACK
from crmadmin.services.notices import Telling
from models import User
from models.kinds import NoticeKind

SOON = timedelta(minutes=30)
PROMISED_SOON = timedelta(days=1)
BACK = timedelta(days=1)  # looked at again: what was written down late, or set back
LONGEST = timedelta(days=60)  # nobody is told of what is older


def tell(since: datetime | None) -> int:
    """How many were told. ``since``: when it was last done; what is older than a day before was told then."""
    at = clock.now()
    since = max(min(since or at, at) - BACK, at - LONGEST)
    return notices.tell_each(_all(at, since, _Hands(at)))


def _all(at: datetime, since: datetime, hands: "_Hands") -> Iterator[Telling]:
    yield from _contacts(at, since, hands)
    yield from _promises(at, since, hands)
    yield from _requests(at, since, hands)
    yield from _wishes(at, since, hands)


def _contacts(at: datetime, since: datetime, hands: "_Hands") -> Iterator[Telling]:
    """Half an hour before; and once more on the day after, if it is still but planned."""
    today = start_of(local(at).date())
    for row in db.execute(asked.contacts_planned(since - BACK, at + SOON)):
        late = row.at < today
        data = {"kind": {"ru": row.kind_ru, "en": row.kind_en}, "at": row.at.isoformat(), "late": late}
        key = f"contact-{row.id}-{row.at:%Y%m%d%H%M}{'-late' if late else ''}"
        who = [hands.instead_of(row)]
        yield from _tellings(who, NoticeKind.contact_due, key, row, "interaction", data)


def _promises(at: datetime, since: datetime, hands: "_Hands") -> Iterator[Telling]:
    """A day before, and when it is overdue: then the client's curator is told too."""
    for row in db.execute(asked.promises_open(since - BACK, at + PROMISED_SOON)):
        late = row.at <= at
        kind = NoticeKind.promise_overdue if late else NoticeKind.promise_due
        data: dict[str, Any] = {"text": row.text[:200], "side": row.side.value, "whole": row.whole_day}
        data["at"] = row.at.isoformat()
        who = [hands.instead_of(row), *([hands.curating(row)] if late else [])]
        key = f"promise-{row.id}-{row.at:%Y%m%d%H%M}{'-late' if late else ''}"
        yield from _tellings(who, kind, key, row, "promise", data)


def _requests(at: datetime, since: datetime, hands: "_Hands") -> Iterator[Telling]:
    """After as many days as were agreed on; made fewer, those that waited for the old number are told too."""
    days, before = department.value_of(REQUEST_TOLD_DAYS), department.value_at(REQUEST_TOLD_DAYS, since)
    after = since - timedelta(days=max(days, before))
    earliest = after - MANAGER_MAY_SET_BACK - BACK
    for row in db.execute(asked.requests_waiting(after, at - timedelta(days=days), earliest, since)):
        data = {"text": row.request[:200], "at": row.at.isoformat()}
        who = [hands.instead_of(row), hands.curating(row)]
        yield from _tellings(who, NoticeKind.request_waits, f"request-{row.id}", row, "interaction", data)


def _wishes(at: datetime, since: datetime, hands: "_Hands") -> Iterator[Telling]:
    for row in db.execute(asked.wishes_returning(local(since).date(), local(at).date())):
        who = [hands.curating(row) or row.person_id]
        key = f"wish-{row.id}-{row.on:%Y%m%d}"
        yield from _tellings(who, NoticeKind.wish_returns, key, row, "wish", {"text": row.words[:200]})


def _tellings(
    who: Iterable[int | None], kind: NoticeKind, key: str, row: Any, subject: str, data: dict[str, Any]
) -> Iterator[Telling]:
    said = {"client": row.client, **data}
    for person_id in {id for id in who if id is not None}:
        yield Telling(person_id, kind, key, row.client_id, subject, row.id, said)


class _Hands:
    """Whose hands a client is in at the moment: those of whoever acts for a curator who is away."""

    def __init__(self, at: datetime) -> None:
        away = db.scalars(absences.everybody_away(at)).unique()
        self.acting: dict[int, dict[int | None, int]] = {
            each.person_id: {one.group_id: one.substitute_id for one in each.substitutions} for each in away
        }
        self.here = set(db.scalars(select(User.id).where(User.active)))

    def curating(self, row: Any) -> int | None:
        """The client's curator, or whoever acts for him; nobody where he has left."""
        if row.curator_id not in self.here:
            return None
        acting = self.acting.get(row.curator_id, {})
        return acting.get(row.group_id, acting.get(None, row.curator_id))

    def instead_of(self, row: Any) -> int | None:
        """Whoever is to do it: of a curator who is away, his substitute; of whoever has left, the curator."""
        if row.person_id == row.curator_id or row.person_id not in self.here:
            return self.curating(row)
        return row.person_id
