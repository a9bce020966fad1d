"""One client of the invented company about whom there was a dispute: told act by act, at set distances."""

import tomllib
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import Database, act_as
from crmadmin.reports.dispute import Audience, Order
from crmadmin.rules.working_days import is_working, working_day
from crmadmin.services import (
    anchors,
    assignment,
    clients,
    contact_persons,
    dispute,
    first_touch,
    interactions,
)
from models import (
    Channel,
    Client,
    ClientGroup,
    Comment,
    ContactPerson,
    Interaction,
    InteractionKind,
    Result,
    User,
)
from models.kinds import Direction, InteractionState
from seeds.demo_days import at

DATA = Path(__file__).parent / "data"


class Dispute:
    """Dmitry called first and let it rest; Anna met them at an exhibition and wrote that down a week late."""

    def __init__(self, session: Database, staff: dict[str, User], language: str, today: date) -> None:
        self.session, self.staff, self.today = session, staff, today
        self.before = at(today - timedelta(days=999), time())
        self.words: dict[str, Any] = tomllib.loads(
            (DATA / f"demo_dispute_{language}.toml").read_text(encoding="utf-8")
        )

    def play(self) -> None:
        self._begin()
        self._spoke(140, "dmitry", "call", "cold", "call_back")
        self._spoke(138, "dmitry", "letter", "letter", "postponed")
        self._spoke(68, "anna", "meeting", "fair", "next_meeting", late=True)
        agreed = self._spoke(60, "anna", "negotiation", "samples", "agreed", incoming=True)
        self._hand_over(58)
        self._correct(agreed, 55)
        self._comment(54)
        self._spoke(33, "anna", "call", "claim", "complaint", incoming=True)
        self._spoke(26, "olga", "meeting", "talk", "solved")
        self._prove(19)

    def _now(self, days_ago: int, hour: int, minute: int = 0) -> AbstractContextManager[datetime]:
        """That day, or the first working day after it on which it comes after what was before it."""
        day = working_day(self.today - timedelta(days=days_ago))
        while (moment := at(day, time(hour, minute))) <= self.before:
            day = working_day(day + timedelta(days=1))
        self.before = moment
        return clock.stopped_at(moment)

    def _happened(self, recorded: datetime, late: bool) -> datetime:
        """Within the hour; or about a week earlier, on a working day within the 14 that are allowed."""
        if not late:
            return recorded - timedelta(minutes=50)
        back = next(days for days in (*range(7, 14), *range(6, 0, -1), 14)
                    if is_working(recorded.date() - timedelta(days=days)))  # fmt: skip
        return recorded - timedelta(days=back)

    def _of(self, table: type[Any], code: str) -> Any:
        return self.session.scalar(select(table).where(table.code == code))

    def _by(self, login: str) -> User:
        act_as(self.staff[login])
        return self.staff[login]

    def _begin(self) -> None:
        with self._now(140, 9, 50):
            by = self._by("dmitry")
            self.client = Client(
                name=self.words["name"],
                city=self.words["city"],
                group=self._of(ClientGroup, "promising"),
                channel=self._of(Channel, "cold_call"),
                curator=by,
            )
            clients.check(self.client, by=by, is_new=True)
            self.session.add(self.client)
            self.session.flush()
            self.person = ContactPerson(
                client=self.client,
                client_id=self.client.id,
                name=self.words["person"],
                job_title=self.words["title"],
            )
            contact_persons.check(self.person, by=by, is_new=True)
            self.session.add(self.person)
            self.session.flush()

    def _spoke(
        self,
        days_ago: int,
        login: str,
        kind: str,
        words: str,
        result: str,
        *,
        late: bool = False,
        incoming: bool = False,
    ) -> Interaction:
        with self._now(days_ago, 12, 20) as recorded:
            by = self._by(login)
            request, reaction, note = self.words["texts"][words]
            row = Interaction(
                client=self.client,
                kind=self._of(InteractionKind, kind),
                result=self._of(Result, result),
                state=InteractionState.held,
                person=by,
                direction=Direction.incoming if incoming else Direction.outgoing,
                happened_at=self._happened(recorded, late),
                minutes=30,
                contact_persons=[self.person],
                request=request,
                reaction=reaction,
                note=note,
            )
            interactions.check(row, by=by, is_new=True)
            self.session.add(row)
            self.session.flush()
        return row

    def _hand_over(self, days_ago: int) -> None:
        with self._now(days_ago, 9, 10):
            by = self._by("olga")
            assignment.assign(self.client, self.staff["anna"], reason=self.words["handed"], by=by)
            self.session.flush()

    def _correct(self, row: Interaction, days_ago: int) -> None:
        with self._now(days_ago, 15):
            row.reaction = self.words["texts"]["samples_fixed"]
            interactions.check(row, by=self._by("anna"))
            self.session.flush()

    def _comment(self, days_ago: int) -> None:
        with self._now(days_ago, 10):
            by = self._by("anna")
            said = Comment(client=self.client, by=by, text=self.words["comment"], written_at=clock.now())
            self.session.add(said)
            self.session.flush()

    def _prove(self, days_ago: int) -> None:
        """The head decides, and gives the client a report; an anchor of that day knows of all before it."""
        with self._now(days_ago, 16):
            by = self._by("olga")
            first_touch.decide(self.client, self.staff["anna"].id, self.words["decided"], by=by)
            anchors.make()
            order = Order(Audience.client, dispute.seen_upto(self.client))
            dispute.make(self.client, order, by=by)
            self.session.flush()
