"""What stands in somebody's calendar, and what does not."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from crmadmin.core import clock
from crmadmin.core.i18n import set_zone, speaking
from crmadmin.services import feed
from models import Interaction, Telephone
from models.kinds import InteractionState
from tests.conftest import NOON
from tests.factories import (
    a_client,
    a_client_group,
    a_plan,
    a_promise,
    a_recurring_plan,
    a_substitution,
    a_telephone,
    a_user,
    a_wish,
    an_absence,
    an_interaction_kind,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def client(anna):
    return a_client(curator=anna, name="Мост", city="Тверь", remember="пьёт только чай")


@pytest.fixture
def every(app, session):
    """All events of somebody's calendar."""

    def every(person, language="en"):
        with app.app_context(), speaking(language):
            content = feed.of(person, app.config["CRM"])
        return icalendar.Calendar.from_ical(content).walk("VEVENT")

    return every


@pytest.fixture
def read(every):
    """The same by their titles."""
    return lambda *asked: {str(each["summary"]): each for each in every(*asked)}


def a_call(client, person, at=NOON + HOUR, **given):
    kind = given.pop("kind", None) or an_interaction_kind(name_ru="Звонок", name_en="Call", usual_minutes=20)
    return a_plan(client=client, person=person, kind=kind, happened_at=at, **given)


def test_a_contact_says_with_whom_where_and_how_to_reach_them_and_nothing_inner(read, client, anna, session):
    client.telephones.append(Telephone(typed="+7 495 111-22-33"))
    session.commit()
    plan = a_call(client, anna, note="сказать про скидку", request="скидка")
    (event,) = read(anna).values()

    assert str(event["summary"]) == "Call: Мост"
    assert event.start == NOON + HOUR
    assert event.end == NOON + HOUR + timedelta(minutes=20)
    assert str(event["location"]) == "Тверь"
    assert "+7 495 111-22-33" in str(event["description"])
    assert str(event["url"]).endswith(f"/clients/{client.id}")
    assert str(event["uid"]).startswith(f"interaction-{plan.id}@")
    assert "скидк" not in event.to_ical().decode()
    assert "чай" not in event.to_ical().decode()


def test_it_speaks_its_reader_s_language(read, client, anna):
    a_call(client, anna)
    a_promise(client=client, person=anna)

    assert set(read(anna, "ru")) == {"Звонок: Мост", "Обещано: Мост"}


def test_what_moved_is_the_same_event_changed(read, client, anna, session):
    plan = a_call(client, anna)
    before = read(anna)["Call: Мост"]
    with clock.stopped_at(NOON + HOUR / 2):
        plan = session.get(Interaction, plan.id)  # a calendar ends with its session
        plan.happened_at = plan.planned_for = NOON + DAY
        session.commit()
    after = read(anna)["Call: Мост"]

    assert after["uid"] == before["uid"]
    assert after["sequence"] == before["sequence"] + 1
    assert after["last-modified"].dt == NOON + HOUR / 2
    assert after.start == NOON + DAY


def test_the_hours_are_right_wherever_the_installation_is(read, client, anna, app):
    a_call(client, anna)
    kind = an_interaction_kind(name_en="Visit")
    again = {"starts_on": NOON.date() + 14 * DAY, "minute": 600, "rule": "FREQ=DAILY;COUNT=1"}
    a_recurring_plan(client=client, person=anna, kind=kind, **again)
    try:
        set_zone(ZoneInfo("America/New_York"))
        events = read(anna)
    finally:
        set_zone(app.config["CRM"].timezone)

    assert events["Call: Мост"].start == NOON + HOUR
    assert events["Visit: Мост"].start.hour == 14, "ten in the morning, in summer time"


def test_whole_days_are_whole_days(read, client, anna):
    a_promise(client=client, person=anna, due_at=NOON + 12 * HOUR)  # midnight in Moscow
    a_wish(client=client, come_back_on=NOON.date() + DAY)
    events = read(anna)

    assert events["Promised to Мост"].start == NOON.date()
    assert events["Come back to Мост"].start == NOON.date() + DAY


def test_a_promise_with_an_hour_has_it(read, client, anna):
    a_promise(client=client, person=anna, due_at=NOON + HOUR, whole_day=False)

    assert read(anna)["Promised to Мост"].end == NOON + HOUR


def test_from_thirty_days_back_to_a_year_ahead(read, client, anna):
    for days in (-31, -29, 364, 366):
        a_call(client, anna, NOON + days * DAY, kind=an_interaction_kind(name_en=f"In {days}"))

    assert set(read(anna)) == {"In -29: Мост", "In 364: Мост"}


def test_what_took_place_as_planned_stays_and_what_was_called_off_does_not(read, client, anna):
    held, off = an_interaction_kind(name_en="Held"), an_interaction_kind(name_en="Off")
    unplanned = an_interaction_kind(name_en="Came by itself")
    at = NOON - DAY
    a_call(client, anna, at, kind=held, state=InteractionState.held)
    a_call(client, anna, at, kind=unplanned, state=InteractionState.held, planned_for=None)
    a_call(client, anna, at, kind=off, state=InteractionState.cancelled, cancel_reason="нет")

    assert set(read(anna)) == {"Held: Мост"}


def test_others_plans_are_others(read, client, anna):
    a_call(client, a_user())
    a_promise(client=client, person=a_user())
    a_wish(client=a_client(curator=a_user()), come_back_on=NOON.date())

    assert read(anna) == {}


def test_whoever_takes_part_or_substitutes_has_it_too(read, client, anna):
    boris, vera = a_user(), a_user()
    absence = an_absence(person=anna, starts_at=NOON - DAY, ends_at=NOON + DAY)
    a_substitution(absence=absence, substitute=boris)
    a_call(client, anna, participants=[vera])
    a_wish(client=client, come_back_on=NOON.date())

    assert set(read(boris)) == {"Call: Мост", "Come back to Мост"}
    assert set(read(vera)) == {"Call: Мост"}


def test_a_series_goes_on_after_its_next_plan(every, client, anna):
    kind = an_interaction_kind(name_en="Visit")
    series = a_recurring_plan(client=client, person=anna, kind=kind, rule="FREQ=WEEKLY;COUNT=3")
    a_call(client, anna, NOON - 2 * HOUR, kind=kind, series_id=series.id)
    a_recurring_plan(client=client, person=anna, stopped_at=NOON, kind=kind)
    found = [str(each["uid"]).partition("@")[0] for each in every(anna)]

    assert found[1:] == [f"series-{series.id}-20260309", f"series-{series.id}-20260316"]


def test_it_costs_the_same_however_much_is_in_it(read, client, anna, queries):
    def cost():
        with queries().counting() as seen:
            read(anna)
        return len(seen)

    def more():
        other = a_client(curator=anna, group=a_client_group())
        a_telephone(client=other)
        a_call(other, anna)
        a_promise(client=other, person=anna)
        a_wish(client=other, come_back_on=NOON.date())
        a_recurring_plan(client=other, person=anna)

    more()
    first = cost()
    for _n in range(10):
        more()
    assert cost() <= first <= 14
