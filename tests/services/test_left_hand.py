"""The left hand knows what the right one does: curators and heads are told, once, of what is news."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import transaction
from crmadmin.queries.told_to import told_their_task
from models import Notice
from models.kinds import InteractionState, NoticeKind, Role
from tests import factories as make
from views import notice_words


def told(session, kind=None):
    rows = session.scalars(select(Notice).order_by(Notice.id)).all()
    return [(row.person_id, row.client_id) for row in rows if kind is None or row.kind is kind]


@pytest.fixture
def client(session):
    return make.a_client(curator=make.a_user(Role.manager))


def test_a_curator_is_told_that_somebody_else_spoke_with_his_client(session, client):
    colleague = make.a_user(Role.colleague)
    row = make.an_interaction(client=client, person=colleague)
    (notice,) = session.scalars(select(Notice)).all()

    assert (notice.person_id, notice.kind) == (client.curator_id, NoticeKind.recorded_with_yours)
    assert (notice.subject, notice.subject_id, notice.client_id) == ("interaction", row.id, client.id)
    assert notice.data["by"] == colleague.name
    assert notice.read_at is None


def test_a_curator_is_told_what_another_writes_down_in_his_name_or_makes_of_his_plan(session, client):
    head = make.a_user(Role.head, name="Глава")
    plan = make.an_interaction(client=client, person=client.curator, state=InteractionState.planned)
    with transaction(by=head):
        row = make.an_interaction(client=client, person=client.curator, recorded_by=head)
    with transaction(by=head):
        plan.state, plan.happened_at = InteractionState.held, clock.now()

    rows = session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [(each.person_id, each.subject_id) for each in rows] == [
        (client.curator_id, row.id),
        (client.curator_id, plan.id),
    ]
    said = str(notice_words.of(rows[0]))
    assert said.startswith("Глава wrote down in your name")


def test_whoever_has_a_plan_is_told_that_another_moved_or_called_it_off(app, session, client):
    former, curator, at = make.a_user(name="Борис"), client.curator, clock.now() + timedelta(days=1)
    plan, own = (
        make.an_interaction(client=client, person=curator, state=InteractionState.planned, happened_at=at)
        for _n in range(2)
    )
    with transaction(by=former):
        plan.happened_at = at + timedelta(days=1)
    with clock.stopped_at(clock.now() + timedelta(minutes=1)), transaction(by=former):
        plan.state, plan.cancel_reason = InteractionState.cancelled, "клиент просил"
    with transaction(by=curator):
        own.state, own.cancel_reason = InteractionState.cancelled, "заболел"

    rows = session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [(row.person_id, row.kind) for row in rows] == [(curator.id, NoticeKind.plan_changed)] * 2
    with app.test_request_context():
        moved, called_off = (str(notice_words.of(row)) for row in rows)
    assert moved.startswith("Борис moved your plan with")
    assert called_off.startswith("Борис called off your plan with")
    assert called_off.endswith("клиент просил")


def test_a_curator_is_not_told_what_he_writes_down_in_another_s_name(session, client):
    with transaction(by=client.curator):
        make.an_interaction(client=client, person=make.a_user(), recorded_by=client.curator)

    assert told(session, NoticeKind.recorded_with_yours) == []


def test_nobody_is_told_of_what_he_did_himself_nor_of_plans_nor_of_the_past(session, client):
    make.an_interaction(client=client, person=client.curator)
    make.an_interaction(client=client, state=InteractionState.planned)
    make.an_interaction(client=client, happened_at=clock.now() - timedelta(days=40))
    make.an_interaction(client=make.a_client(curator=None))

    assert told(session) == []


def test_a_plan_that_is_held_is_told_once_and_a_correction_is_not(session, client):
    row = make.an_interaction(client=client, state=InteractionState.planned)
    row.state, row.happened_at = InteractionState.held, clock.now()
    session.flush()
    row.request = "corrected"
    session.flush()

    assert told(session) == [(client.curator_id, client.id)]


def speak(client, person, **given):
    return make.an_interaction(client=client, person=person, **given)


@pytest.fixture
def task(client):
    opened = clock.now() - timedelta(days=5)
    return make.a_client_task(client=client, opened_by=client.curator, opened_at=opened)


def test_the_second_colleague_is_a_hint_and_the_third_an_alarm_to_curator_and_head(session, client, task):
    head, admin = make.a_user(Role.head), make.a_user(Role.admin)
    people = [client.curator, *(make.a_user(Role.manager) for _ in range(3))]
    speak(client, people[0])
    assert told(session, NoticeKind.told_two) == []
    speak(client, people[0])
    speak(client, people[1])
    assert told(session, NoticeKind.told_two) == [(client.curator_id, client.id)]
    assert told(session, NoticeKind.told_three) == []
    speak(client, people[2])
    alarmed = sorted([(client.curator_id, client.id), (head.id, client.id)])
    assert sorted(told(session, NoticeKind.told_three)) == alarmed
    speak(client, people[3])

    assert sorted(told(session, NoticeKind.told_three)) == alarmed
    assert admin.id not in {person for person, _client in told(session)}


def test_whoever_wrote_the_task_down_heard_it_first_though_the_call_was_recorded_before(session, client):
    head, anna, tatyana, olga = make.a_user(Role.head), *(make.a_user() for _ in range(3))
    speak(client, anna, happened_at=clock.now() - timedelta(hours=2))
    task = make.a_client_task(client=client, opened_by=anna, opened_at=clock.now() - timedelta(hours=1))
    speak(client, tatyana, happened_at=clock.now() - timedelta(minutes=30))
    assert told(session, NoticeKind.told_two) == [(client.curator_id, client.id)]
    speak(client, olga, happened_at=clock.now() - timedelta(minutes=20))

    assert set(session.scalars(told_their_task(task))) == {anna.id, tatyana.id, olga.id}
    assert sorted(told(session, NoticeKind.told_three)) == sorted(
        [(client.curator_id, client.id), (head.id, client.id)]
    )


def test_a_substitute_for_another_group_of_the_absence_is_one_colleague_more(session, client, task):
    session.execute(make.CuratorPeriod.__table__.update().values(started_at=clock.now() - timedelta(days=30)))
    absence = make.an_absence(person=client.curator)
    of_rest, of_group = make.a_user(), make.a_user()
    make.a_substitution(absence=absence, substitute=of_rest)
    other = make.a_substitution(absence=absence, substitute=of_group, group=make.a_client_group())
    speak(client, of_rest)
    speak(client, of_group)

    assert set(session.scalars(told_their_task(task))) == {client.curator_id, of_group.id}
    other.group = client.group
    session.flush()
    assert set(session.scalars(told_their_task(task))) == {client.curator_id, of_rest.id}


def test_with_a_proposal_nobody_is_counted(session, client, task):
    task.proposed_at = clock.now()
    session.flush()
    for _ in range(3):
        speak(client, make.a_user(Role.manager))

    assert told(session, NoticeKind.told_two) == told(session, NoticeKind.told_three) == []


def test_a_formal_substitute_does_not_count_and_neither_does_a_mailing_or_what_was_before(
    session, client, task
):
    substitute = make.a_user(Role.manager)
    make.a_substitution(
        absence=make.an_absence(
            person=client.curator, starts_at=clock.now() - timedelta(days=2), ends_at=clock.now()
        ),
        substitute=substitute,
    )
    mailing = make.an_interaction_kind(contact=False)
    session.execute(make.CuratorPeriod.__table__.update().values(started_at=clock.now() - timedelta(days=30)))
    speak(client, substitute, happened_at=clock.now() - timedelta(days=1))
    speak(client, make.a_user(), kind=mailing)
    speak(client, make.a_user(), happened_at=task.opened_at - timedelta(hours=1))
    speak(client, client.curator)

    assert list(session.scalars(told_their_task(task))) == [client.curator_id]
    speak(client, substitute, happened_at=clock.now() - timedelta(minutes=1))  # he was back by then
    assert set(session.scalars(told_their_task(task))) == {client.curator_id}
