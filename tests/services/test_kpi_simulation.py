"""Managers who are not there, recorded as rows and looked at by the program itself, every Monday morning."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from crmadmin.core import clock
from crmadmin.core.i18n import start_of
from crmadmin.services import alarms
from models import Alarm, Interaction
from models.kinds import AlarmKind, Direction, InteractionState
from tests import factories as make
from tests.managers import KINDS, Manager

FIRST = date(2025, 9, 1)  # a Monday
BEGAN = 16  # weeks of a usual life
LAST = 26
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def monday(week):
    """Five in the morning, after that many weeks."""
    return start_of(FIRST + week * WEEK) + timedelta(hours=5)


@pytest.fixture
def office(session):
    """Kinds, results, and clients without a rhythm: nobody is silent here."""
    codes = {"calls": "call", "letters": "letter", "meetings": "meeting", "negotiations": "negotiation"}
    with clock.stopped_at(monday(0)):
        group = make.a_client_group(rhythm_days=None)
        return {
            "kinds": {key: make.an_interaction_kind(code=codes[key], usual_minutes=minutes)
                      for key, (_share, minutes) in KINDS.items()},
            "proposal": make.an_interaction_kind(code="proposal", contact=False),
            "result": make.a_result(),
            "clients": [make.a_client(group=group) for _n in range(40)],
        }  # fmt: skip


def recorded(session, office, person, manager, since=0):
    """His weeks as records, spread over the days that he works; the numbers of each as he was drawn."""
    rows = []
    for week, lived in enumerate(manager.weeks(LAST + 1)):
        if week >= since and lived.days:
            rows += list(of_week(office, person, manager, week, lived))
    session.execute(insert(Interaction), rows)
    session.commit()


def of_week(office, person, manager, week, lived):
    kinds = [kind for key, kind in office["kinds"].items() for _each in range(lived.figures[key])]
    manager.dice.shuffle(kinds)
    results = lived.figures["with_result"]
    for place, kind in enumerate([*kinds, *[office["proposal"]] * lived.figures["proposals"]]):
        day = place % lived.days
        at = start_of(FIRST + week * WEEK + day * DAY) + timedelta(hours=6, minutes=place)
        yield {
            "client_id": manager.dice.choice(office["clients"]).id,
            "kind_id": kind.id,
            "person_id": person.id,
            "recorded_by_id": person.id,
            "state": InteractionState.held,
            "direction": Direction.outgoing,
            "happened_at": at,
            "recorded_at": at + timedelta(hours=manager.dice.expovariate(0.5)),
            "minutes": manager.dice.choice([None, 10, 15, 30]),
            "result_id": office["result"].id if place < results else None,
            "request": "цены" if manager.dice.random() < manager.care else "",
            "reaction": "прислали",
            "no_next_reason": "решено",
        }


def mornings(weeks):
    """Each Monday the program looks, and raises what it finds; nobody decides anything."""
    for week in weeks:
        with clock.stopped_at(monday(week)):
            alarms.raise_those(alarms.found())


def told(session, person):
    rows = session.scalars(select(Alarm).where(Alarm.person_id == person.id).order_by(Alarm.id))
    return [(row.kind, row.indicator, (row.raised_at - monday(0)).days // 7) for row in rows]


def lives(pace):
    return lambda week: 1.0 if week < BEGAN else pace


def test_each_manager_of_a_department_gets_what_is_his(session, office):
    with clock.stopped_at(monday(0)):
        steady, dying, spamming, away = (make.a_user(name=name) for name in "СДПО")
    with clock.stopped_at(monday(BEGAN)):
        newcomer = make.a_user(name="Н")
    with clock.stopped_at(monday(BEGAN)):
        make.an_absence(person=away, starts_at=monday(BEGAN), ends_at=monday(BEGAN + 2))
    holiday = {BEGAN: 0, BEGAN + 1: 0}
    recorded(session, office, steady, Manager(11))
    recorded(session, office, dying, Manager(12, pace=lives(0.25)))
    recorded(session, office, spamming, Manager(13, pace=lives(2.5), loses=True))
    recorded(session, office, away, Manager(14, days=lambda week: holiday.get(week, 5)))
    recorded(session, office, newcomer, Manager(15, pace=lambda week: max(0.0, (week - BEGAN) / 8)), BEGAN)

    mornings(range(BEGAN, LAST + 1))

    assert told(session, steady) == told(session, away) == told(session, newcomer) == []
    assert told(session, dying) == [(AlarmKind.too_few, "contacts", BEGAN + 1)]
    ((kind, key, week),) = told(session, spamming)
    assert (kind, key) == (AlarmKind.too_many, "contacts")
    assert week <= BEGAN + 4
