"""Who was first: the claims of everybody who ever worked with a client, the rule's verdict, the head's."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import first_touch as asked
from crmadmin.rules import first_touch as rule
from crmadmin.services import department
from models import Client, CuratorPeriod, FirstTouchDecision, User

LONGEST_REASON = 500
GAPS = 3  # shown of each claim


class Gap(NamedTuple):
    """From one contact of his to the next."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass
class Claim:
    """What somebody has to show for himself: his contacts with the client, and his periods as its curator.

    ``first_id`` is the record of the first contact. ``gaps`` are the times between two of his contacts that
    follow each other.
    """

    person: User
    first_id: int | None = None
    first_at: datetime | None = None
    first_recorded_at: datetime | None = None
    last_at: datetime | None = None
    count: int = 0
    late: int = 0
    minutes: int = 0
    estimated: int = 0  # of the minutes, those that are only usual
    gaps: list[Gap] = field(default_factory=list[Gap])
    present: int = 0
    periods: list[CuratorPeriod] = field(default_factory=list[CuratorPeriod])

    @property
    def first_is_late(self) -> bool:
        both = self.first_at and self.first_recorded_at
        return bool(both) and rule.is_late(self.first_at, self.first_recorded_at)  # pyright: ignore[reportArgumentType]

    @property
    def longest_gaps(self) -> list[Gap]:
        """The longest first; less than a day is none."""
        several = [gap for gap in self.gaps if gap.length >= timedelta(days=1)]
        return sorted(several, key=lambda gap: (-gap.length, gap.start))[:GAPS]

    def add(self, row: Any) -> None:
        """The next contact of his, in the order of time."""
        if self.last_at is None:
            self.first_id, self.first_at, self.first_recorded_at = row.id, row.happened_at, row.recorded_at
        else:
            self.gaps.append(Gap(self.last_at, row.happened_at))
        self.last_at = row.happened_at
        self.count += 1
        self.late += rule.is_late(row.happened_at, row.recorded_at)
        self.minutes += row.minutes
        self.estimated += row.minutes if row.estimated else 0


@dataclass(frozen=True)
class Found:
    """All that is known of whose client it was first; of the ``decisions`` the first one counts."""

    days: int
    claims: Sequence[Claim]
    holds: Sequence[tuple[Sequence[User], rule.Hold]]
    verdict: rule.Verdict
    holder: User | None  # by the rule
    decisions: Sequence[FirstTouchDecision]

    @property
    def decision(self) -> FirstTouchDecision | None:
        return self.decisions[0] if self.decisions else None


def of(client: Client) -> Found:
    """The claims, in the order of first contacts, and the verdict of this moment."""
    days = department.value_of(department.FIRST_TOUCH_DAYS)
    contacts = db.execute(asked.contacts_of(client)).all()
    present = {person: count for person, count in db.execute(asked.present_at(client))}  # noqa: C416 - rows
    periods: dict[int, list[CuratorPeriod]] = defaultdict(list)
    for period in db.scalars(asked.periods_of(client)):
        periods[period.curator_id].append(period)
    ids = {row.person_id for row in contacts} | present.keys() | periods.keys()
    people = {each.id: each for each in db.scalars(asked.people_named(ids))}
    claims = {
        id: Claim(person, present=present.get(id, 0), periods=periods.get(id, []))
        for id, person in people.items()
    }
    for row in contacts:
        claims[row.person_id].add(row)
    touches = [rule.Touch(row.person_id, row.happened_at, row.recorded_at) for row in contacts]
    verdict = rule.verdict(touches, days, clock.now())
    return Found(
        days=days,
        claims=sorted(claims.values(), key=_place),
        holds=[(_named(hold, people), hold) for hold in rule.holds(touches, days)],
        verdict=verdict,
        holder=people[verdict.person] if verdict.person is not None else None,
        decisions=db.scalars(asked.decisions_on(client)).all(),
    )


def decide(client: Client, person_id: int | None, reason: str, *, by: User) -> FirstTouchDecision:
    """The head's word on whose client it was first; the ones before stay."""
    if not allows(by.role, Permission.first_touch_decide):
        raise NotAllowed(_("Only the head and the admin decide whose client it was first."))
    if person_id is None or not db.scalar(select(asked.has_worked_with(person_id, client.id))):
        raise DomainError(_("Choose somebody who has worked with this client."), field="person")
    if not reason.strip():
        raise DomainError(_("Say why: those who disagree will ask."), field="reason")
    if len(reason.strip()) > LONGEST_REASON:
        raise DomainError(_("Say it in %(most)s signs.", most=LONGEST_REASON), field="reason")
    decision = FirstTouchDecision(
        client_id=client.id,
        person_id=person_id,
        reason=reason.strip(),
        decided_at=clock.now(),
        decided_by_id=by.id,
    )
    db.add(decision)
    db.flush()
    return decision


def _named(hold: rule.Hold, people: dict[int, User]) -> list[User]:
    return sorted((people[id] for id in hold.persons), key=lambda each: (each.name, each.id))


def _place(claim: Claim) -> tuple[bool, datetime, int]:
    """By the first contact; who never spoke comes after, by the beginning of his first period."""
    begun = claim.periods[0].started_at if claim.periods else clock.now()
    return claim.first_at is None, claim.first_at or begun, claim.person.id
