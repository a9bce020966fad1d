"""The calendar by day, week and month; and contacts that come again: one plan, the rest is computed."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.i18n import local
from models import Client, Interaction, JournalEntry, RecurringPlan
from models.kinds import InteractionState, Role
from tests import factories as make
from tests.support import csrf_of

DAY = timedelta(days=1)


def cells(page):
    """What stands on each day of the page."""
    found = re.findall(r'data-day="([^"]+)">(.*?)</td>', page.text, re.DOTALL)
    return {date.fromisoformat(day): text for day, text in found}


@pytest.mark.parametrize(
    ("view", "first", "last"),
    [
        ("day", (3, 18), (3, 18)),
        ("week", (3, 16), (3, 22)),
        ("month", (2, 23), (4, 5)),
        ("x", (2, 23), (4, 5)),
    ],
)
def test_each_view_has_its_days_and_what_happens_on_them(signed_in, anna, noon, view, first, last):
    client = make.a_client(name="Ромашка")
    make.a_plan(happened_at=noon + 16 * DAY, person=anna, client=client)
    make.an_interaction(person=anna, client=client, happened_at=noon + 16 * DAY, state=InteractionState.held)
    make.a_plan(happened_at=noon + 16 * DAY, client=make.a_client(name="Чужая"))
    days = cells(signed_in(anna).get(f"/calendar/?view={view}&on=2026-03-18"))
    assert (min(days), max(days)) == (date(2026, *first), date(2026, *last))
    assert len(days) == (max(days) - min(days)).days + 1
    there = days.pop(date(2026, 3, 18))
    assert there.count("Ромашка</a>") == 2
    assert "Чужая" not in there
    assert not any("cal-entry" in text for text in days.values())


def test_the_team_s_calendar_says_whose_each_is(signed_in, anna, noon):
    boris = make.a_user(name="Борис")
    make.a_plan(happened_at=noon + DAY, person=boris, client=make.a_client(name="Чужая"))
    ask = signed_in(anna)
    for whose in ("all", boris.id):
        assert "Чужая" in ask.get(f"/calendar/?whose={whose}&on=2026-03-03").text
    assert "Борис" in cells(ask.get("/calendar/?whose=all&on=2026-03-03"))[date(2026, 3, 3)]
    assert "Чужая" not in ask.get("/calendar/?whose=nonsense&on=2026-03-03").text


@pytest.mark.parametrize("on", ["nonsense", "0001-01-01", "9999-12-31", "2026-02-30", ""])
def test_nonsense_in_the_address_is_today(signed_in, anna, on):
    assert date(2026, 3, 2) in cells(signed_in(anna).get(f"/calendar/?on={on}"))


def test_only_whoever_may_move_a_plan_can_drag_it(signed_in, anna, noon):
    boris = make.a_user()
    make.a_plan(happened_at=noon + DAY, person=boris)
    assert "data-plan" not in signed_in(anna).get(f"/calendar/?whose={boris.id}").text
    assert "data-plan" in signed_in(boris).get("/calendar/").text
    assert "data-plan" in signed_in(make.a_user(Role.head)).get(f"/calendar/?whose={boris.id}").text


def test_a_month_costs_the_same_for_two_plans_and_for_two_hundred(session, signed_in, queries, noon, anna):
    ask, kind, costs = signed_in(anna), make.an_interaction_kind(), []
    for more in (2, 60):
        for n in range(more):
            client = make.a_client()
            make.a_plan(happened_at=noon + n % 20 * DAY, person=anna, kind=kind, client=client)
            make.a_recurring_plan(client=client, person=anna, kind=kind)
        with queries().counting() as seen:
            ask.get("/calendar/?whose=all")
        costs.append(len(seen))
    assert costs[0] == costs[1]
    assert costs[1] <= 16


# What comes again


def send(ask, client, **typed):
    page = ask.get(f"/clients/{client.id}/again")
    once = re.search(r'name="once" value="([^"]+)"', page.text)[1]
    usual = {"kind": str(_kind(page)), "every": "2", "way": "weekly", "starts_on": "2026-03-03",
             "time": "10:30", "until_on": "", "note": "Плановый"}  # fmt: skip
    data = {"csrf_token": csrf_of(page), "once": once} | usual | typed
    return lambda: ask.post(f"/clients/{client.id}/again", data=data)


def _kind(page):
    return re.search(r'<select[^>]*name="kind".*?value="(\d+)"', page.text, re.DOTALL)[1]


def plans_of(session, client):
    session.expire_all()
    asked = select(Interaction).where(Interaction.client_id == client.id, Interaction.series_id.is_not(None))
    return session.scalars(asked.order_by(Interaction.id)).all()


@pytest.fixture
def client(session, anna):
    make.an_interaction_kind(code="call", contact=True)
    return make.a_client(name="Ромашка", curator=anna)


def test_it_begins_with_one_plan_and_the_rest_is_computed(session, signed_in, anna, client):
    ask = signed_in(anna)
    assert send(ask, client)().status_code == 302
    (plan,) = plans_of(session, client)
    assert f"{local(plan.happened_at):%Y-%m-%d %H:%M}" == "2026-03-03 10:30"
    assert plan.state is InteractionState.planned
    assert session.get_one(Client, client.id).next_contact_at == plan.happened_at
    days = cells(ask.get("/calendar/?on=2026-03-15"))
    shown = {day for day, text in days.items() if "Ромашка" in text}
    assert shown == {date(2026, 3, 3), date(2026, 3, 17), date(2026, 3, 31)}
    assert "cal-later" in days[date(2026, 3, 17)]
    assert "cal-later" not in days[date(2026, 3, 3)]
    kinds = session.scalars(select(JournalEntry.kind).where(JournalEntry.client_id == client.id)).all()
    assert "recurring_begun" in kinds
    assert "interaction_planned" in kinds


@pytest.mark.parametrize("state", [InteractionState.held, InteractionState.cancelled])
def test_when_it_is_settled_the_next_one_is_planned_and_only_one(
    session, signed_in, anna, client, noon, state
):
    send(signed_in(anna), client)()
    (plan,) = plans_of(session, client)
    with clock.stopped_at(noon + 2 * DAY):
        plan.state, plan.cancel_reason = state, "x" if state is InteractionState.cancelled else ""
        session.commit()
    first, second = plans_of(session, client)
    assert first.state is state
    assert second.state is InteractionState.planned
    assert f"{local(second.happened_at):%Y-%m-%d %H:%M}" == "2026-03-17 10:30"
    first.note = "дописано"
    session.commit()
    assert len(plans_of(session, client)) == 2


def test_what_was_missed_for_months_is_planned_once_and_ahead(session, signed_in, anna, client, noon):
    send(signed_in(anna), client)()
    (plan,) = plans_of(session, client)
    with clock.stopped_at(noon + 100 * DAY):
        plan.state = InteractionState.held
        session.commit()
        _held, following = plans_of(session, client)
        assert following.happened_at > clock.now()
        assert following.happened_at < clock.now() + 15 * DAY


def test_a_plan_that_is_moved_does_not_move_the_others(session, signed_in, anna, client, noon):
    send(signed_in(anna), client)()
    (plan,) = plans_of(session, client)
    plan.happened_at = noon + 4 * DAY
    session.commit()
    plan.state = InteractionState.held
    session.commit()
    assert f"{local(plans_of(session, client)[1].happened_at):%Y-%m-%d}" == "2026-03-17"


def test_it_ends_on_its_last_day(session, signed_in, anna, client):
    send(signed_in(anna), client, until_on="2026-03-10")()
    (plan,) = plans_of(session, client)
    plan.state = InteractionState.held
    session.commit()
    assert len(plans_of(session, client)) == 1


def test_it_goes_over_to_the_new_curator_with_the_plan(session, signed_in, anna, client):
    boris = make.a_user(name="Борис")
    send(signed_in(anna), client)()
    row = session.get_one(Client, client.id)
    row.curator = boris
    (plan,) = plans_of(session, client)
    plan.person = boris
    session.commit()
    plan.state = InteractionState.held
    session.commit()
    assert plans_of(session, client)[1].person_id == boris.id
    assert session.scalars(select(RecurringPlan)).one().person_id == boris.id


def test_it_is_stopped_with_a_reason_and_its_plan_is_called_off(session, signed_in, anna, client):
    ask = signed_in(anna)
    send(ask, client)()
    series = session.scalars(select(RecurringPlan)).one()
    address = f"/recurring/{series.id}/stop"
    token = csrf_of(ask.get(address))
    assert ask.post(address, data={"csrf_token": token, "reason": " "}).status_code == 422
    assert ask.post(address, data={"csrf_token": token, "reason": "Ушли"}).status_code == 302
    (plan,) = plans_of(session, client)
    assert (plan.state, plan.cancel_reason) == (InteractionState.cancelled, "Ушли")
    assert "Ромашка" not in cells(ask.get("/calendar/?on=2026-03-15"))[date(2026, 3, 17)]


@pytest.mark.parametrize("role", [Role.manager, Role.colleague])
def test_somebody_else_does_not_stop_it(session, signed_in, anna, client, role):
    send(signed_in(anna), client)()
    series = session.scalars(select(RecurringPlan)).one()
    other = signed_in(make.a_user(role))
    data = {"csrf_token": csrf_of(other.get(f"/clients/{client.id}")), "reason": "x"}
    assert other.post(f"/recurring/{series.id}/stop", data=data).status_code == 403
    assert session.get_one(RecurringPlan, series.id).stopped_at is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"every": "0"}, "every"),
        ({"every": "many"}, "every"),
        ({"way": "daily"}, "every"),
        ({"starts_on": "2026-03-01"}, "starts_on"),
        ({"starts_on": "nonsense"}, "starts_on"),
        ({"time": "25:00"}, "time"),
        ({"until_on": "2026-03-02"}, "until_on"),
        ({"until_on": "x"}, "until_on"),
        ({"kind": "999"}, "kind"),
        ({"note": "я" * 2001}, "note"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_the_rest_is_kept(
    session, signed_in, anna, client, typed, field
):
    page = send(signed_in(anna), client, **{"note": "Моя пометка"} | typed)()
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert (typed.get("note") or "Моя пометка") in page.text
    assert plans_of(session, client) == []


def test_sent_twice_it_comes_again_once(session, signed_in, anna, client):
    sending = send(signed_in(anna), client)
    assert sending().status_code == sending().status_code == 302
    assert len(plans_of(session, client)) == 1


def test_a_page_that_stood_open_too_long_keeps_what_was_typed(session, signed_in, anna, client):
    page = send(signed_in(anna), client, csrf_token="stale", note="Долго думала")()
    assert page.status_code == 422
    assert "Долго думала" in page.text
    assert plans_of(session, client) == []
