"""What comes again goes on, whoever has it in hand and whatever became of one of its days."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.queries import recurring as asked
from crmadmin.rules import recurring as rule
from crmadmin.services import clients, feed, interactions, leaving, recurring
from models import Interaction, JournalEntry
from models.kinds import InteractionState, Role
from tests import factories as make

MONDAY = date(2026, 3, 9)


@pytest.fixture
def anna(session):
    return make.a_user(name="Анна")


@pytest.fixture
def client(anna):
    return make.a_client(curator=anna)


@pytest.fixture
def series(session, client, anna):
    begun = recurring.begin(client, make.an_interaction_kind(), rule.weekly(1, MONDAY), MONDAY, 600, by=anna)
    session.commit()
    return begun


def plans(session, series):
    session.expire_all()
    planned = Interaction.state == InteractionState.planned
    found = select(Interaction).where(Interaction.series_id == series.id, planned)
    return session.scalars(found.order_by(Interaction.happened_at)).all()


def test_it_goes_along_to_the_new_curator_and_the_journal_tells_so(app, session, client, anna, series):
    boris = make.a_user(name="Борис")
    client.curator, client.curator_reason = boris, "Переезд"
    session.commit()

    assert plans(session, series)[0].person is boris
    assert series.person is boris
    events = [feed.of(person, app.config["CRM"]).count(b"BEGIN:VEVENT") for person in (anna, boris)]
    assert events[0] == 0
    assert events[1] > 10
    told = session.scalars(select(JournalEntry).where(JournalEntry.kind == "recurring_changed")).one()
    assert [each["name"] for each in told.data["person_id"]] == ["Анна", "Борис"]


def test_what_a_leaver_has_with_clients_of_others_goes_to_their_curators(session, client, anna, series):
    boris = make.a_user(name="Борис")
    client.curator, client.curator_reason = boris, "Переезд"
    session.commit()
    other = make.a_client(curator=anna)
    his = recurring.begin(other, make.an_interaction_kind(), rule.weekly(1, MONDAY), MONDAY, 600, by=boris)
    client.curator, client.curator_reason = anna, "Назад"
    session.commit()
    leaving.deactivate(boris, by=make.a_user(Role.admin))
    session.commit()

    for each in (series, his):
        assert plans(session, each)[0].person is anna
        assert each.person is anna


def test_with_a_client_that_is_brought_back_it_is_planned_anew(session, client, anna, series):
    clients.archive(client, by=anna)
    session.commit()
    interactions.cancel(plans(session, series)[0], reason="Закрылись", by=anna)
    session.commit()
    assert plans(session, series) == []

    clients.restore(client, by=anna)
    session.commit()
    (plan,) = plans(session, series)
    assert plan.happened_at == datetime(2026, 3, 9, 7, tzinfo=UTC)
    clients.archive(client, by=anna)
    clients.restore(client, by=anna)
    session.commit()
    assert plans(session, series) == [plan], "what stands is not planned twice"


def test_a_day_that_was_called_off_by_mistake_does_not_double_it(session, client, anna, series):
    (plan,) = plans(session, series)
    interactions.cancel(plan, reason="Ошибка", by=anna)
    session.commit()
    plan.state = InteractionState.planned
    interactions.check(plan, by=anna)
    session.commit()
    with clock.stopped_at(datetime(2026, 3, 9, 10, tzinfo=UTC)):
        plan.state = InteractionState.held
        interactions.check(plan, by=anna)
        session.commit()

    assert [each.happened_at.day for each in plans(session, series)] == [16]


def test_a_day_that_is_moved_is_still_that_day_and_not_planned_twice(app, session, client, anna, series):
    (plan,) = plans(session, series)
    friday = datetime(2026, 3, 6, 9, tzinfo=UTC)
    plan.happened_at = friday
    interactions.check(plan, by=anna)
    session.commit()
    days = [each.series_on for each in plans(session, series)]
    dates = [line for line in feed.of(anna, app.config["CRM"]).decode().splitlines() if "DTSTART" in line]
    with clock.stopped_at(friday):
        plan.state = InteractionState.held
        interactions.check(plan, by=anna)
        session.commit()

    assert days == [MONDAY]
    assert [line[-16:-8] for line in dates[:2]] == ["20260306", "20260316"]
    assert [each.series_on for each in plans(session, series)] == [date(2026, 3, 16)]


def test_what_comes_again_with_a_client_that_is_put_away_comes_no_more(app, session, client, anna, series):
    clients.archive(client, by=anna)
    session.commit()
    for plan in plans(session, series):
        interactions.cancel(plan, reason="Закрылись", by=anna)
    session.commit()

    assert feed.of(anna, app.config["CRM"]).count(b"BEGIN:VEVENT") == 0
    assert session.execute(asked.coming(anna.id, 10)).all() == []
