"""The managers' numbers are counted before anybody asks for them, and again once they hold no longer."""

import threading
from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crmadmin.core import clock
from crmadmin.core.db import db, going_to_write
from crmadmin.jobs import kpi
from crmadmin.jobs.ticks import Place, Work
from crmadmin.rules import periods
from crmadmin.rules.periods import Unit
from crmadmin.services import kpi as numbers
from crmadmin.services import kpi_marks, kpi_spans, leases
from models import Client, Interaction, KpiMark
from models.kinds import InteractionState, KpiPart, Role
from tests import factories as make
from tests.conftest import NOON

DAY = timedelta(days=1)
UNITS = (Unit.day, Unit.week, Unit.month, Unit.quarter, Unit.year)


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    """Nobody else waits for his turn here."""
    monkeypatch.setattr(kpi.bulk, "PAUSES", {"sqlite": 0, "postgresql": 0})


@pytest.fixture
def team(session):
    """Two who have worked for a hundred days."""
    with clock.stopped_at(NOON - 100 * DAY):
        people = [make.a_user(name="Анна"), make.a_user(name="Дмитрий")]
        kind, group = make.an_interaction_kind(code="call"), make.a_client_group(rhythm_days=30)
        clients = [make.a_client(curator=person, group=group) for person in people]
    for days in range(1, 100, 7):
        for person, client in zip(people, clients, strict=True):
            at = NOON - days * DAY
            make.an_interaction(client=client, kind=kind, person=person, happened_at=at, recorded_at=at)
    return people


@pytest.fixture
def counted(session, team, work):
    kpi.tidy(work())
    while kpi.count(work()):
        pass
    return team


def record(person, at=NOON - timedelta(hours=1)):
    kind = db.scalars(select(Interaction)).first().kind
    client = db.scalars(select(Interaction).where(Interaction.person_id == person.id)).first().client
    make.an_interaction(client=client, kind=kind, person=person, happened_at=at, recorded_at=at)


def test_a_team_page_of_a_usual_period_counts_nothing_itself(session, counted, queries):
    head = make.a_user(Role.head)
    for unit, compare in product(UNITS, numbers.Compare):
        now = periods.around(unit, NOON.date())
        for period in (now, periods.before(now)):
            with queries().counting() as seen:
                answer = numbers.team(head, period, compare)
            assert [each for each in seen if "kpi_mark" in each and "SELECT" not in each] == []
            assert [each for each in seen if "interaction_kind" in each] == []
            assert {each.person.id for each in answer.people} == {person.id for person in counted}


def test_what_a_record_has_changed_is_counted_again_within_a_minute(session, counted, work):
    anna = counted[0]
    record(anna)
    assert kpi_marks.behind(session())
    assert kpi.count(work()) == str(len(UNITS))

    assert kpi_marks.behind(session()) == []
    for unit in UNITS:
        period = periods.around(unit, NOON.date())
        of = numbers.of_person(anna, anna.id, period).of(anna.id)
        asked = select(Interaction).where(Interaction.person_id == anna.id)
        held = [row for row in session.scalars(asked) if row.happened_at.date() in period]
        assert of.figures["contacts"] == len(held), unit


def test_a_second_time_there_is_nothing_to_do(session, counted, work, queries):
    with queries().counting() as seen:
        assert kpi.count(work()) == ""

    assert len(seen) == 1
    assert kpi.tidy(work()) == ""


def test_the_numbers_of_a_new_day_are_made_ready_before_it_is_worked(session, counted, work):
    """Those of yesterday are kept: they are asked for as what was before."""
    with clock.stopped_at(NOON + DAY):
        assert kpi.tidy(work()) != ""
        kpi.count(work())
        today = periods.around(Unit.day, (NOON + DAY).date())
        wanted = kpi_spans.spans([counted[0].id], [today, periods.before(today)])
        held = session.scalars(select(KpiMark).where(KpiMark.counted == KpiMark.touched)).all()

    kept = {kpi_marks.Span(each.person_id, each.part, each.starts_at, each.ends_at) for each in held}
    assert set(wanted) <= kept


def test_what_was_asked_for_once_is_forgotten_at_night_and_not_counted_again_by_day(session, counted, work):
    """A period of one's own: the numbers are the same when it is asked for again."""
    anna, odd = counted[0], periods.between(date(2026, 2, 3), date(2026, 3, 2))
    before = numbers.of_person(anna, anna.id, odd).of(anna.id).figures
    record(anna)
    kpi.count(work())
    assert {span.ends_at - span.starts_at for span in kpi_marks.behind(session())} == {28 * DAY}
    assert int(kpi.tidy(work())) > 12
    assert kpi_marks.behind(session()) == []

    after = numbers.of_person(anna, anna.id, odd).of(anna.id).figures
    assert after["contacts"] == before["contacts"] + 1


def test_whoever_has_left_is_counted_where_he_is_asked_for(session, team, work):
    """In the year in which he worked, and not today."""
    heir, gone = team
    for client in session.scalars(select(Client).where(Client.curator_id == gone.id)):
        client.curator = heir
    session.flush()
    gone.active = False
    session.commit()
    spans = {span for span in kpi_spans.usual() if span.person_id == gone.id}
    days = {span.ends_at - span.starts_at for span in spans if span.part is KpiPart.work}

    assert 365 * DAY in days
    assert kpi_spans.spans([gone.id], [periods.around(Unit.day, NOON.date())])[0] not in spans


def test_a_tick_does_a_part_and_the_next_one_goes_on(session, team, work, monkeypatch):
    """Others wait for their turn: reminders and letters are in the same tick."""
    monkeypatch.setattr(kpi, "LONGEST", 0)
    monkeypatch.setattr(kpi, "COUNTED", 10)
    kpi.tidy(work())
    left = len(kpi_marks.behind(session()))
    for _n in range(3):
        assert kpi.count(work()) == "10"

    assert len(kpi_marks.behind(session())) == left - 30


def test_whoever_has_lost_the_job_stops_and_what_was_counted_stays(session, team, place, monkeypatch):
    monkeypatch.setattr(kpi, "COUNTED", 10)
    turns = []

    def hold():
        turns.append(1)
        if len(turns) > 2:
            raise leases.Lost("kpi")

    kpi.tidy(Work(place, NOON, None, lambda: None))
    left = len(kpi_marks.behind(session()))
    with pytest.raises(leases.Lost):
        kpi.count(Work(place, NOON, None, hold))

    assert len(kpi_marks.behind(session())) == left - 20


def beside(app, write, count):
    """Each in a thread of its own; the second goes on until the first has ended, and once after it."""
    ended, wrong = threading.Event(), []

    def guarded(act):
        try:
            with clock.stopped_at(NOON), app.app_context():
                act()
        except BaseException as error:
            wrong.append(error)
        finally:
            ended.set()
            db.remove()

    def go_on():
        while not ended.is_set():
            count()
        count()

    threads = [threading.Thread(target=guarded, args=(act,)) for act in (write, go_on)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=100)
    assert wrong == []


def test_what_is_recorded_while_the_job_counts_is_in_the_numbers(app, engine, tmp_path):
    """Real threads, a connection each; after the last record one more tick, and all is there."""
    work = Work(Place(app.config["CRM"], tmp_path / "anchors.txt"), NOON, None, lambda: None)
    with clock.stopped_at(NOON - 20 * DAY):
        people = [make.a_user() for _n in range(3)]
        client, kind = make.a_client(curator=people[0]), make.an_interaction_kind(code="call")
    ids, of = [person.id for person in people], {"client_id": client.id, "kind_id": kind.id}
    kpi.tidy(work)
    db.remove()

    def write():
        going_to_write(True)
        for n in range(40):
            at = NOON - n * timedelta(hours=7)
            moments = {"happened_at": at, "recorded_at": at, "state": InteractionState.held}
            with Session(engine) as own, own.begin():
                own.add(Interaction(**of, **moments, person_id=ids[n % 3], recorded_by_id=ids[0]))

    beside(app, write, lambda: kpi.count(work))

    spans = [span for span in kpi_spans.usual() if span.part is KpiPart.work]
    marks = kpi_marks.figures(spans)
    assert kpi_marks.behind(db()) == []
    rows = db.execute(select(Interaction.person_id, Interaction.happened_at)).all()
    for span in spans:
        mine = [at for id, at in rows if id == span.person_id and span.starts_at <= at < span.ends_at]
        assert marks[span]["contacts"] == len(mine)
    assert sum(marks[span]["contacts"] for span in spans) > 40
