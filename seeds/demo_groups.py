"""The rules of groups in the invented company: switched on, one night's moves, and a client held by hand."""

from datetime import time, timedelta

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import Database, act_as
from crmadmin.core.i18n import start_of
from crmadmin.queries import grouping
from crmadmin.rules.working_days import working_day
from crmadmin.services import bulk, grouping_rules, grouping_run, standings
from models import Client, ClientGroup, GroupStanding, User
from models.kinds import Role
from seeds.demo_days import at, working_before
from seeds.demo_lives import Times
from seeds.demo_words import Words

HELD_FOR = timedelta(days=45)


def tell(session: Database, staff: dict[str, User], times: Times, spoken: Words) -> None:
    """The head has switched the rules on last night; the program has sorted the clients since."""
    head = next(person for person in staff.values() if person.role is Role.head)
    evening = at(working_before(times.today), time(20, 10))
    with clock.stopped_at(evening):
        act_as(head)
        for rule in session.scalars(grouping.every_rule()).all():
            grouping_rules.switch(rule, True, by=head)
        _hold(session, head, times, spoken)
        session.flush()
    with clock.stopped_at(evening + timedelta(hours=3)):
        act_as(None)
        act = grouping_run.begin(by=None)
        while bulk.is_running(act):
            act = bulk.go_on(act.id, by=None)


def _hold(session: Database, head: User, times: Times, spoken: Words) -> None:
    """One that the rules would call promising at most is key, for somebody knows better."""
    key = session.scalar(select(ClientGroup).where(ClientGroup.code == "key"))
    stands = select(GroupStanding.client_id)
    asked = select(Client).where(Client.archived_at.is_(None), Client.id.not_in(stands))
    asked = asked.where(Client.last_contact_at.is_not(None), Client.group != key)
    client = session.scalar(asked.order_by(Client.last_contact_at.desc(), Client.id).limit(1))
    if client is None or key is None:
        return
    until = start_of(working_day(times.today + HELD_FOR))
    standings.hold(client, key, reason=spoken["groups"]["held"], until=until, by=head)
