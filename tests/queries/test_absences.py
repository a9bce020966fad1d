"""Whoever acts for somebody absent may change his clients: exactly these, exactly then."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.queries.visibility import client_changeable_by, client_exportable_by
from crmadmin.services.clients import may_change
from models import Client
from models.kinds import Role
from tests import factories as make


def changeable(session, viewer):
    rows = session.scalars(select(Client).order_by(Client.id)).all()
    by_sql = set(session.scalars(select(Client.id).where(client_changeable_by(viewer))))
    assert {row.id for row in rows if may_change(row, viewer)} == by_sql
    return by_sql


@pytest.fixture
def away(session):
    return make.a_user(Role.manager)


def test_a_substitute_changes_the_clients_of_whoever_is_away(session, away):
    substitute, stranger = make.a_user(Role.manager), make.a_user(Role.manager)
    client = make.a_client(curator=away)
    make.a_client(curator=stranger)
    make.a_substitution(person=away, substitute=substitute)

    assert changeable(session, substitute) == {client.id}
    assert changeable(session, away) == {client.id}
    assert set(session.scalars(select(Client.id).where(client_exportable_by(substitute)))) == set()


@pytest.mark.parametrize("days", [(-10, -1), (1, 10)])
def test_before_and_after_an_absence_nobody_acts(session, away, days):
    substitute = make.a_user(Role.manager)
    make.a_client(curator=away)
    start, end = (clock.now() + timedelta(days=each) for each in days)
    absence = make.an_absence(person=away, starts_at=start, ends_at=end)
    make.a_substitution(absence=absence, substitute=substitute)

    assert changeable(session, substitute) == set()


def test_an_absence_that_is_called_off_lets_nobody_act(session, away):
    substitute = make.a_user(Role.manager)
    make.a_client(curator=away)
    make.a_substitution(absence=make.an_absence(person=away, cancelled_at=clock.now()), substitute=substitute)

    assert changeable(session, substitute) == set()


def test_the_substitute_of_a_group_acts_with_it_and_the_other_one_with_the_rest(session, away):
    rest, of_group = make.a_user(Role.manager), make.a_user(Role.manager)
    group = make.a_client_group()
    key, plain = make.a_client(curator=away, group=group), make.a_client(curator=away)
    absence = make.an_absence(person=away)
    make.a_substitution(absence=absence, substitute=rest)
    make.a_substitution(absence=absence, substitute=of_group, group=group)

    assert changeable(session, rest) == {plain.id}
    assert changeable(session, of_group) == {key.id}


def test_a_colleague_who_substitutes_changes_nothing(session, away):
    colleague = make.a_user(Role.colleague)
    make.a_client(curator=away)
    make.a_substitution(person=away, substitute=colleague)

    assert changeable(session, colleague) == set()
