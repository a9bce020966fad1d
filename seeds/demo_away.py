"""Who is away in the invented company, who acts for him, and a client that is offered to somebody."""

from datetime import datetime, time, timedelta

from sqlalchemy import func, select

from crmadmin.core import clock
from crmadmin.core.db import Database, act_as
from crmadmin.rules.working_days import working_day
from crmadmin.services import absences, interactions, offers
from crmadmin.services.absence_checks import REST
from models import Client, Interaction, InteractionKind, JournalEntry, User
from models.kinds import Direction, InteractionState
from seeds.demo_days import at, working_before
from seeds.demo_lives import CALLER, FAT, STEADY, Times
from seeds.demo_words import Words

BACK_IN_DAYS = 6


def tell(session: Database, staff: dict[str, User], times: Times, spoken: Words) -> None:
    """He went on leave as his contacts say; the substitute has spoken to a client of his since."""
    with clock.stopped_at(at(working_before(times.away), time(17, 0))):
        act_as(staff[FAT])
        absences.add(
            staff[FAT],
            times.away,
            working_day(times.today + timedelta(days=BACK_IN_DAYS)),
            {REST: staff[STEADY]},
            reason=spoken["away"]["reason"],
            by=staff[FAT],
        )
    last_day = working_before(times.today)
    _spoken_to(session, staff, at(last_day, time(19, 40)), spoken)
    _offered(session, staff, at(last_day, time(19, 50)), spoken)


def _quiet(session: Database, curator: User, moment: datetime) -> Client | None:
    """A client of his of which the journal tells nothing later."""
    newest = select(func.max(JournalEntry.recorded_at)).where(JournalEntry.client_id == Client.id)
    asked = select(Client).where(Client.curator_id == curator.id, Client.archived_at.is_(None))
    return session.scalar(asked.where(newest.scalar_subquery() < moment).order_by(Client.id).limit(1))


def _spoken_to(session: Database, staff: dict[str, User], moment: datetime, spoken: Words) -> None:
    client = _quiet(session, staff[FAT], moment)
    if client is None:
        return
    with clock.stopped_at(moment):
        by = staff[STEADY]
        act_as(by)
        row = Interaction(
            client=client,
            kind=session.scalars(select(InteractionKind).where(InteractionKind.code == "call")).one(),
            state=InteractionState.held,
            direction=Direction.incoming,
            person=by,
            happened_at=moment - timedelta(minutes=20),
            request=spoken["away"]["request"],
            reaction=spoken["away"]["reaction"],
            minutes=10,
        )
        interactions.check(row, by=by, is_new=True)
        session.add(row)
        session.flush()


def _offered(session: Database, staff: dict[str, User], moment: datetime, spoken: Words) -> None:
    client = _quiet(session, staff[STEADY], moment)
    if client is None:
        return
    with clock.stopped_at(moment):
        act_as(staff[STEADY])
        offers.offer(client, staff[CALLER], reason=spoken["away"]["offer"], by=staff[STEADY])
