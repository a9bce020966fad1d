"""An act, or its undoing, that was interrupted: who goes on with it, whatever has changed meanwhile."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from crmadmin.core import clock
from crmadmin.core.db import transaction
from crmadmin.core.errors import NotAllowed
from crmadmin.services import bulk, bulk_undo
from models import User
from models.kinds import BulkKind, Role
from tests.factories import a_client, a_client_group, a_user, an_interaction_kind
from tests.services.bulking import act_of, done, finished, of


@pytest.fixture(autouse=True)
def small_slices(monkeypatch):
    monkeypatch.setattr(bulk, "SLICE", 2)


def begun(act, rows, by):
    """The first slice of it is done."""
    with transaction(by=by):
        act = bulk.begin(act, of(rows), by=by)
        bulk.go_on(act.id, by=by)
    return act


def undoing(act, by):
    with transaction(by=by):
        bulk_undo.begin(act, by=by)
        bulk.go_on(act.id, by=by)


def made(person, **given):
    """Something has been changed about somebody meanwhile."""
    for name, value in given.items():
        setattr(person, name, value)
    with transaction():
        pass


def now(session, rows):
    session.expire_all()
    return rows


def test_a_head_who_is_none_any_more_gives_nobodys_clients_back(session):
    head, other = a_user(Role.head), a_user()
    rows = [a_client(curator=other) for _n in range(5)]
    act = done(act_of(BulkKind.curator, head, reason="x"), of(rows), head)
    made(head, role=Role.manager)

    assert not bulk_undo.may(act, head)
    with pytest.raises(NotAllowed):
        undoing(act, head)
    assert {row.curator_id for row in now(session, rows)} == {head.id}


def test_an_undoing_stops_where_whoever_began_it_may_no_longer(session):
    head, other = a_user(Role.head), a_user()
    rows = [a_client(curator=other) for _n in range(5)]
    act = done(act_of(BulkKind.curator, head, reason="x"), of(rows), head)
    undoing(act, head)
    made(head, role=Role.manager)

    with pytest.raises(NotAllowed):
        finished(act, head)
    assert [row.curator_id == other.id for row in now(session, rows)] == [True, True, False, False, False]


@pytest.mark.parametrize("role", [Role.manager, Role.admin])
def test_an_undoing_whose_author_has_left_is_taken_over_by_whoever_may_undo(session, role):
    me, head = a_user(), a_user(Role.head)
    rows = [a_client(curator=me) for _n in range(5)]
    act = done(act_of(BulkKind.archive), of(rows), me)
    undoing(act, head)
    made(head, active=False)

    finished(act, me if role is Role.manager else a_user(role))

    assert act.counts == {"undone": 5}
    assert not any(row.archived for row in now(session, rows))


def test_plans_whose_first_day_is_past_by_now_are_made_to_the_last(session):
    me, at = a_user(), clock.now() + timedelta(minutes=30)
    rows = [a_client(curator=me) for _n in range(5)]
    act = begun(act_of(BulkKind.plan, an_interaction_kind(), at=at.isoformat(), per_day=1), rows, me)

    with clock.stopped_at(clock.now() + timedelta(days=3)):
        finished(act, me)

    assert act.counts == {"done": 5}


def test_a_group_that_is_switched_off_meanwhile_still_gets_the_rest(session):
    head, group, rows = a_user(Role.head), a_client_group(), [a_client() for _n in range(5)]
    act = begun(act_of(BulkKind.group, group, reason="x"), rows, head)
    made(group, active=False)

    finished(act, head)

    assert act.counts == {"done": 5}


@pytest.mark.parametrize("change", [{"active": False}, {"role": Role.colleague}])
def test_a_curator_who_leaves_meanwhile_gets_no_more_and_the_act_ends(session, change):
    head, curator, rows = a_user(Role.head), a_user(), [a_client() for _n in range(5)]
    act = begun(act_of(BulkKind.curator, curator, reason="x"), rows, head)
    # Past the rule that he hands over first:
    gone = update(User).where(User.id == curator.id).values(**change)
    session.execute(gone, execution_options={"told": True})
    session.expire_all()

    finished(act, head)

    assert act.counts == {"done": 2, "curator_gone": 3}


def test_whoever_has_lost_the_right_does_not_go_on(session):
    head, rows = a_user(Role.head), [a_client() for _n in range(5)]
    at = (clock.now() + timedelta(days=1)).isoformat()
    act = begun(act_of(BulkKind.plan, an_interaction_kind(), at=at, whose="curator"), rows, head)
    made(head, role=Role.manager)

    with pytest.raises(NotAllowed):
        finished(act, head)
