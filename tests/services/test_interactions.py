from datetime import timedelta

import pytest

from crmadmin.core.errors import DomainError, NotAllowed, Refusals
from crmadmin.services import interactions
from models import Interaction
from models.kinds import InteractionState, Role
from tests.factories import a_client, a_contact_person, a_user, an_interaction, an_interaction_kind


def a_draft(**given):
    return Interaction(**{"client": a_client(), "kind": an_interaction_kind()} | given)


@pytest.mark.parametrize("role", list(Role))
def test_everybody_records_with_any_client(session, noon, role):
    by = a_user(role)
    draft = a_draft()
    interactions.check(draft, by=by, is_new=True)
    session.add(draft)
    session.commit()

    assert (draft.person, draft.recorded_by, draft.recorded_at, draft.happened_at) == (by, by, noon, noon)
    assert draft.state is InteractionState.held


@pytest.mark.parametrize(
    ("days", "role", "allowed"), [(14, "manager", True), (15, "manager", False), (90, "head", True)]
)
def test_how_far_a_record_may_be_set_back(session, noon, days, role, allowed):
    draft = a_draft(happened_at=noon - timedelta(days=days))
    if allowed:
        interactions.check(draft, by=a_user(Role(role)), is_new=True)
    else:
        with pytest.raises(DomainError) as refused:
            interactions.check(draft, by=a_user(Role(role)), is_new=True)
        assert refused.value.field == "happened_at"


def test_what_was_held_is_never_ahead_of_now(session, noon):
    with pytest.raises(DomainError) as refused:
        interactions.check(a_draft(happened_at=noon + timedelta(hours=1)), by=a_user(Role.admin), is_new=True)
    assert refused.value.field == "happened_at"


def test_a_plan_lies_ahead_and_keeps_its_moment_when_held(session, noon):
    manager = a_user()
    plan = a_draft(state=InteractionState.planned, happened_at=noon + timedelta(days=2))
    interactions.check(plan, by=manager, is_new=True)
    session.add(plan)
    session.commit()
    plan.state, plan.happened_at = InteractionState.held, noon
    interactions.check(plan, by=manager)
    session.commit()

    assert plan.planned_for == noon + timedelta(days=2)


def test_an_old_record_is_corrected_without_being_moved(session, noon):
    manager = a_user()
    old = an_interaction(person=manager, happened_at=noon - timedelta(days=100))
    old.note = "уточнили сумму"
    interactions.check(old, by=manager)


def test_only_who_spoke_or_wrote_it_corrects_a_record(session):
    record = an_interaction()
    record.note = "не было такого"
    with pytest.raises(NotAllowed):
        interactions.check(record, by=a_user())
    interactions.check(record, by=a_user(Role.head))


def test_a_manager_records_for_himself_only(session):
    with pytest.raises(NotAllowed):
        interactions.check(a_draft(person=a_user()), by=a_user(), is_new=True)


def test_cancelling_needs_a_reason(session):
    manager = a_user()
    plan = an_interaction(person=manager, state="planned")
    with pytest.raises(DomainError):
        interactions.cancel(plan, reason="  ", by=manager)
    interactions.cancel(plan, reason="клиент заболел", by=manager)
    session.commit()

    assert plan.state is InteractionState.cancelled
    assert plan.client.next_contact_at is None


def test_a_person_of_another_client_was_not_there(session):
    with pytest.raises(DomainError) as refused:
        interactions.check(a_draft(contact_persons=[a_contact_person()]), by=a_user(), is_new=True)
    assert refused.value.field == "contact_persons"


def test_a_record_stays_with_its_client(session):
    record = an_interaction(person=(manager := a_user()))
    record.client = a_client()
    with pytest.raises(DomainError):
        interactions.check(record, by=manager)


def test_the_rule_of_14_days_holds_by_way_of_a_cancelled_record_too(session, noon):
    manager = a_user()
    long_ago = noon - timedelta(days=200)
    record = an_interaction(person=manager, state="cancelled", cancel_reason="так", happened_at=long_ago)
    record.state = InteractionState.held

    with pytest.raises(DomainError) as refused:
        interactions.check(record, by=manager)
    assert refused.value.field == "happened_at"


def test_all_that_is_wrong_with_a_record_is_told_at_once(session, noon):
    draft = a_draft(kind=None, minutes=-5, happened_at=noon + timedelta(days=1))
    with pytest.raises(Refusals) as refused:
        interactions.check(draft, by=a_user(), is_new=True)

    assert [part.field for part in refused.value.parts] == ["kind", "happened_at", "minutes"]
    assert "From 0 to 1440: a day has no more minutes." in str(refused.value)
