"""What is not to be forgotten in the invented company: promises and how they ended, open requests, wishes."""

import tomllib
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import case, func, select

from crmadmin.core import clock, i18n
from crmadmin.core.db import Database, act_as
from crmadmin.rules.date_phrases import end_of
from crmadmin.rules.working_days import working_day
from crmadmin.services import interactions, promises, wishes
from crmadmin.services.wishes import USUAL_LEAD, Wanted
from models import Client, Interaction, InteractionKind, JournalEntry, Promise, User
from models.kinds import Direction, InteractionState, PromiseSide, WishState
from seeds.demo_days import at, working_before

DATA = Path(__file__).parent / "data"
MOVED_BY = 20  # days


class Remembered:
    """Each is told of a client of whom the journal tells nothing later: a past is told in its order."""

    def __init__(self, session: Database, staff: dict[str, User], language: str, today: date) -> None:
        self.session, self.staff, self.today = session, staff, today
        path = DATA / f"demo_promises_{language}.toml"
        self.words: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))

    def play(self) -> None:
        acts = [("promises", self._promised), ("requests", self._asked), ("wishes", self._wished)]
        told = [(each, act) for name, act in acts for each in self.words[name]]
        for number, (each, act) in enumerate(sorted(told, key=lambda pair: -pair[0]["days"])):
            day = working_before(self.today - timedelta(days=each["days"] - 1))
            moment, by = at(day, time(17, number % 60)), self.staff[each["who"]]
            client = self._quiet(by, moment, number)
            if client is not None:
                with self._at(moment, by):
                    act(client, each, moment, by)

    def _at(self, moment: datetime, by: User) -> AbstractContextManager[datetime]:
        act_as(by)
        return clock.stopped_at(moment)

    def _quiet(self, curator: User, moment: datetime, number: int) -> Client | None:
        """One of his, where there is one, another each time; of a small company somebody else's will do."""
        newest = select(func.max(JournalEntry.recorded_at)).where(JournalEntry.client_id == Client.id)
        asked = select(Client).where(newest.scalar_subquery() < moment, Client.archived_at.is_(None))
        own = case((Client.curator_id == curator.id, 0), else_=1).label("own")
        found = self.session.execute(asked.with_only_columns(Client.id, own).order_by(own, Client.id)).all()
        fit = [id for id, rank in found if rank == found[0].own]
        return self.session.get(Client, fit[number * 17 % len(fit)]) if fit else None

    def _promised(self, client: Client, each: dict[str, Any], moment: datetime, by: User) -> None:
        promise = promises.give(
            client,
            text=each["text"],
            due_at=self._due(moment, each["due"]),
            side=PromiseSide.theirs if each.get("theirs") else PromiseSide.ours,
            by=by,
        )
        self._settled(promise, each["end"], by)

    def _due(self, moment: datetime, days: int) -> datetime:
        day = working_day(i18n.local(moment).date() + timedelta(days=days))
        return end_of(day, None, i18n.zone())

    def _settled(self, promise: Promise, end: str, by: User) -> None:
        why = self.words["why"]
        late = 2 if end == "late" else 0
        with self._at(promise.due_at - timedelta(hours=8) + timedelta(days=late), by):
            match end:
                case "kept" | "late":
                    promises.keep(promise, outcome=why["kept"], by=by)
                case "broken":
                    promises.break_off(promise, reason=why["broken"], by=by)
                case "moved":
                    promises.move(promise, self._due(clock.now(), MOVED_BY), reason=why["moved"], by=by)
                case _:
                    pass

    def _asked(self, client: Client, each: dict[str, Any], moment: datetime, by: User) -> None:
        row = Interaction(
            client=client,
            kind=self.session.scalars(select(InteractionKind).where(InteractionKind.code == "call")).one(),
            state=InteractionState.held,
            direction=Direction.incoming,
            person=by,
            happened_at=moment - timedelta(minutes=15),
            request=each["text"],
            minutes=5,
        )
        interactions.check(row, by=by, is_new=True)
        self.session.add(row)
        self.session.flush()

    def _wished(self, client: Client, each: dict[str, Any], moment: datetime, by: User) -> None:
        back = self.today + timedelta(days=each["come_back"]) if "come_back" in each else None
        wanted = Wanted(each["text"], each["why"], each.get("season"), each.get("lead", USUAL_LEAD), back)
        wish = wishes.note(client, wanted, by=by)
        if "end" in each:
            with self._at(moment + timedelta(days=9), by):
                wishes.close(wish, state=WishState(each["end"]), outcome=each["outcome"], by=by)
