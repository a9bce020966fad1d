"""Promises: given by anybody, kept, late, moved with consent, broken; who may; how they go along."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock, i18n
from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.queries import promises as asked
from crmadmin.queries.visibility import promise_settleable_by
from crmadmin.reports import promises_kept
from crmadmin.services import assignment, handover, interactions, journal_check, leaving, promises
from models import Client, JournalEntry, Notice, Promise
from models.kinds import NoticeKind, PromiseSide, PromiseState, Role
from tests import factories as make
from tests.conftest import NOON
from tests.services.bulking import finished, undone

DAY = timedelta(days=1)


def given(client, by, **more):
    start = {"text": "цены", "due_at": clock.now() + DAY, "whole_day": False}
    with transaction(by=by):
        return promises.give(client, **start | more, by=by)


def kinds(session, promise):
    told = select(JournalEntry.kind).where(JournalEntry.subject == "promise").order_by(JournalEntry.number)
    return session.scalars(told.where(JournalEntry.client_id == promise.client_id)).all()


@pytest.mark.parametrize("role", list(Role))
def test_anybody_promises_something_to_any_client_and_the_curator_is_told(session, client, anna, role):
    by = make.a_user(role)

    promise = given(client, by)

    assert (promise.person, promise.state, promise.side) == (by, PromiseState.open, PromiseSide.ours)
    (notice,) = session.scalars(select(Notice)).all()
    assert (notice.person_id, notice.kind) == (anna.id, NoticeKind.promise_given)
    assert kinds(session, promise) == ["promise_given"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"text": " "}, "text"), ({"text": "x" * 1_001}, "text"), ({"due_at": None}, "due"),
     ({"due_at": "past"}, "due"), ({"person": "leaver"}, "person"), ({"person": "other"}, "person"),
     ({"contact_person": "stranger"}, "contact_person")],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(client, anna, wrong, field):
    rows = {
        "past": clock.now() - timedelta(seconds=1),
        "leaver": make.a_user(active=False),
        "other": make.a_user(),
        "stranger": make.a_contact_person(),
    }
    with pytest.raises(DomainError) as refusal:
        given(client, anna, **{key: rows.get(value, value) for key, value in wrong.items()})

    assert {each.field for each in refusal.value.parts} == {field}


def test_the_head_promises_for_whomever_and_a_colleague_for_the_curator(client, anna):
    other = make.a_user()

    assert given(client, make.a_user(Role.head), person=other).person is other
    assert given(client, make.a_user(Role.colleague), person=anna).person is anna


@pytest.mark.parametrize(("late", "state"), [(False, PromiseState.kept), (True, PromiseState.kept_late)])
def test_it_is_kept_in_time_or_late(session, client, anna, late, state):
    promise = given(client, anna)
    with clock.stopped_at(promise.due_at + timedelta(minutes=late)), transaction(by=anna):
        promises.keep(promise, outcome="отправил", by=anna)

    assert (promise.state, promise.settled_by, promise.outcome) == (state, anna, "отправил")
    assert kinds(session, promise) == ["promise_given", f"promise_{state}"]


def test_moved_with_consent_it_lives_on_in_another(session, client, anna):
    promise = given(client, anna, side=PromiseSide.theirs)
    later = clock.now() + 3 * DAY
    with transaction(by=anna):
        another = promises.move(promise, later, reason="просили позже", by=anna)

    assert (promise.state, promise.outcome) == (PromiseState.moved, "просили позже")
    assert (another.due_at, another.text, another.side) == (later, promise.text, PromiseSide.theirs)
    assert (another.moved_from, another.person, another.state) == (promise, anna, PromiseState.open)
    assert kinds(session, promise) == ["promise_given", "promise_moved", "promise_renewed"]


def test_to_move_or_to_break_it_takes_a_reason(client, anna):
    promise = given(client, anna)
    with pytest.raises(DomainError) as refusal:
        promises.move(promise, None, reason=" ", by=anna)
    assert {each.field for each in refusal.value.parts} == {"due", "reason"}
    with pytest.raises(DomainError, match="why it is not kept"):
        promises.break_off(promise, reason="", by=anna)

    promises.break_off(promise, reason="нет на складе", by=anna)
    assert promise.state is PromiseState.broken


def test_what_is_settled_stays_settled(client, anna):
    promise = given(client, anna)
    promises.keep(promise, by=anna)
    for act in (promises.keep, lambda row, by: promises.break_off(row, reason="поздно", by=by)):
        with pytest.raises(DomainError, match="settled already"):
            act(promise, by=anna)


def test_who_settles_it_says_one_rule_twice(session, client, anna):
    spoke, stranger, head, away = make.a_user(), make.a_user(), make.a_user(Role.head), make.a_user()
    colleague = make.a_user(Role.colleague)
    promise = given(client, spoke)
    own = given(make.a_client(), colleague)
    make.a_substitution(substitute=away, absence=make.an_absence(person=anna))

    def may(user):
        rows = session.scalars(select(Promise.id).where(promise_settleable_by(user))).all()
        assert [promises.may_settle(each, user) for each in (promise, own)] == [
            each.id in rows for each in (promise, own)
        ]
        return [each.id in rows for each in (promise, own)]

    assert may(spoke) == may(anna) == may(away) == [True, False]
    assert may(head) == [True, True]
    assert may(colleague) == [False, True]
    assert may(stranger) == [False, False]
    with pytest.raises(NotAllowed):
        promises.keep(promise, by=stranger)


def test_it_does_not_vanish_with_its_record(session, client, anna):
    record = make.an_interaction(client=client, person=anna)
    promise = given(client, anna, interaction=record)
    with transaction(by=anna):
        interactions.cancel(record, reason="не тот клиент", by=anna)

    assert session.get(Promise, promise.id).state is PromiseState.open


def test_it_goes_along_with_its_client_and_comes_back(session, client, anna):
    boris, head, vera = make.a_user(), make.a_user(Role.head), make.a_user()
    own = given(client, anna)
    kept, others = given(client, anna), given(client, vera)
    promises.keep(kept, by=anna)
    found = [Client.curator_id == anna.id]
    seen = handover.preview(found, {None: boris.id}, by=head)
    with transaction(by=head):
        (act,) = handover.begin("key", found, {None: boris.id}, reason="уходит", by=head)
    act = finished(act, head)

    session.expire_all()
    assert seen.promises == 1
    assert [each.person_id for each in (own, kept, others)] == [boris.id, anna.id, vera.id]
    (told,) = session.scalars(select(JournalEntry).where(JournalEntry.kind == "promise_changed")).all()
    assert told.data["person_id"] == [{"id": p.id, "name": p.name} for p in (anna, boris)]
    later = given(client, boris)  # his own, of later

    undone(act, head)
    session.expire_all()
    assert [each.person_id for each in (own, later)] == [anna.id, boris.id]
    assert not list(journal_check.faults(session))


@pytest.mark.parametrize("bulk_or_card", ["bulk", "card"])
def test_what_fell_due_before_a_handover_stays_in_the_numbers_of_whoever_let_it(
    session, client, anna, bulk_or_card
):
    boris, head = make.a_user(), make.a_user(Role.head)
    start, end = NOON - timedelta(days=9), NOON + timedelta(days=9)
    overdue, ahead = (
        make.a_promise(client=client, person=anna, due_at=NOON + timedelta(days=days)) for days in (-1, 1)
    )
    if bulk_or_card == "bulk":
        with transaction(by=head):
            (act,) = handover.begin("key", [Client.id == client.id], {None: boris.id}, reason="так", by=head)
        finished(act, head)
    else:
        with transaction(by=head):
            assignment.assign(client, boris, reason="ближе", by=head)
    session.expire_all()

    def numbers():
        found = session.execute(promises_kept.by_person(start, end, clock.now()))
        return {row[0].id: (row[1], row.kept) for row in found}

    assert [each.person_id for each in (overdue, ahead)] == [boris.id, boris.id]
    assert numbers() == {anna.id: (1, 0)}
    promises.keep(overdue, by=boris)
    promises.keep(ahead, by=boris)
    assert numbers() == {anna.id: (1, 0), boris.id: (1, 1)}
    later = promises.reopen(ahead, reason="ошибка", by=boris)
    assert (
        promises.move(later, NOON + timedelta(days=5), reason="просят", by=boris).counted_for_id == boris.id
    )


def test_by_whatever_door_the_client_goes(session, client, anna):
    boris, head = make.a_user(), make.a_user(Role.head)
    promise = given(client, anna)
    with transaction(by=head):
        assignment.assign(client, boris, reason="ближе", by=head)

    assert (promise.person_id, promise.person.name) == (boris.id, boris.name)


def test_whoever_leaves_leaves_no_promise_behind(session, client, anna):
    admin, leaver = make.a_user(Role.admin), make.a_user()
    promise = given(client, leaver)
    assert leaving.left_of(leaver).promises == [promise]
    with transaction(by=admin):
        leaving.deactivate(leaver, by=admin)

    assert promise.person is anna
    assert leaving.left_of(leaver).nothing


def test_during_an_absence_it_is_in_the_substitutes_hands(session, client, anna):
    boris = make.a_user()
    absence = make.an_absence(person=anna)
    make.a_substitution(substitute=boris, absence=absence)
    promise = given(client, anna)
    given(client, make.a_user())

    def hands(at):
        return session.scalars(select(Promise).where(asked.in_hands(boris, at))).all()

    assert hands(clock.now()) == [promise]
    assert hands(absence.ends_at) == []
    assert session.scalars(select(Promise).where(asked.in_hands(anna, clock.now()))).all() == [promise]


def test_overdue_is_what_is_open_past_its_last_moment(session, client, anna):
    promise = given(client, anna, due_at=i18n.start_of(i18n.today()) + DAY)
    given(client, anna, due_at=clock.now() + 5 * DAY)

    def overdue(at):
        return session.scalars(select(Promise).where(asked.is_overdue(at))).all()

    assert overdue(promise.due_at) == []
    assert overdue(promise.due_at + timedelta(seconds=1)) == [promise]
    promises.keep(promise, by=anna)
    assert overdue(promise.due_at + timedelta(seconds=1)) == []
