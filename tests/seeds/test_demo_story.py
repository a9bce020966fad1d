"""What the numbers of the invented company tell: whom the head is to talk to, and about what."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import Database, db
from crmadmin.rules import periods
from crmadmin.rules.corridor import Side, Source
from crmadmin.rules.periods import Period, Unit
from crmadmin.services import doctor, kpi
from models import Alarm, Norm, ReportLetter, User
from models.kinds import AlarmState
from seeds import demo
from tests.conftest import NOON
from tests.support import nothing_kept

SCALE = 0.25
TODAY = NOON.date()


@pytest.fixture(scope="module")
def company(app: Flask) -> Iterator[Database]:
    """Made once for all that is asked of it here; nothing of it is kept."""
    with nothing_kept(), clock.stopped_at(NOON):
        demo.load(db, scale=SCALE)
        db.commit()
        demo.look_back()
        yield db


def person(login):
    return db.scalars(select(User).where(User.login == login)).one()


def told(period):
    """What the head reads of each: by login."""
    return {each.person.login: each for each in kpi.team(person("olga"), period).people}


def month_before():
    return periods.before(periods.around(Unit.month, TODAY))


def days(number):
    return Period(TODAY - timedelta(days=number), TODAY)


def test_one_client_takes_most_of_a_manager_s_time(company):
    share = told(month_before())["sergey"].cells["top_share"]

    assert share.value > 0.5
    assert (share.side, share.is_trouble) == (Side.high, True)


def test_one_calls_too_much_and_little_comes_of_it(company):
    of = told(month_before())
    contacts = of["dmitry"].cells["contacts"]

    assert (contacts.side, contacts.is_trouble) == (Side.high, True)
    assert of["dmitry"].result_per_contact < 0.7 * of["anna"].result_per_contact
    assert of["anna"].cells["contacts"].side is Side.inside


def test_one_went_quiet_weeks_ago(company):
    for week in periods.weeks_before(TODAY, 4):
        contacts = told(week)["elena"].cells["contacts"]
        assert (contacts.value, contacts.side) == (0, Side.low)


def test_one_promises_and_forgets(company):
    kept = {login: each.cells["promises_kept"] for login, each in told(days(95)).items()}

    assert kept["viktor"].value < 0.4
    assert kept["viktor"].is_trouble
    assert min(kept[login].value for login in ("anna", "vera", "elena")) > 0.6


def test_a_newcomer_does_more_each_week_and_has_norms_of_her_own(company):
    weeks = [told(week)["vera"].cells["contacts"] for week in periods.weeks_before(TODAY, 5)]

    assert sum(each.value for each in weeks[:2]) < sum(each.value for each in weeks[-2:])
    assert weeks[-1].corridor.source is Source.person
    assert person("vera").created_at > NOON - timedelta(days=60)


def test_whoever_takes_care_says_what_is_next(company):
    of = told(month_before())

    assert of["anna"].cells["with_next"].value > 0.6 > 0.5 > of["dmitry"].cells["with_next"].value


def test_alarms_are_in_every_state_and_about_those_whose_numbers_ask_for_a_talk(company):
    raised = company.scalars(select(Alarm)).all()

    assert {each.state for each in raised} == set(AlarmState)
    assert {"elena", "sergey", "viktor"} <= {each.person.login for each in raised}
    assert "vera" not in {each.person.login for each in raised if each.indicator == "contacts"}


def test_norms_are_in_force_and_the_numbers_come_by_letter(company):
    norms = company.scalars(select(Norm)).all()
    letters = company.scalars(select(ReportLetter)).all()

    assert {each.set_by.login for each in norms} == {"olga"}
    assert len({each.indicator for each in norms}) >= 6
    assert {each.page for each in letters} == {"team", "person"}


def test_the_numbers_that_are_kept_are_what_the_records_say(company):
    assert list(doctor.faults(company)) == []
