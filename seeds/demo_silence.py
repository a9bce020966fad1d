"""The head asks about silent clients: one answer is due, one is given, one silence is let be."""

from datetime import time, timedelta

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import Database, act_as
from crmadmin.queries.silence import most_silent
from crmadmin.rules.working_days import working_day
from crmadmin.services import silence
from models import Client, ClientGroup, User
from seeds.demo_days import at, working_before
from seeds.demo_lives import QUIET, Times
from seeds.demo_words import Words

HEAD = "olga"


def tell(session: Database, staff: dict[str, User], times: Times, spoken: Words) -> None:
    """Asked yesterday in the morning, answered in the evening."""
    head, quiet, day = staff[HEAD], staff[QUIET], working_before(times.today)
    with clock.stopped_at(at(day, time(19, 55))):
        act_as(head)
        talks = [silence.ask(client, spoken["silence"]["ask"], by=head) for client in _silent(session, quiet)]
        if len(talks) > 2:
            silence.waive(talks[2], spoken["silence"]["waive"], by=head)
    with clock.stopped_at(at(day, time(20, 5))):
        act_as(quiet)
        if len(talks) > 1:
            by = working_day(times.today + timedelta(days=2))
            silence.answer(talks[1], spoken["silence"]["answer"], by, by=quiet)
    session.flush()


def _silent(session: Database, curator: User) -> list[Client]:
    groups = session.scalars(select(ClientGroup)).all()
    found = session.execute(most_silent(groups, clock.now(), [Client.curator_id == curator.id], most=3))
    return [session.get_one(Client, id) for id, _silence, _planned in found]
