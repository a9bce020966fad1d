"""What became of a promise is taken back: by whom, how long, with a reason, and what follows it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.queries.visibility import promise_reopenable_by
from crmadmin.reports import promises_kept
from crmadmin.services import assignment, journal_check, promises
from models import JournalEntry, Notice, Promise
from models.kinds import NoticeKind, PromiseState, Role
from tests import factories as make
from tests.conftest import NOON

DAY = timedelta(days=1)


@pytest.fixture
def head(session):
    return make.a_user(Role.head)


@pytest.fixture
def promise(client, anna):
    return make.a_promise(client=client, person=anna, text="цены", whole_day=False)


def broken(promise, by):
    with transaction(by=by):
        promises.break_off(promise, reason="не успели", by=by)
    return promise


def moved(promise, by, later=3 * DAY):
    with transaction(by=by):
        return promises.move(promise, promise.due_at + later, reason="просили", by=by)


def reopened(promise, by, reason="ошибка"):
    with transaction(by=by):
        return promises.reopen(promise, reason=reason, by=by)


def last_entry(session):
    about = select(JournalEntry).where(JournalEntry.subject == "promise").order_by(JournalEntry.id.desc())
    return session.scalars(about.limit(1)).one()


@pytest.mark.parametrize("state", [PromiseState.kept, PromiseState.kept_late, PromiseState.broken])
def test_it_is_open_again_and_the_journal_knows_why(session, promise, anna, state):
    late = DAY * 2 if state is PromiseState.kept_late else timedelta()
    with clock.stopped_at(clock.now() + late):
        if state is PromiseState.broken:
            broken(promise, anna)
        else:
            promises.keep(promise, outcome="отправил", by=anna)
        assert promise.state is state
        outcome = promise.outcome
        assert reopened(promise, anna, reason=" не тот клиент ") is promise

    assert (promise.state, promise.outcome) == (PromiseState.open, "")
    assert (promise.settled_at, promise.settled_by) == (None, None)
    entry = last_entry(session)
    assert (entry.kind, entry.by_id) == ("promise_open", anna.id)
    assert entry.data["reason"] == [None, "не тот клиент"]
    assert entry.data["state"] == [state, "open"]
    assert entry.data["outcome"] == [outcome, ""]
    promises.keep(promise, by=anna)  # said once
    assert "reason" not in last_entry(session).data
    assert not list(journal_check.faults(session))


@pytest.mark.parametrize(("reason", "sentence"), [(" ", "why it is open again"), ("x" * 501, "Too long")])
def test_it_takes_a_reason(promise, anna, reason, sentence):
    broken(promise, anna)
    with pytest.raises(DomainError, match=sentence) as refusal:
        reopened(promise, anna, reason)

    assert refusal.value.field == "reason"


def test_what_is_open_is_open(promise, anna):
    with pytest.raises(DomainError, match="is open"):
        reopened(promise, anna)


def test_two_weeks_long_by_whoever_may_settle_it_and_however_late_by_the_head(promise, anna, head):
    broken(promise, anna)
    with clock.stopped_at(promise.settled_at + 14 * DAY + timedelta(seconds=1)):
        with pytest.raises(DomainError, match="After 14 days only the head"):
            reopened(promise, anna)
        reopened(promise, head)
    broken(promise, anna)
    with clock.stopped_at(promise.settled_at + 14 * DAY):
        reopened(promise, anna)

    assert promise.state is PromiseState.open


def test_who_takes_it_back_says_one_rule_twice(session, client, anna, head):
    away, colleague = make.a_user(), make.a_user(Role.colleague)
    make.a_substitution(substitute=away, absence=make.an_absence(person=anna))
    fresh = broken(make.a_promise(client=client, person=make.a_user()), head)
    own = broken(make.a_promise(person=colleague), colleague)
    lives = make.a_promise(client=client, person=anna)
    gone, back = (make.a_promise(client=client, person=anna) for _n in range(2))
    moved(lives, anna)
    broken(moved(gone, anna), anna)
    moved(back, anna)
    reopened(back, anna)
    late = make.a_promise(client=client, person=anna, state=PromiseState.kept,
                          settled_at=clock.now() - 15 * DAY)  # fmt: skip
    every = [fresh, own, lives, gone, back, late, make.a_promise(client=client, person=anna)]

    def may(user):
        rows = session.scalars(select(Promise.id).where(promise_reopenable_by(user))).all()
        said = [promises.may_reopen(each, user) for each in every]
        assert said == [each.id in rows for each in every]
        return [index for index, each in enumerate(said) if each]

    assert may(anna) == may(away) == [0, 2]
    assert may(head) == [0, 1, 2, 5]
    assert may(colleague) == [1]
    assert may(make.a_user()) == []
    with pytest.raises(NotAllowed):
        reopened(fresh, make.a_user())


def test_how_well_it_is_kept_follows(session, promise, anna, head):
    def measured():
        day = promise.due_at
        asked = promises_kept.by_person(day - DAY, day + DAY, day + timedelta(hours=1))
        return [tuple(row)[1:] for row in session.execute(asked)]

    promises.keep(promise, by=anna)
    assert measured() == [(1, 1, 0, 0, 1.0)]
    reopened(promise, head)
    assert measured() == [(1, 0, 0, 0, 0.0)]  # overdue by then


def test_one_that_was_moved_gets_its_earlier_time_back(session, promise, anna):
    first = promise.due_at
    later = moved(promise, anna)
    assert reopened(promise, anna, reason="клиент не соглашался") is later

    assert (promise.state, later.state) == (PromiseState.moved, PromiseState.open)
    assert (later.due_at, later.whole_day) == (first, promise.whole_day)
    entry = last_entry(session)
    assert (entry.kind, entry.subject_id) == ("promise_moved_back", later.id)
    assert entry.data["reason"] == [None, "клиент не соглашался"]
    with pytest.raises(DomainError, match="earlier time again already"):
        reopened(promise, anna)
    assert not list(journal_check.faults(session))


def test_what_became_of_the_one_it_was_moved_to_is_taken_back_first(session, promise, anna):
    later = moved(promise, anna)
    last = moved(later, anna)
    with pytest.raises(DomainError, match="settled too"):
        reopened(promise, anna)
    assert reopened(later, anna) is last

    assert last.due_at == later.due_at
    assert session.scalars(select(Promise).where(Promise.state == PromiseState.open)).all() == [last]


def test_whoever_is_to_keep_it_is_told(session, promise, anna, head):
    broken(promise, anna)
    reopened(promise, head)

    (told,) = session.scalars(select(Notice)).all()
    assert (told.person_id, told.kind, told.subject_id) == (anna.id, NoticeKind.promise_given, promise.id)
    assert told.data["again"] is True


def test_it_is_whose_it_would_be_had_it_stayed_open(client, promise, anna, head):
    boris, spoke = make.a_user(), make.a_user()
    others = make.a_promise(client=client, person=spoke)
    left = make.a_promise(client=client, person=make.a_user())
    for each in (promise, others, left):
        broken(each, head)
    with clock.stopped_at(clock.now() + DAY):
        with transaction(by=head):
            assignment.assign(client, boris, reason="ближе", by=head)
        left.person.active = False
        for each in (promise, others, left):
            reopened(each, head)

    assert [each.person for each in (promise, others, left)] == [boris, spoke, boris]


@pytest.mark.parametrize(("when", "counted"), [(-DAY, 0), (DAY, 1)])
def test_what_was_moved_when_it_was_overdue_was_not_kept_on_time(session, when, counted):
    anna = make.a_user()
    promise = make.a_promise(client=make.a_client(curator=anna), person=anna, due_at=NOON)
    with clock.stopped_at(NOON + when):
        promises.move(promise, NOON + 9 * DAY, reason="просили позже", by=anna)
    session.commit()
    rows = session.execute(promises_kept.by_person(NOON - DAY, NOON + DAY, NOON + 2 * DAY)).all()
    assert [(row.all, row.kept) for row in rows] == [(1, 0)] * counted
