"""The next contact set in one step: a plan is moved, or a call is planned."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.services import next_contact
from models import Interaction, JournalEntry
from models.kinds import InteractionState, Role
from tests.factories import a_client, a_user, an_interaction, an_interaction_kind


def planned(**given):
    return an_interaction(state=InteractionState.planned, **given)


def test_where_nothing_is_planned_a_call_is(session, noon):
    me, client = a_user(), a_client()
    an_interaction_kind(code="visit", position=1)
    call = an_interaction_kind(code="call", position=9)

    with transaction(by=me):
        next_contact.set_moment(client, noon + timedelta(days=3), by=me)

    plan = session.scalars(select(Interaction)).one()
    assert (plan.kind, plan.person, plan.state) == (call, me, InteractionState.planned)
    assert plan.planned_for == plan.happened_at == client.next_contact_at == noon + timedelta(days=3)


def test_the_first_plan_is_moved_and_the_journal_has_both_moments(session, noon):
    me, client = a_user(), a_client()
    first, later = (planned(client=client, person=me, happened_at=noon + timedelta(days=n)) for n in (2, 5))

    with transaction(by=me):
        next_contact.set_moment(client, noon + timedelta(days=9), by=me)

    assert first.happened_at == noon + timedelta(days=9)
    assert client.next_contact_at == later.happened_at
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert entry.kind == "plan_changed"
    assert [text[:10] for text in entry.data["happened_at"]] == ["2026-03-04", "2026-03-11"]


def test_the_head_plans_for_the_curator(session, noon):
    head, curator = a_user(Role.head), a_user()
    client = a_client(curator=curator)
    an_interaction_kind()

    with transaction(by=head):
        plan = next_contact.set_moment(client, noon + timedelta(days=1), by=head)

    assert (plan.person, plan.recorded_by) == (curator, head)


def test_nobody_moves_somebody_elses_plan(session, noon):
    client = a_client()
    planned(client=client)
    with pytest.raises(NotAllowed):
        next_contact.set_moment(client, noon + timedelta(days=4), by=a_user())


@pytest.mark.parametrize("role", [Role.manager, Role.colleague])
def test_everybody_plans_with_any_client(session, noon, role):
    client, me = a_client(curator=a_user()), a_user(role)
    an_interaction_kind()
    assert next_contact.set_moment(client, noon + timedelta(days=4), by=me).person is me


def test_what_makes_no_next_contact_is_refused(session, noon):
    me, client, put_away = a_user(), a_client(), a_client(archived_at=noon)
    for about, at in ((client, noon - timedelta(days=1)), (client, None), (put_away, noon + timedelta(1))):
        with pytest.raises(DomainError):
            next_contact.set_moment(about, at, by=me)
    plan = planned(client=client, person=me)
    with pytest.raises(DomainError, match="card"):
        next_contact.set_moment(client, None, by=me)
    plan.kind.active = False
    with pytest.raises(DomainError, match="kind"):
        next_contact.set_moment(a_client(), noon + timedelta(1), by=me)
    assert session.scalar(select(func.count()).select_from(Interaction)) == 1
