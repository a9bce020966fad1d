"""No moment without somebody responsible, whatever is entered, handed over, ended or called off."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import local, today
from crmadmin.queries.absences import in_force, known
from crmadmin.queries.responsible import responsible_for
from crmadmin.services import absences, assignment, handover, journal_check, leaving, people
from crmadmin.services.absence_checks import REST
from models import Absence, Client
from models.kinds import Role
from tests.conftest import NOON
from tests.factories import a_client, a_client_group, a_user

PEOPLE, CLIENTS = 4, 3
LAST = PEOPLE - 1  # a colleague, who has no clients to begin with
_who, _days = some.integers(0, PEOPLE - 1), some.integers(0, 9)
_acts = some.one_of(
    some.tuples(some.just("away"), _who, _days, some.integers(1, 8), some.none() | _who, some.none() | _who),
    some.tuples(some.just("change"), _days, some.integers(0, 8), _who, some.none() | _who),
    some.tuples(some.just("end"), _days),
    some.tuples(some.just("call off"), _days),
    some.tuples(some.just("give"), some.integers(0, CLIENTS - 1), _who),
    some.tuples(some.just("give all"), _who, _who),
    some.tuples(some.just("leave"), _who, _who),
    some.tuples(some.just("become"), _who, some.sampled_from([Role.colleague, Role.manager])),
    some.tuples(some.just("wait"), some.integers(1, 80)),
)


class Department:
    """A few people, a few clients, and a head who does whatever comes to his mind."""

    def __init__(self, session):
        self.session, self.head = session, a_user(Role.admin)
        self.people = [a_user() for _n in range(PEOPLE - 1)] + [a_user(Role.colleague)]
        self.groups = [a_client_group(), a_client_group()]
        self.clients = [a_client(curator=self.people[n], group=self.groups[n % 2]) for n in range(CLIENTS)]
        self.set: list[int] = []
        self.keys = 0

    def does(self, what, *about):
        with suppress(DomainError), transaction(by=self.head):
            getattr(self, what.replace(" ", "_"))(*about)

    def away(self, who, start, days, rest, of_group):
        first = today() + timedelta(days=start)
        acting = self._acting(rest, of_group)
        row = absences.add(self.people[who], first, first + timedelta(days=days), acting, by=self.head)
        self.set.append(row.id)

    def change(self, number, days, rest, of_group):
        row = self._absence(number)
        first = local(row.starts_at).date()
        back = first + timedelta(days=days)
        row = absences.change(row, first, back, self._acting(rest, of_group), by=self.head)
        self.set.append(row.id)

    def end(self, number):
        absences.end(self._absence(number), by=self.head)

    def call_off(self, number):
        absences.call_off(self._absence(number), by=self.head)

    def give(self, client, who):
        assignment.assign(self.clients[client], self.people[who], reason="так", by=self.head)

    def give_all(self, whose, who):
        self._handed(Client.curator_id == self.people[whose].id, who)

    def leave(self, who, heir):
        self.keys += 1
        leaving.hand_over(
            f"{self.head.id}-{self.keys}",
            self.people[who],
            {REST: self.people[heir].id},
            reason="уходит",
            by=self.head,
        )
        leaving.deactivate(self.people[who], by=self.head)

    def become(self, who, role):
        self.people[who].role = role
        people.check(self.people[who], by=self.head)

    def _handed(self, which, who):
        self.keys += 1
        heirs = {handover.REST: self.people[who].id}
        handover.begin(f"{self.head.id}-{self.keys}", [which], heirs, reason="так", by=self.head)

    def _acting(self, rest, of_group):
        named = {} if rest is None else {REST: self.people[rest]}
        return named if of_group is None else named | {self.groups[0].id: self.people[of_group]}

    def _absence(self, number):
        if not self.set:
            raise DomainError("nobody is away")
        return self.session.scalar(known(self.set[number % len(self.set)]))

    def responsible(self, client, at):
        """Who answers for it then: exactly one, who is there."""
        (found,) = self.session.scalars(responsible_for(client, at)).all()
        assert found.active or at < clock.now()
        away = select(Absence.id).where(Absence.person_id == found.id, in_force(at))
        assert self.session.scalar(away) is None, f"{found.name} is away himself at {at}"
        return found.id


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(acts=[("away", LAST, 2, 5, None, None), ("become", LAST, Role.manager), ("give", 0, LAST)])
@example(acts=[("become", LAST, Role.manager), ("give", 0, LAST), ("become", LAST, Role.colleague),
               ("away", LAST, 0, 5, None, None)])  # fmt: skip
@given(acts=some.lists(_acts, min_size=3, max_size=14))
def test_at_every_moment_exactly_one_who_is_there_answers_for_a_client(session, acts):
    department, now, was = Department(session), NOON, {}
    for what, *about in acts:
        if what == "wait":
            now += timedelta(hours=about[0])
            continue
        with clock.stopped_at(now):
            department.does(what, *about)
            session.expire_all()
            for client in department.clients:
                for hours in (0, 1, 13, 30, 80, 200, 400):
                    who = department.responsible(client, now + timedelta(hours=hours))
                    if not hours:
                        was[client.id, now] = who
    for (client_id, at), who in was.items():  # and what is past stays as it was
        client = session.get_one(Client, client_id)
        with clock.stopped_at(now):
            assert department.responsible(client, at) == who
    assert not list(journal_check.faults(session))
