"""Clients handed over: with what is planned with them, to one or by group to several, told and put back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.queries import handover as asked
from crmadmin.services import assignment, bulk, handover, journal_check, leaving, offers, people
from models import Client, CuratorPeriod, JournalEntry, Notice
from models.kinds import InteractionState, NoticeKind, OfferState, Role
from tests.factories import a_client, a_client_group, a_substitution, a_user, an_interaction
from tests.services.bulking import finished, undone

HELD = InteractionState.held
PLANNED = InteractionState.planned


@pytest.fixture
def head(session):
    return a_user(Role.head)


def handed(found, heirs, by, key="key", reason="Уходит"):
    with transaction(by=by):
        acts = handover.begin(key, found, heirs, reason=reason, by=by)
    return [finished(act, by) for act in acts]


def test_more_successors_than_one_handing_over_keeps_are_refused_not_dropped(session, head, monkeypatch):
    monkeypatch.setattr(asked, "MOST_ACTS", 1)
    anna, groups = a_user(), [a_client_group(), a_client_group()]
    clients = [a_client(curator=anna, group=group) for group in groups]
    heirs = {group.id: a_user().id for group in groups}

    with pytest.raises(DomainError, match="To 1 people at most in one go, not to 2"):
        handed(everything_of(anna), heirs, head)

    assert {client.curator_id for client in clients} == {anna.id}


def everything_of(person):
    return [Client.curator_id == person.id]


def told(session, person):
    asked = select(Notice).where(Notice.person_id == person.id).order_by(Notice.id)
    return [(row.kind, row.data.get("number")) for row in session.scalars(asked)]


def test_what_the_former_curator_had_planned_goes_along_and_comes_back(session, head, monkeypatch):
    monkeypatch.setattr(bulk, "SLICE", 2)
    monkeypatch.setattr(bulk, "SMALLEST", 1)
    anna, boris, vera = a_user(), a_user(), a_user()
    clients = [a_client(curator=anna) for _n in range(5)]
    own = [an_interaction(client=each, person=anna, state=PLANNED) for each in clients]
    others = an_interaction(client=clients[0], person=vera, state=PLANNED)
    held = an_interaction(client=clients[0], person=anna, state=HELD)

    (act,) = handed(everything_of(anna), {None: boris.id}, head)

    session.expire_all()
    assert {each.person_id for each in own} == {boris.id}
    assert (others.person_id, held.person_id) == (vera.id, anna.id)
    entries = session.scalars(select(JournalEntry).where(JournalEntry.kind == "plan_changed")).all()
    assert {entry.subject_id for entry in entries} == {each.id for each in own}
    assert entries[0].data["person_id"] == [
        {"id": anna.id, "name": anna.name},
        {"id": boris.id, "name": boris.name},
    ]

    moved_on = an_interaction(client=clients[1], person=boris, state=PLANNED)  # his own, of later
    undone(act, head)

    session.expire_all()
    assert {each.person_id for each in own} == {anna.id}
    assert moved_on.person_id == boris.id
    assert not list(journal_check.faults(session))


def test_by_group_to_several_and_the_rest_to_another(session, head):
    anna, boris, vera = (a_user() for _n in range(3))
    key, plain = a_client_group(), a_client_group()
    first, second = a_client(curator=anna, group=key), a_client(curator=anna, group=plain)
    archived = a_client(curator=anna, group=plain, archived_at=clock.now())

    acts = handed(everything_of(anna), {key.id: boris.id, None: vera.id}, head)

    session.expire_all()
    assert len(acts) == 2
    assert [row.curator_id for row in (first, second, archived)] == [boris.id, vera.id, vera.id]


def test_a_preview_tells_groups_plans_and_changes_nothing(session, head):
    anna, boris = a_user(), a_user()
    group = a_client_group()
    client = a_client(curator=anna, group=group)
    a_client(curator=boris, group=group)
    an_interaction(client=client, person=anna, state=PLANNED)
    an_interaction(client=client, person=a_user(), state=PLANNED)

    seen = handover.preview([Client.group_id == group.id], {None: boris.id}, by=head)

    assert (seen.total, seen.plans) == (2, 1)
    assert seen.counts == {"done": 1, "same": 1}
    session.expire_all()
    assert client.curator_id == anna.id


def test_both_curators_are_told_once_for_all(session, head):
    anna, boris = a_user(), a_user()
    for _n in range(3):
        a_client(curator=anna)
    (act,) = handed(everything_of(anna), {None: boris.id}, head)
    assert told(session, boris) == [(NoticeKind.client_given, 3)]
    assert told(session, anna) == [(NoticeKind.client_taken, 3)]

    undone(act, head)
    assert told(session, anna)[-1] == (NoticeKind.client_given, 3)
    assert told(session, boris)[-1] == (NoticeKind.client_taken, 3)


def test_whatever_the_door_plans_go_along_and_both_are_told(session, head):
    anna, boris = a_user(), a_user()
    client = a_client(curator=anna)
    plan = an_interaction(client=client, person=anna, state=PLANNED)
    with transaction(by=head):
        assignment.assign(client, boris, reason="Ближе", by=head)
    assert (plan.person_id, plan.person.name) == (boris.id, boris.name)
    assert told(session, boris) == [(NoticeKind.client_given, 1)]
    assert told(session, anna) == [(NoticeKind.client_taken, 1)]


def test_without_a_reason_by_a_manager_or_twice(session, head):
    anna, boris = a_user(), a_user()
    a_client(curator=anna)
    with pytest.raises(DomainError):
        handed(everything_of(anna), {None: boris.id}, head, reason=" ")
    with pytest.raises(NotAllowed):
        handed(everything_of(anna), {None: boris.id}, anna)
    first = handed(everything_of(anna), {None: boris.id}, head)
    assert [act.id for act in handed(everything_of(anna), {None: boris.id}, head)] == [first[0].id]


def test_a_manager_offers_and_the_head_decides_with_a_word(session, head):
    anna, boris = a_user(), a_user()
    client = a_client(curator=anna)
    with transaction(by=anna):
        row = offers.offer(client, boris, reason="Ему ближе", by=anna)
        with pytest.raises(DomainError):
            offers.offer(client, boris, reason="Ещё раз", by=anna)
    with transaction(by=boris), pytest.raises(NotAllowed):
        offers.decide(row, accept=True, answer="да", by=boris)
    with transaction(by=head):
        with pytest.raises(DomainError) as said:
            offers.decide(row, accept=True, answer=" ", by=head)
        offers.decide(row, accept=True, answer="Согласна", by=head)

    session.expire_all()
    assert said.value.field == "answer"
    assert client.curator_id == boris.id
    assert (row.state, row.answer, row.decided_by_id) == (OfferState.accepted, "Согласна", head.id)
    assert (NoticeKind.client_offered, None) in told(session, head)
    assert (NoticeKind.offer_decided, None) in told(session, anna)
    kinds = session.scalars(select(JournalEntry.kind).where(JournalEntry.client_id == client.id)).all()
    assert kinds[-3:] == ["handover_offered", "handover_accepted", "curator_started"] or {
        "handover_offered",
        "handover_accepted",
        "curator_started",
    } <= set(kinds)


def test_an_offer_of_somebody_else_s_client_or_of_the_head_s_is_refused(session, head):
    client = a_client(curator=a_user())
    for by in (a_user(), head, a_user(Role.colleague)):
        with transaction(by=by), pytest.raises(NotAllowed):
            offers.offer(client, a_user(), reason="x", by=by)


def test_an_offer_is_declined_or_taken_back_and_the_client_stays(session, head):
    anna, boris = a_user(), a_user()
    client = a_client(curator=anna)
    for act in (
        lambda row: offers.decide(row, accept=False, answer="Нет", by=head),
        lambda row: offers.withdraw(row, by=anna),
    ):
        with transaction(by=anna):
            row = offers.offer(client, boris, reason="x", by=anna)
        with transaction(by=head):
            act(row)
            with pytest.raises(DomainError):
                offers.decide(row, accept=True, answer="да", by=head)
    assert client.curator_id == anna.id


def test_nobody_is_deactivated_while_he_curates_anybody(session):
    admin, anna = a_user(Role.admin), a_user(name="Анна")
    a_client(curator=anna, archived_at=clock.now())
    anna.active = False
    with pytest.raises(DomainError) as said, transaction(by=admin):
        people.check(anna, by=admin)
    assert said.value.field == "active"
    with pytest.raises(DomainError), transaction(by=admin):  # a door that forgot to ask
        anna.active = False
    with pytest.raises(DomainError), transaction(by=admin):
        anna.role = Role.colleague


def test_a_leaver_hands_everything_over_and_nothing_is_left(session):
    admin, anna, boris, vera = a_user(Role.admin), a_user(), a_user(), a_user()
    client, foreign = a_client(curator=anna), a_client(curator=vera)
    plan = an_interaction(client=foreign, person=anna, state=PLANNED)
    with transaction(by=anna):
        offers.offer(client, boris, reason="x", by=anna)
    with pytest.raises(DomainError), transaction(by=admin):
        leaving.hand_over("k", anna, {None: anna.id}, reason="Уходит", by=admin)

    before = leaving.left_of(anna)
    with transaction(by=admin):
        leaving.hand_over("k2", anna, {None: boris.id}, reason="Уходит", by=admin)
    after = leaving.left_of(anna)
    with transaction(by=admin):
        leaving.deactivate(anna, by=admin)

    session.expire_all()
    assert (before.clients, len(before.plans), len(before.offers), before.may_go) == (1, 1, 1, False)
    assert after.nothing
    assert (plan.person_id, client.curator_id, anna.active) == (vera.id, boris.id, False)


def test_those_who_get_a_leaver_s_plans_and_those_in_his_offers_are_told(session, head):
    """Plans with nobody's client go to the head: the admin who switches him off calls nobody."""
    admin, anna, boris, vera = a_user(Role.admin), a_user(name="Анна"), a_user(), a_user()
    one, two, free = a_client(curator=vera), a_client(curator=vera), a_client(curator=None)
    plans = [an_interaction(client=each, person=anna, state=PLANNED) for each in (one, two, free)]
    own = a_client(curator=anna)
    with transaction(by=anna):
        offers.offer(own, boris, reason="x", by=anna)
    with transaction(by=vera):
        offers.offer(one, anna, reason="x", by=vera)

    shown = leaving.heirs_of_plans(leaving.left_of(anna).plans, anna, by=admin)
    with transaction(by=admin):
        leaving.hand_over("k", anna, {None: boris.id}, reason="Уходит", by=admin)

    session.expire_all()
    assert [shown[each.id].id for each in plans] == [each.person_id for each in plans]
    assert [each.person_id for each in plans] == [vera.id, vera.id, head.id]
    assert (NoticeKind.plans_given, 2) in told(session, vera)
    assert (NoticeKind.plans_given, 1) in told(session, head)
    assert (NoticeKind.offer_withdrawn, None) in told(session, vera)
    assert (NoticeKind.offer_withdrawn, None) in told(session, boris)
    assert [kind for kind, _number in told(session, admin) if kind is not NoticeKind.client_offered] == []


def test_without_a_head_whoever_hands_over_looks_after_what_nobody_curates(session):
    admin, anna = a_user(Role.admin), a_user(Role.head)
    plan = an_interaction(client=a_client(curator=a_user(active=False)), person=anna, state=PLANNED)
    with transaction(by=admin):
        leaving.deactivate(anna, by=admin)
    session.expire_all()
    assert plan.person_id == admin.id


def test_whoever_acts_for_somebody_does_not_leave(session):
    admin, anna = a_user(Role.admin), a_user()
    a_substitution(substitute=anna)
    assert not leaving.left_of(anna).may_go
    with pytest.raises(DomainError), transaction(by=admin):
        leaving.deactivate(anna, by=admin)


def test_periods_are_dated_reasoned_and_signed(session, head):
    anna, boris = a_user(), a_user()
    client = a_client(curator=anna)
    with clock.stopped_at(clock.now() + timedelta(days=1)):
        handed([Client.id == client.id], {None: boris.id}, head, reason="Ближе")
        now = clock.now()
    asked = select(CuratorPeriod).where(CuratorPeriod.client_id == client.id).order_by(CuratorPeriod.id)
    first, second = session.scalars(asked).all()
    assert (first.ended_at, second.started_at, second.ended_at) == (now, now, None)
    assert (second.curator_id, second.reason, second.by_name) == (boris.id, "Ближе", head.name)
