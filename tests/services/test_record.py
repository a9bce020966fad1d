"""The quick record: what happened, whom one got to know, what it settles and what follows."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError, NotAllowed, Refusals
from crmadmin.queries import returns
from crmadmin.services import interactions, record
from crmadmin.services.record import Draft
from models import ContactPerson, Interaction, JournalEntry, Notice
from models.kinds import InteractionState, NoticeKind, Role
from tests.factories import (
    a_client,
    a_contact_person,
    a_substitution,
    a_user,
    an_absence,
    an_interaction,
    an_interaction_kind,
)

MISSING = object()


def a_draft(client, **given):
    kind = given.pop("kind", MISSING)
    kind = an_interaction_kind() if kind is MISSING else kind
    return Draft(client, **{"kind": kind, "request": "Просят цены", "no_next_reason": "закрыто"} | given)


def kept(draft, by):
    with transaction(by=by):
        return record.record(draft, by=by)


def refused(draft, by):
    with pytest.raises(DomainError) as refusal, transaction(by=by):
        record.record(draft, by=by)
    return [part.field for part in refusal.value.parts]


def events(session, client):
    asked = select(JournalEntry.kind).where(JournalEntry.chain == client.id)
    return session.scalars(asked.order_by(JournalEntry.number)).all()


def test_a_call_its_new_person_and_the_next_plan_are_one_act(session, noon, anna, client):
    next_at = noon + timedelta(days=7)
    meeting = an_interaction_kind(code="meeting")
    row = kept(
        a_draft(client, new_person="Пётр  Ильич", next_at=next_at, next_kind=meeting, no_next_reason=""), anna
    )

    assert (row.state, row.person, row.happened_at, row.recorded_at) == ("held", anna, noon, noon)
    assert [each.name for each in row.contact_persons] == ["Пётр Ильич"]
    plan = session.scalars(select(Interaction).where(Interaction.follows_id == row.id)).one()
    assert (plan.state, plan.happened_at, plan.kind, plan.person) == ("planned", next_at, meeting, anna)
    assert plan.contact_persons == row.contact_persons
    assert (client.last_contact_at, client.next_contact_at) == (noon, next_at)
    made = {"contact_person_created", "interaction_recorded", "interaction_planned"}
    assert made <= set(events(session, client))


def test_one_refusal_keeps_nothing_of_it(session, noon, anna, client):
    draft = a_draft(client, new_person="Пётр", next_at=noon - timedelta(days=1), no_next_reason="")
    assert refused(draft, anna) == ["follow"]
    assert session.scalars(select(Interaction)).all() == []
    assert session.scalars(select(ContactPerson)).all() == []


def test_somebody_known_there_is_not_made_twice(session, anna, client):
    known = a_contact_person(client=client, name="Алёна Ёлкина")
    row = kept(a_draft(client, new_person="алена  елкина", persons=[known]), anna)
    assert row.contact_persons == [known]
    assert len(session.scalars(select(ContactPerson)).all()) == 1


@pytest.mark.parametrize("role", [Role.manager, Role.colleague])
def test_a_person_is_added_only_where_one_may_change_the_card(session, client, role):
    stranger = a_user(role)
    assert refused(a_draft(client, new_person="Пётр"), stranger) == ["new_person"]
    assert kept(a_draft(client), stranger).person is stranger


def test_an_empty_record_is_asked_for_a_word(session, anna, client):
    assert refused(a_draft(client, request=" "), anna) == ["request"]


def test_after_a_contact_there_is_a_next_step_or_a_reason(session, noon, anna, client):
    assert refused(a_draft(client, no_next_reason=""), anna) == ["follow"]
    assert refused(a_draft(client, next_at=noon + timedelta(days=1)), anna) == ["follow"]
    assert refused(a_draft(client, no_next_reason="x" * 501), anna) == ["no_next_reason"]
    note = an_interaction_kind(contact=False)
    assert kept(a_draft(client, kind=note, no_next_reason=""), anna).kind is note


def test_what_stands_already_may_be_the_next_step(session, anna, client):
    keeps = {"no_next_reason": "", "keeps_next": True}
    assert refused(a_draft(client, **keeps), anna) == ["follow"]
    plan = an_interaction(client=client, person=anna, state="planned")
    assert refused(a_draft(client, plans=[plan], **keeps), anna) == ["follow"]
    kept(a_draft(client, **keeps), anna)
    assert client.next_contact_at == plan.happened_at


def test_nothing_is_planned_with_an_archived_client(session, noon, anna):
    client = a_client(curator=anna, archived_at=noon)
    assert refused(a_draft(client, next_at=noon + timedelta(days=1), no_next_reason=""), anna) == ["follow"]


def test_all_that_is_wrong_is_told_at_once(session, noon, anna, client):
    draft = a_draft(client, kind=None, request="", no_next_reason="", happened_at=noon - timedelta(days=15))
    with pytest.raises(Refusals) as refusal:
        record.record(draft, by=anna)
    assert [part.field for part in refusal.value.parts] == ["kind", "happened_at", "request", "follow"]
    session.rollback()


def test_the_plan_of_its_kind_becomes_the_record_and_the_other_is_called_off(session, noon, anna, client):
    call, meeting = an_interaction_kind(code="call"), an_interaction_kind(code="meeting")
    earlier = an_interaction(client=client, person=anna, kind=meeting, state="planned")
    same = an_interaction(
        client=client, person=anna, kind=call, state="planned", happened_at=noon + timedelta(days=3)
    )
    row = kept(a_draft(client, kind=call, plans=[earlier, same]), anna)

    assert row is same
    assert (row.state, row.happened_at, row.planned_for) == ("held", noon, noon + timedelta(days=3))
    assert earlier.state is InteractionState.cancelled
    assert "Settled by a record" in earlier.cancel_reason
    assert client.next_contact_at is None
    assert events(session, client)[-2:] == ["interaction_held", "interaction_cancelled"] or set(
        events(session, client)[-2:]
    ) == {"interaction_held", "interaction_cancelled"}


def test_a_plan_that_was_held_keeps_its_person_when_the_head_says_so(session, anna, client):
    plan = an_interaction(client=client, person=anna, state="planned", note="взять образцы")
    head = a_user(Role.head)
    silent = a_draft(client, held=plan, request="", note="взять образцы")
    assert refused(silent, head) == ["request"]
    row = kept(a_draft(client, held=plan), head)
    assert (row, row.person, row.state) == (plan, anna, InteractionState.held)


def test_another_ones_plan_is_not_a_colleagues_to_settle(session, client):
    plan = an_interaction(client=client, state="planned")
    with pytest.raises(NotAllowed):
        record.record(a_draft(client, held=plan), by=a_user())
    session.rollback()


def test_a_plan_that_is_settled_is_not_settled_again(session, noon, anna, client):
    done = an_interaction(client=client, person=anna)
    for act in (
        lambda: record.record(a_draft(client, held=done), by=anna),
        lambda: record.move(done, noon + timedelta(days=1), by=anna),
        lambda: record.call_off(done, reason="x", by=anna),
    ):
        with pytest.raises(DomainError, match="no plan any more"):
            act()


def test_a_plan_is_moved_ahead_only(session, noon, anna, client):
    plan = an_interaction(client=client, person=anna, state="planned")
    for at in (None, noon - timedelta(days=1)):
        with pytest.raises(DomainError) as refusal:
            record.move(plan, at, by=anna)
        assert refusal.value.field == "at"
    with transaction(by=anna):
        record.move(plan, noon + timedelta(days=5), by=anna)
    assert client.next_contact_at == noon + timedelta(days=5)


def test_a_plan_is_called_off_with_a_reason(session, anna, client):
    plan = an_interaction(client=client, person=anna, state="planned")
    for reason in (" ", "x" * 501):
        with pytest.raises(DomainError) as refusal, transaction(by=anna):
            record.call_off(plan, reason=reason, by=anna)
        assert refusal.value.field == "cancel_reason"
    with transaction(by=anna):
        record.call_off(plan, reason="заболел", by=anna)
    assert (plan.state, plan.cancel_reason) == (InteractionState.cancelled, "заболел")


def test_the_curator_is_told_that_somebody_else_has_recorded(session, anna, client):
    kept(a_draft(client), anna)
    assert session.scalars(select(Notice)).all() == []
    row = kept(a_draft(client), a_user(name="Борис"))
    told = session.scalars(select(Notice)).one()
    assert (told.person_id, told.kind, told.subject_id) == (anna.id, NoticeKind.recorded_with_yours, row.id)


def a_plan_of_an_absent_curator(client):
    """(the plan, the absence, the substitute)"""
    boris = a_user(name="Борис")
    absence = an_absence(person=client.curator)
    a_substitution(absence=absence, substitute=boris)
    plan = an_interaction(client=client, person=client.curator, state=InteractionState.planned)
    return plan, absence, boris


def test_whoever_holds_the_plan_of_the_absent_curator_is_who_spoke_and_wrote_it_down(session, anna, client):
    plan, absence, boris = a_plan_of_an_absent_curator(client)
    row = kept(a_draft(client, held=plan), boris)

    assert (row, row.person, row.recorded_by) == (plan, boris, boris)
    told = session.scalars(select(Notice)).one()
    assert (told.person_id, told.kind) == (anna.id, NoticeKind.recorded_with_yours)
    assert told.data["by"] == "Борис"
    seen = returns.unseen(absence, absence.starts_at, absence.ends_at)
    assert session.scalars(select(Interaction).where(*seen)).all() == [row]
    held = session.scalars(select(JournalEntry).where(JournalEntry.kind == "interaction_held")).one()
    assert held.by_id == boris.id
    for told_in in ("person_id", "recorded_by_id"):
        assert [each["name"] for each in held.data[told_in]] == ["Анна", "Борис"]


def test_a_substitute_corrects_what_he_has_recorded(session, client):
    plan, _absence, boris = a_plan_of_an_absent_curator(client)
    row = kept(a_draft(client, held=plan), boris)
    with transaction(by=boris):
        row.reaction = "Позвонили ещё раз"
        interactions.check(row, by=boris)
    assert interactions.may_correct(row, boris)


def test_what_the_head_writes_down_of_a_managers_plan_is_the_managers_and_written_by_the_head(
    session, anna, client
):
    plan = an_interaction(client=client, person=anna, state="planned")
    head = a_user(Role.head)
    row = kept(a_draft(client, held=plan), head)
    assert (row.person, row.recorded_by) == (anna, head)


def test_a_plan_that_the_head_made_is_written_down_by_whoever_held_it(session, anna, client):
    plan = an_interaction(client=client, person=anna, recorded_by=a_user(Role.head), state="planned")
    row = kept(a_draft(client, held=plan), anna)
    assert (row.person, row.recorded_by) == (anna, anna)
