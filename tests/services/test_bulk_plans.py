"""Contacts planned with many clients at once: when, whose, told how, called off again."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crmadmin.core import clock
from crmadmin.core.db import transaction
from crmadmin.services import bulk, bulk_undo, interactions
from models import Interaction, User
from models.kinds import BulkKind, BulkVerdict, InteractionState, Role
from tests.factories import (
    a_client,
    a_user,
    an_interaction_kind,
)
from tests.services.bulking import (
    act_of,
    acts,
    done,
    of,
    told,
    undone,
)  # fmt: skip


@pytest.fixture(autouse=True)
def small_slices(monkeypatch):
    monkeypatch.setattr(bulk, "SLICE", 3)


def test_a_plan_of_an_act_is_told_like_a_plan_of_a_form(session):
    head, kind, at = a_user(Role.head), an_interaction_kind(), clock.now() + timedelta(days=1)
    one, other = a_client(), a_client()
    act = act_of(BulkKind.plan, kind, at=at.isoformat(), note="Ёлка")

    done(act, of([one]), head)
    with transaction(by=head):
        plan = Interaction(
            client=other, kind=kind, state=InteractionState.planned, happened_at=at, note="Ёлка"
        )
        interactions.check(plan, by=head, is_new=True)
        session.add(plan)

    by_act, by_form = told(session, one)[-1], told(session, other)[-1]
    assert by_act.data.pop("bulk_act") == [None, act.id]
    assert by_act.data == by_form.data
    assert (by_act.kind, by_act.happened_at) == (by_form.kind, by_form.happened_at)
    made = session.scalars(select(Interaction).where(Interaction.client_id == one.id)).one()
    assert (made.search_text, made.planned_for) == (plan.search_text, at)


def test_contacts_are_planned_so_many_a_working_day(session):
    head = a_user(Role.head)
    rows = [a_client() for _n in range(7)]
    friday = clock.now() + timedelta(days=4)

    done(act_of(BulkKind.plan, an_interaction_kind(), at=friday.isoformat(), per_day=3), of(rows), head)

    days = session.scalars(select(Interaction.happened_at).order_by(Interaction.client_id)).all()
    assert [(day - friday).days for day in days] == [0, 0, 0, 4, 4, 4, 5]  # the Monday after is a day off
    session.expire_all()
    assert [row.next_contact_at for row in rows] == list(days)


@pytest.mark.parametrize(
    ("first", "days"),
    [
        ("2026-12-30T07:00+00:00", ["2026-12-30", "2027-01-11", "2027-01-12"]),  # New Year's holidays
        ("2026-03-07T07:00+00:00", ["2026-03-10", "2026-03-11", "2026-03-12"]),  # the ninth is one too
    ],
)
def test_working_days_are_those_of_the_production_calendar(session, first, days):
    head, rows = a_user(Role.head), [a_client() for _n in range(3)]

    done(act_of(BulkKind.plan, an_interaction_kind(), at=first, per_day=1), of(rows), head)

    moments = session.scalars(select(Interaction.happened_at).order_by(Interaction.client_id)).all()
    assert [f"{moment:%Y-%m-%d}" for moment in moments] == days
    assert {f"{moment:%H:%M}" for moment in moments} == {"07:00"}


def test_each_curator_gets_the_plans_of_his_clients(session):
    one, gone = a_user(), a_user()
    rows = [a_client(curator=one), a_client(curator=gone), a_client(), a_client(archived_at=clock.now())]
    left = update(User).where(User.id == gone.id).values(active=False)  # nobody leaves clients any more
    session.execute(left, execution_options={"told": True})
    at = (clock.now() + timedelta(days=1)).isoformat()

    act = done(
        act_of(BulkKind.plan, an_interaction_kind(), at=at, whose="curator"), of(rows), a_user(Role.head)
    )

    assert act.counts == {"done": 1, "curator_gone": 1, "no_curator": 1, "put_away": 1}
    assert session.scalars(select(Interaction.person_id)).all() == [one.id]


def test_a_plan_that_was_held_since_stays_when_the_act_is_undone(session):
    head, rows = a_user(Role.head), [a_client(), a_client()]
    act = done(acts()[BulkKind.plan](), of(rows), head)
    held = session.scalars(select(Interaction).where(Interaction.client_id == rows[0].id)).one()
    with transaction(by=head), clock.stopped_at(clock.now() + timedelta(days=2)):
        held.state = InteractionState.held
        interactions.check(held, by=head)

    assert bulk_undo.preview(act, by=head) == {BulkVerdict.undone: 1, BulkVerdict.touched: 1}
    assert [(each.client.id, each.by_name) for each in bulk_undo.touched(act, by=head)] == [
        (rows[0].id, head.name)
    ]
    undone(act, head, picked=[rows[0].id])  # what was held is no plan that could be called off
    states = session.scalars(select(Interaction.state).order_by(Interaction.client_id)).all()
    assert states == [InteractionState.held, InteractionState.cancelled]


def test_a_plan_that_went_along_with_its_client_is_not_called_off(session):
    me = a_user()
    row = a_client(curator=me)
    act = done(acts()[BulkKind.plan](), of([row]), me)
    done(act_of(BulkKind.curator, a_user(), reason="x"), of([row]), a_user(Role.head))

    assert undone(act, me).counts == {"stays": 1}, "it is his now to whom it went"


def test_a_plan_that_has_become_somebody_elses_stays(session):
    head, me = a_user(Role.head), a_user()
    row = a_client(curator=me)
    act = done(acts()[BulkKind.plan](), of([row]), me)
    plan, other = session.scalars(select(Interaction)).one(), a_user()
    with transaction(by=head):
        plan.person, plan.recorded_by = other, head

    assert undone(act, me).counts == {"stays": 1}


def test_an_undone_plan_tells_the_reason_that_it_had_before(session):
    head, row = a_user(Role.head), a_client()
    act = done(acts()[BulkKind.plan](), of([row]), head)
    plan = session.scalars(select(Interaction)).one()
    with transaction(by=head):
        plan.cancel_reason = "Просил не звонить"

    undone(act, head, picked=[row.id])

    entry = told(session, row)[-1]
    assert entry.kind == "interaction_cancelled"
    assert entry.data["cancel_reason"][0] == "Просил не звонить"
