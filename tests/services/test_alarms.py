"""Alarms: raised once, told to both at one moment, dealt with in steps, and not back before their day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from crmadmin.core import clock
from crmadmin.core.errors import DomainError, NotAllowed, NotFound
from crmadmin.rules.alarms import Last, may_come
from crmadmin.services import alarm_steps as steps
from crmadmin.services import alarms, department
from crmadmin.services.alarm_found import Found
from models import Alarm, JournalEntry, Notice
from models.kinds import AlarmKind, AlarmState, NoticeKind, Role
from tests import factories as make

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


@pytest.fixture
def head(session):
    return make.a_user(Role.head, name="Ольга")


@pytest.fixture
def anna(session):
    return make.a_user(name="Анна")


def a_find(person, **given):
    facts = {"number": 2, "promises": []}
    return Found(
        **{"kind": AlarmKind.promise, "key": "promise-1", "facts": facts} | given, person_id=person.id
    )


def raised(*found):
    return alarms.raise_those(found)


def the_alarm(session):
    return session.scalars(select(Alarm).order_by(Alarm.id.desc()).limit(1)).one()


def later(days):
    return clock.stopped_at(clock.now() + days * DAY)


def told(session, person):
    asked = select(Notice.kind, Notice.subject_id).where(Notice.person_id == person.id).order_by(Notice.id)
    return [tuple(row) for row in session.execute(asked)]


@pytest.mark.parametrize(
    ("last", "comes"),
    [
        (None, True),
        (Last(None, None), False),
        (Last(TODAY, None), False),
        (Last(TODAY - 27 * DAY, None), False),
        (Last(TODAY - 28 * DAY, None), True),
        (Last(TODAY - DAY, TODAY), True),
        (Last(TODAY - 90 * DAY, TODAY + DAY), False),
    ],
)
def test_it_does_not_come_back_while_it_is_dealt_with_nor_before_its_day(last, comes):
    assert may_come(last, TODAY, 28) is comes


def test_the_person_and_the_head_are_told_at_the_same_moment(session, head, anna):
    make.a_user(Role.admin)
    make.a_user(Role.head, active=False)
    assert raised(a_find(anna)) == 1

    alarm = the_alarm(session)
    assert (alarm.state, alarm.person_id) == (AlarmState.new, anna.id)
    assert told(session, anna) == [(NoticeKind.alarm_raised, alarm.id)]
    assert told(session, head) == [(NoticeKind.alarms_raised, alarm.id)]
    assert session.scalar(select(func.count(Notice.at.distinct()))) == 1
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).one()
    assert entry.kind == "alarm_new"


def test_of_many_the_head_is_told_once(session, head, anna):
    boris = make.a_user(name="Борис")
    raised(a_find(anna, key="a"), a_find(anna, key="b"), a_find(boris, key="c"))

    assert [kind for kind, _id in told(session, head)] == [NoticeKind.alarms_raised]
    notice = session.scalars(select(Notice).where(Notice.person_id == head.id)).one()
    assert (notice.data["number"], notice.data["people"]) == (3, ["Анна", "Борис"])
    assert len(told(session, anna)) == 2


def test_a_head_is_told_of_his_own_once(session, head):
    raised(a_find(head))
    assert [kind for kind, _id in told(session, head)] == [NoticeKind.alarm_raised]


def test_the_same_is_raised_once_whoever_looks_again(session, head, anna):
    assert raised(a_find(anna), a_find(anna)) == 1
    with later(3):
        assert raised(a_find(anna)) == 0
    for step in (
        lambda alarm: steps.see(alarm, by=head),
        lambda alarm: steps.talk(alarm, "Поговорили", by=head),
    ):
        step(the_alarm(session))
        with later(200):
            assert raised(a_find(anna)) == 0
    assert session.scalar(select(func.count()).select_from(Alarm)) == 1


@pytest.mark.parametrize(
    ("act_on", "rest", "silent", "comes"),
    [
        (None, None, 27, 28),
        (None, "7", 6, 7),
        (TODAY + 3 * DAY, None, 2, 3),
        (TODAY + 90 * DAY, None, 89, 90),
    ],
)
def test_a_decision_rests(session, head, anna, act_on, rest, silent, comes):
    if rest:
        department.change(department.REST_DAYS, rest, by=head)
    raised(a_find(anna))
    steps.decide(the_alarm(session), "Разобрались", act_on, by=head)

    with later(silent):
        assert raised(a_find(anna)) == 0
    with later(comes):
        assert raised(a_find(anna)) == 1
    assert the_alarm(session).state is AlarmState.new


def test_what_has_not_gone_further_does_not_come_back_at_all(session, head, anna):
    raised(a_find(anna, more=3))
    steps.decide(the_alarm(session), "Решим", TODAY + DAY, by=head)

    with later(100):
        assert raised(a_find(anna, more=3)) == 0
        assert raised(a_find(anna, more=4)) == 1


def test_the_database_itself_refuses_a_second_open_one(session, anna):
    make.an_alarm(person=anna, key="same")
    with pytest.raises(Exception, match=r"(?i)unique"):
        make.an_alarm(person=anna, key="same")
    session.rollback()


# Steps


def test_each_step_is_kept_with_who_and_when(session, head, anna):
    alarm = make.an_alarm(person=anna)
    steps.see(alarm, by=head)
    assert (alarm.state, alarm.seen_by, alarm.seen_at) == (AlarmState.seen, head, clock.now())

    steps.talk(alarm, " Болела, наверстает ", by=head)
    assert (alarm.state, alarm.talked_by) == (AlarmState.talked, head)
    assert alarm.talk == "02.03.2026 12:00, Ольга: Болела, наверстает"

    steps.decide(alarm, "Сократить список", TODAY + 14 * DAY, by=head)
    assert (alarm.state, alarm.decision, alarm.act_on) == (
        AlarmState.decided,
        "Сократить список",
        TODAY + 14 * DAY,
    )
    session.flush()
    kinds = [row.kind for row in session.scalars(select(JournalEntry).order_by(JournalEntry.id))]
    assert [kind for kind in kinds if kind.startswith("alarm")] == [
        "alarm_new", "alarm_seen", "alarm_talked", "alarm_decided",
    ]  # fmt: skip


def test_a_step_may_be_left_out_and_what_was_seen_is_not_seen_anew(session, head, anna):
    alarm = make.an_alarm(person=anna)
    steps.decide(alarm, "Ничего не делать", None, by=head)
    assert alarm.seen_by is head
    other = make.an_alarm(person=anna)
    steps.see(other, by=head)
    with later(1):
        steps.see(other, by=make.a_user(Role.admin))
        steps.talk(other, "Ещё раз", by=make.a_user(Role.admin))
    assert other.seen_by is head


def test_the_person_is_told_of_the_talk_and_of_the_decision(session, head, anna):
    alarm = make.an_alarm(person=anna)
    steps.see(alarm, by=head)
    steps.talk(alarm, "Поговорили", by=head)
    steps.decide(alarm, "Решили", None, by=head)

    assert told(session, anna) == [
        (NoticeKind.alarm_talked, alarm.id),
        (NoticeKind.alarm_decided, alarm.id),
    ]


def test_whoever_it_is_about_says_what_he_thinks_of_it(session, head, anna):
    alarm = make.an_alarm(person=anna)
    steps.answer(alarm, "Клиент в отпуске", by=anna)
    steps.talk(alarm, "Понятно", by=head)

    assert alarm.talk == "02.03.2026 12:00, Анна: Клиент в отпуске\n\n02.03.2026 12:00, Ольга: Понятно"
    assert told(session, head) == [(NoticeKind.alarm_answered, alarm.id)]
    assert steps.known(alarm.id, anna).state is AlarmState.talked


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda alarm, by: steps.talk(alarm, "  ", by=by), "talk"),
        (lambda alarm, by: steps.talk(alarm, "x" * 2001, by=by), "talk"),
        (lambda alarm, by: steps.decide(alarm, "", None, by=by), "decision"),
        (lambda alarm, by: steps.decide(alarm, "Да", TODAY, by=by), "act_on"),
        (lambda alarm, by: steps.decide(alarm, "Да", TODAY + 400 * DAY, by=by), "act_on"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(session, head, anna, act, field):
    alarm = make.an_alarm(person=anna)
    with pytest.raises(DomainError) as refused:
        act(alarm, head)
    assert refused.value.field == field
    assert alarm.state is AlarmState.new


def test_what_is_decided_stays_decided(session, head, anna):
    alarm = make.an_alarm(person=anna)
    steps.decide(alarm, "Решили", None, by=head)
    for act in (
        lambda: steps.talk(alarm, "Ещё", by=head),
        lambda: steps.decide(alarm, "Иначе", None, by=make.a_user(Role.head)),
        lambda: steps.answer(alarm, "Но", by=anna),
    ):
        with pytest.raises(DomainError, match="Ольга has decided it already: Решили"):
            act()
    steps.see(alarm, by=head)
    assert (alarm.state, alarm.decision) == (AlarmState.decided, "Решили")


@pytest.mark.parametrize("role", [Role.manager, Role.colleague])
def test_only_head_and_admin_take_the_steps(session, anna, role):
    alarm, by = make.an_alarm(person=anna), make.a_user(role)
    for act in (
        lambda: steps.see(alarm, by=anna),
        lambda: steps.talk(alarm, "x", by=anna),
        lambda: steps.decide(alarm, "x", None, by=by),
        lambda: steps.answer(alarm, "x", by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_everybody_sees_his_own(session, head, anna):
    mine, other = make.an_alarm(person=anna), make.an_alarm()
    assert steps.known(mine.id, anna).id == mine.id
    with pytest.raises(NotFound):
        steps.known(other.id, anna)
    assert steps.known(other.id, head).id == other.id
