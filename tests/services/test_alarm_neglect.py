"""What was let go is an alarm: silent clients, broken promises, a problem told again and again, requests."""

from datetime import timedelta

import pytest

from crmadmin.core import clock
from crmadmin.services import alarm_neglect, alarm_steps, alarms, department
from models.kinds import AlarmKind, InteractionState, PromiseSide, PromiseState, Role
from tests import factories as make

DAY = timedelta(days=1)


@pytest.fixture
def head(session):
    return make.a_user(Role.head)


@pytest.fixture
def anna(session):
    return make.a_user(name="Анна Белова")


@pytest.fixture
def group(session):
    return make.a_client_group(rhythm_days=10)


@pytest.fixture
def key_group(session):
    return make.a_client_group(code="key", rhythm_days=10)


def ago(days):
    return clock.now() - days * DAY


def found(kind=None):
    return [each for each in alarm_neglect.found() if kind in (None, each.kind)]


def of_persons(kind):
    return [(each.person_id, each.facts["number"]) for each in found(kind)]


def a_silent(curator, group, days=20, **given):
    with clock.stopped_at(ago(days)):
        return make.a_client(curator=curator, group=group, **given)


# Silence


def test_silent_clients_of_one_curator_are_one_alarm_that_names_the_longest(anna, group):
    for days in (16, 30, 20):
        a_silent(anna, group, days, name=f"Молчит {days}")
    a_silent(anna, group, 14)
    boris = make.a_user()
    a_silent(boris, group, 40, name="Другой")

    one, other = found()
    assert (one.kind, one.person_id, one.facts["number"], one.client_id) == (
        AlarmKind.silence,
        anna.id,
        3,
        None,
    )
    assert [(each["name"], each["days"], each["rhythm"]) for each in one.facts["clients"]] == [
        ("Молчит 30", 30, 10), ("Молчит 20", 20, 10), ("Молчит 16", 16, 10),
    ]  # fmt: skip
    assert (other.person_id, other.facts["number"]) == (boris.id, 1)


def test_of_many_ten_are_named(anna, group):
    for number in range(13):
        a_silent(anna, group, 30 + number)
    (one,) = found()
    assert (one.facts["number"], len(one.facts["clients"])) == (13, 10)


def test_a_silent_key_client_is_an_alarm_of_its_own_while_they_are_few(head, anna, group, key_group):
    first, second = a_silent(anna, key_group, 40), a_silent(anna, key_group, 30)
    a_silent(anna, group, 30)
    assert sorted((each.client_id or 0, each.facts["number"]) for each in found()) == [
        (0, 1), (first.id, 1), (second.id, 1),
    ]  # fmt: skip

    department.change(department.SILENT_ALONE, "1", by=head)
    (one,) = found()
    assert (one.client_id, one.facts["number"]) == (None, 3)
    assert [each["id"] for each in one.facts["clients"]][:2] == [first.id, second.id]


def test_the_department_says_how_long_is_too_long(head, anna, group):
    a_silent(anna, group, 16)
    assert of_persons(AlarmKind.silence) == [(anna.id, 1)]
    department.change(department.SILENCE_PERCENT, "200", by=head)
    assert found() == []


def test_nobody_is_asked_again_about_what_the_head_deals_with(anna, group):
    asked, promised, late, waived = (a_silent(anna, group, 30, name=f"{n}") for n in range(4))
    make.a_silence_talk(client=asked)
    make.a_silence_talk(client=promised, answered_at=ago(2), act_on=ago(-1).date())
    make.a_silence_talk(client=late, answered_at=ago(9), act_on=ago(1).date())
    make.a_silence_talk(client=waived, closed_at=ago(1), waiver="Отпуск", opened_at=ago(2))

    (one,) = found()
    assert [each["id"] for each in one.facts["clients"]] == [late.id]


def test_a_silence_that_was_let_be_is_one_again_after_another_contact(anna, group):
    client = a_silent(anna, group, 90)
    make.a_silence_talk(client=client, closed_at=ago(70), waiver="Отпуск", opened_at=ago(71))
    assert found() == []
    make.an_interaction(client=client, happened_at=ago(40), recorded_at=ago(40))
    assert of_persons(AlarmKind.silence) == [(anna.id, 1)]


def test_nobody_answers_for_what_another_let_go_last_week(session, anna, group):
    boris = make.a_user()
    client = a_silent(boris, group, 60)
    with clock.stopped_at(ago(5)):
        client.curator = anna
        session.flush()
    assert found() == []
    with clock.stopped_at(ago(-10)):
        assert of_persons(AlarmKind.silence) == [(anna.id, 1)]


def test_clients_of_nobody_put_away_or_without_a_rhythm_are_no_alarm(anna, group):
    a_silent(None, group, 60)
    a_silent(anna, group, 60, archived_at=ago(1))
    a_silent(anna, make.a_client_group(rhythm_days=None), 900)
    a_silent(make.a_user(active=False), group, 60)
    assert found() == []


def test_whoever_is_away_is_asked_when_he_is_back_and_has_had_the_time(anna, group):
    a_silent(anna, group, 60)
    make.an_absence(person=anna, starts_at=ago(4), ends_at=ago(-1))
    assert found() == []
    with clock.stopped_at(ago(-3)):
        assert found() == []
    with clock.stopped_at(ago(-7)):
        assert of_persons(AlarmKind.silence) == [(anna.id, 1)]


# Promises


def test_promises_that_are_not_kept_are_one_alarm_of_whoever_answers_for_them(anna):
    make.a_promise(person=anna, due_at=ago(3), text="цены")
    make.a_promise(person=anna, due_at=ago(9), state=PromiseState.broken, settled_at=ago(8), outcome="нет")
    (one,) = found()

    assert (one.kind, one.person_id, one.facts["number"]) == (AlarmKind.promise, anna.id, 2)
    assert [each["text"] for each in one.facts["promises"]] == ["цены", "цены"]


@pytest.mark.parametrize(
    "given",
    [
        {"due_at": 1},
        {"due_at": 5, "side": PromiseSide.theirs},
        {"due_at": 5, "state": PromiseState.kept_late, "settled_at": 1},
        {"due_at": 5, "state": PromiseState.moved, "settled_at": 1},
        {"due_at": 60, "state": PromiseState.broken, "settled_at": 40, "outcome": "нет"},
        {"due_at": 60},
    ],
)
def test_what_is_no_broken_promise_of_ours(anna, given):
    moments = {name: ago(value) for name, value in given.items() if name.endswith("_at")}
    make.a_promise(person=anna, **{**given, **moments})
    assert found() == []


def test_the_department_says_how_late_and_how_many(head, anna):
    make.a_promise(person=anna, due_at=ago(3))
    department.change(department.OVERDUE_DAYS, "5", by=head)
    assert found() == []
    department.change(department.OVERDUE_DAYS, "0", by=head)
    assert of_persons(AlarmKind.promise) == [(anna.id, 1)]
    department.change(department.BROKEN, "2", by=head)
    assert found() == []


def test_what_fell_due_while_he_was_away_is_not_his(anna):
    make.an_absence(person=anna, starts_at=ago(20), ends_at=ago(10))
    make.a_promise(person=anna, due_at=ago(15))
    assert found() == []


def test_nobody_is_asked_about_one_promise_twice(session, head, anna):
    make.a_promise(person=anna, due_at=ago(3), text="цены")
    alarms.raise_those(found())
    alarm = alarm_steps.known(session.scalar(alarms.asked.latest([f"promise-{anna.id}"])).id, head)
    alarm_steps.decide(alarm, "Больше не забывать", ago(-1).date(), by=head)
    with clock.stopped_at(ago(-5)):
        assert found() == []
        make.a_promise(person=anna, due_at=ago(3), text="образцы")
        (one,) = found()
    assert [each["text"] for each in one.facts["promises"]] == ["образцы"]


# A problem told again and again


def told_by(client, *people, days=1):
    for person in people:
        make.an_interaction(client=client, person=person, happened_at=ago(days))


def test_the_third_colleague_on_one_problem(head, anna):
    client = make.a_client(curator=anna, name="Ромашка")
    task = make.a_client_task(client=client, opened_at=ago(9), opened_by=anna, problem="Насос гудит")
    boris, vera = make.a_user(name="Борис"), make.a_user(Role.colleague, name="Вера")
    told_by(client, anna, boris)
    assert found() == []

    told_by(client, vera)
    (one,) = found()
    assert (one.kind, one.person_id, one.client_id, one.more) == (
        AlarmKind.third_colleague, anna.id, client.id, 3,
    )  # fmt: skip
    assert (one.facts["names"], one.facts["problem"]) == (["Анна Белова", "Борис", "Вера"], "Насос гудит")

    department.change(department.COLLEAGUES, "4", by=head)
    assert found() == []
    department.change(department.COLLEAGUES, "3", by=head)
    task.proposed_at = ago(0)
    assert found() == []


def test_where_nobody_answers_for_the_client_whoever_wrote_it_down_does(anna):
    client = make.a_client()
    make.a_client_task(client=client, opened_at=ago(9), opened_by=anna)
    told_by(client, make.a_user(), make.a_user())
    assert of_persons(AlarmKind.third_colleague) == [(anna.id, 3)]


# Requests


def a_request(client, days, **given):
    return make.an_interaction(client=client, request="Пришлите акт", happened_at=ago(days), **given)


def test_requests_that_wait_too_long_are_one_alarm_of_the_curator(head, anna):
    client = make.a_client(curator=anna, name="Ромашка")
    a_request(client, 12)
    a_request(client, 30)
    a_request(client, 9)
    a_request(client, 40, state=InteractionState.cancelled, cancel_reason="ошибка")
    (one,) = found(AlarmKind.unanswered)
    assert (one.person_id, one.facts["number"], one.facts["days"]) == (anna.id, 2, 10)
    assert one.facts["requests"][0]["client"] == "Ромашка"

    department.change(department.UNANSWERED_DAYS, "8", by=head)
    assert of_persons(AlarmKind.unanswered) == [(anna.id, 3)]


def test_a_request_of_nobody_s_client_is_whoever_s_who_spoke(anna):
    a_request(make.a_client(), 20, person=anna)
    a_request(make.a_client(), 20, person=make.a_user(Role.colleague))
    assert of_persons(AlarmKind.unanswered) == [(anna.id, 1)]


def test_nobody_is_asked_while_he_is_away(anna):
    a_request(make.a_client(curator=anna), 20)
    make.a_promise(person=anna, due_at=ago(5))
    make.an_absence(person=anna, starts_at=ago(1), ends_at=ago(-5))
    assert found() == []


def test_it_costs_the_same_whatever_the_number_of_people(session, queries, group):
    costs = []
    for number in (1, 8):
        for _each in range(number):
            person = make.a_user()
            a_silent(person, group, 30)
            make.a_promise(person=person, due_at=ago(5))
            a_request(make.a_client(curator=person), 20)
        session.expire_all()
        with queries().counting() as seen:
            alarm_neglect.found()
        costs.append(len(seen))

    assert costs[0] == costs[1] <= 9, "\n".join(seen)
