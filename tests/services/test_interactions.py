from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError, NotAllowed, Refusals
from crmadmin.services import interactions
from models import Interaction, JournalEntry
from models.kinds import InteractionState, Role
from tests.factories import (
    a_client,
    a_contact_person,
    a_substitution,
    a_user,
    an_absence,
    an_interaction,
    an_interaction_kind,
)


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
    session.commit()
    session.refresh(old)

    assert (old.note, old.happened_at) == ("уточнили сумму", noon - timedelta(days=100))


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


def changed(row, *, by, **values):
    with transaction(by=by):
        for name, value in values.items():
            setattr(row, name, value)
        interactions.check(row, by=by)


def test_a_record_that_was_cancelled_by_mistake_is_as_old_as_before_and_gives_no_reason(session, noon):
    head, long_ago = a_user(Role.head), noon - timedelta(days=100)
    record = an_interaction(happened_at=long_ago, recorded_at=long_ago)

    changed(record, by=head, state=InteractionState.cancelled, cancel_reason="не тот клиент")
    changed(record, by=head, state=InteractionState.held)
    session.refresh(record)

    assert (record.recorded_at, record.cancel_reason) == (long_ago, "")
    last = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert last.data["cancel_reason"] == ["не тот клиент", ""]


def test_a_record_moved_past_its_writing_down_is_written_down_now(session, noon):
    manager, before = a_user(), noon - timedelta(days=5)
    later, earlier = (
        an_interaction(person=manager, happened_at=before, recorded_at=before) for _n in ("later", "earlier")
    )

    changed(later, by=manager, happened_at=noon - timedelta(days=1))
    changed(earlier, by=manager, happened_at=before - timedelta(days=1))
    session.expire_all()

    assert (later.recorded_at, earlier.recorded_at) == (noon, before)


def test_a_plan_that_took_place_is_written_down_now_though_it_had_been_called_off(session, noon):
    manager, before = a_user(), noon - timedelta(days=3)
    plain, called_off = (
        an_interaction(person=manager, state=InteractionState.planned, recorded_at=before, happened_at=noon)
        for _n in "ab"
    )
    changed(called_off, by=manager, state=InteractionState.cancelled, cancel_reason="клиент заболел")
    for plan in (plain, called_off):
        changed(plan, by=manager, state=InteractionState.held)
        session.refresh(plan)
        assert (plan.recorded_at, plan.cancel_reason) == (noon, "")


@pytest.mark.parametrize("way", [[], [InteractionState.cancelled]])
@pytest.mark.parametrize("role", [Role.manager, Role.admin])
def test_what_was_held_never_becomes_a_plan_again(session, noon, way, role):
    by = a_user(role)
    for record in (
        an_interaction(person=by),
        an_interaction(
            person=by, state=InteractionState.planned, happened_at=noon, recorded_at=noon - timedelta(days=9)
        ),
    ):
        changed(record, by=by, state=InteractionState.held)
        for state in way:
            changed(record, by=by, state=state, cancel_reason="так")
        with pytest.raises(DomainError, match="plan anew") as refused:
            changed(record, by=by, state=InteractionState.planned, happened_at=noon + timedelta(days=5))
        assert refused.value.field == "state"


def test_a_plan_that_was_only_called_off_may_be_planned_again(session, noon):
    manager = a_user()
    plan = an_interaction(person=manager, state=InteractionState.planned)
    changed(plan, by=manager, state=InteractionState.cancelled, cancel_reason="клиент просил не звонить")
    changed(plan, by=manager, state=InteractionState.planned)
    session.refresh(plan)

    assert (plan.state, plan.cancel_reason) == (InteractionState.planned, "")
    assert plan.client.next_contact_at == plan.happened_at


@pytest.mark.parametrize("role", list(Role))
def test_a_new_or_moved_plan_lies_from_today_on(session, noon, role):
    by, yesterday, morning = a_user(role), noon - timedelta(days=1), noon - timedelta(hours=11, minutes=59)
    plan = an_interaction(person=by, state=InteractionState.planned)
    interactions.check(a_draft(state=InteractionState.planned, happened_at=morning), by=by, is_new=True)
    with pytest.raises(DomainError) as refused:
        changed(plan, by=by, happened_at=yesterday)
    assert refused.value.field == "happened_at"
    draft = a_draft(state=InteractionState.planned, happened_at=yesterday)
    with pytest.raises(DomainError) as refused:
        interactions.check(draft, by=by, is_new=True)
    assert refused.value.field == "happened_at"


def test_a_plan_that_is_overdue_is_corrected_called_off_and_not_planned_again_where_it_stood(session, noon):
    manager, past = a_user(), noon - timedelta(days=5)
    plan = an_interaction(person=manager, state=InteractionState.planned, happened_at=past)
    changed(plan, by=manager, note="перезвонить бухгалтеру")
    changed(plan, by=manager, state=InteractionState.cancelled, cancel_reason="клиент заболел")
    with pytest.raises(DomainError) as refused:
        changed(plan, by=manager, state=InteractionState.planned)

    assert refused.value.field == "happened_at"


def test_nothing_new_is_planned_with_an_archived_client_and_what_happens_is_still_recorded(session, noon):
    client, manager = a_client(archived_at=noon), a_user()
    old = an_interaction(client=client, person=manager, state=InteractionState.planned)
    draft = a_draft(client=client, state=InteractionState.planned, happened_at=old.happened_at)
    with pytest.raises(DomainError) as refused:
        interactions.check(draft, by=manager, is_new=True)
    assert refused.value.field == "client"
    with pytest.raises(DomainError) as refused:
        changed(old, by=manager, happened_at=old.happened_at + timedelta(days=1))
    assert refused.value.field == "client"

    interactions.check(a_draft(client=client), by=manager, is_new=True)
    changed(old, by=manager, state=InteractionState.cancelled, cancel_reason="в архиве")
    assert old.state is InteractionState.cancelled


@pytest.mark.parametrize(
    ("days", "role", "allowed"), [(15, Role.manager, False), (15, Role.head, True), (13, Role.manager, True)]
)
def test_what_was_no_contact_becomes_an_old_one_by_the_head_alone(session, noon, days, role, allowed):
    """An old contact is a claim: it cannot be had by way of an old note."""
    by = a_user(role)
    note, call = an_interaction_kind(contact=False), an_interaction_kind(contact=True)
    row = an_interaction(person=by, kind=note, happened_at=noon - timedelta(days=days))
    if allowed:
        changed(row, by=by, kind=call)
        assert row.kind is call
    else:
        with pytest.raises(DomainError) as refusal:
            changed(row, by=by, kind=call)
        assert refusal.value.field == "kind"


def test_an_old_record_becomes_another_kind_of_the_same_worth(session, noon):
    by = a_user()
    row = an_interaction(person=by, happened_at=noon - timedelta(days=30))
    meeting = an_interaction_kind()
    changed(row, by=by, kind=meeting)
    assert row.kind is meeting


def test_a_plan_is_its_substitutes_whatever_the_door_he_holds_it_by(session, noon):
    anna, boris = a_user(name="Анна"), a_user(name="Борис")
    client = a_client(curator=anna)
    a_substitution(absence=an_absence(person=anna), substitute=boris)
    plan = an_interaction(client=client, person=anna, state=InteractionState.planned)
    changed(plan, by=boris, state=InteractionState.held, happened_at=noon)
    assert (plan.person, plan.recorded_by, plan.recorded_at) == (boris, boris, noon)
