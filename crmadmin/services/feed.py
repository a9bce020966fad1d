"""Somebody's calendar: what he is to do with clients, for the calendar on his telephone.

It says whom to speak with and how to reach them. What was said, notes and requests stay in the program: a
calendar is often kept by somebody else's server.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypedDict

from crmadmin.core import clock
from crmadmin.core.config import Settings
from crmadmin.core.db import db
from crmadmin.core.i18n import _, at_minute, local, start_of
from crmadmin.formats import ical
from crmadmin.formats.ical import Event
from crmadmin.queries import feed as asked
from crmadmin.rules import recurring
from models import Client, Promise, RecurringPlan, User, Wish
from models.kinds import InteractionState, PromiseSide

PAST, AHEAD = timedelta(days=30), timedelta(days=365)
REMIND = timedelta(minutes=15)


class _About(TypedDict):
    place: str
    text: str
    link: str


@dataclass(frozen=True)
class _Asked:
    person: User
    settings: Settings
    at: datetime

    @property
    def start(self) -> datetime:
        """A whole day, so that the feed does not become another one with every minute."""
        return start_of((local(self.at) - PAST).date())

    @property
    def end(self) -> datetime:
        return start_of((local(self.at) + AHEAD).date())


def of(person: User, settings: Settings) -> bytes:
    """In the language that is spoken; the same bytes while nothing changes."""
    these = _Asked(person, settings, clock.now())
    events = [*_contacts(these), *_again(these), *_promises(these), *_wishes(these)]
    return ical.written(_("CRM: %(name)s", name=person.name), events)


def _contacts(these: _Asked) -> Iterator[Event]:
    rows = db.scalars(asked.contacts(these.person, these.at, these.start, these.end)).all()
    known = _changes("interaction", rows)
    for row in rows:
        number, changed = known.get(row.id, (0, row.recorded_at))
        yield Event(
            _uid("interaction", row.id, these),
            f"{row.kind}: {row.client}",
            row.happened_at,
            changed,
            number=number,
            minutes=row.minutes or row.kind.usual_minutes or 30,
            remind=REMIND if row.state is InteractionState.planned else None,
            **_about(row.client, these, [str(each) for each in row.contact_persons]),
        )


def _again(these: _Asked) -> Iterator[Event]:
    """What follows the next one of a series, which is a plan like any other."""
    for row, planned, day_of_plan in db.execute(asked.series(these.person)):
        plan: RecurringPlan = row
        stands = local(planned or these.at).date()
        first = max(stands, day_of_plan or stands) + timedelta(days=1)
        last = local(these.end).date()
        for day in recurring.between(plan.rule, plan.starts_on, plan.until_on, first, last):
            yield Event(
                _uid(f"series-{plan.id}", f"{day:%Y%m%d}", these),
                f"{plan.kind}: {plan.client}",
                at_minute(day, plan.minute),
                plan.made_at,
                minutes=plan.kind.usual_minutes or 30,
                **_about(plan.client, these),
            )


def _promises(these: _Asked) -> Iterator[Event]:
    rows: Any = db.scalars(asked.promises(these.person, these.start, these.end)).all()
    known = _changes("promise", rows)
    for row in rows:
        promise: Promise = row
        number, changed = known.get(promise.id, (0, promise.made_at))
        ours = promise.side is PromiseSide.ours
        words = _("Promised to %(client)s") if ours else _("%(client)s promised us")
        last_moment = promise.due_at - timedelta(microseconds=1)
        yield Event(
            _uid("promise", promise.id, these),
            words % {"client": promise.client},
            local(last_moment).date() if promise.whole_day else promise.due_at - timedelta(minutes=15),
            changed,
            number=number,
            minutes=15,
            **_about(promise.client, these),
        )


def _wishes(these: _Asked) -> Iterator[Event]:
    first, last = local(these.start).date(), local(these.end).date()
    rows: Any = db.scalars(asked.wishes(these.person, these.at, first, last)).all()
    known = _changes("wish", rows)
    for row in rows:
        wish: Wish = row
        number, changed = known.get(wish.id, (0, wish.made_at))
        title = _("Come back to %(client)s", client=wish.client)
        uid = _uid("wish", wish.id, these)
        if wish.come_back_on is not None:
            about = _about(wish.client, these)
            yield Event(uid, title, wish.come_back_on, changed, number=number, **about)


def _changes(subject: str, rows: Any) -> dict[int, tuple[int, datetime]]:
    """How often each was changed, and when last: the journal knows."""
    found = db.execute(asked.changes(subject, [row.id for row in rows]))
    return {row.id: (row.number - 1, row.last) for row in found}


def _about(client: Client, these: _Asked, with_whom: list[str] | None = None) -> _About:
    link = f"{these.settings.address}/clients/{client.id}"
    telephones = [each.typed for each in client.telephones]
    lines = [*(with_whom or []), *telephones, link]
    place = ", ".join(part for part in (client.city, client.address) if part)
    return {"place": place, "text": "\n".join(lines), "link": link}


def _uid(of: str, id: Any, these: _Asked) -> str:
    """Of this installation: two of them may stand in one calendar."""
    secret = these.settings.secret_key
    mark = sha256(f"calendar {secret}".encode()).hexdigest()[:16]
    return f"{of}-{id}@{mark}.crmadmin"
