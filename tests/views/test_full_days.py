"""Days of a calendar on which more stands than there is room for; and what a page costs then."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from models.kinds import Language, Role
from tests import factories as make
from tests.views.test_calendar import DAY, cells


def test_a_full_day_shows_its_first_entries_and_the_way_to_the_others(signed_in, anna, noon):
    client, kind = make.a_client(name="Ромашка"), make.an_interaction_kind()
    at = noon + 2 * DAY
    with make.together():
        for n in range(40):
            make.a_plan(happened_at=at + timedelta(minutes=39 - n), person=anna, client=client, kind=kind)
        for _ in range(2):
            make.a_plan(happened_at=at + DAY, person=anna, client=client, kind=kind)
    ask = signed_in(anna)
    days = cells(ask.get("/calendar/"))
    full = days[date(2026, 3, 4)]
    shown = re.findall(r"<time>(\d\d:\d\d)</time>", full)
    assert shown == [f"12:{n:02}" for n in range(12)]
    assert ">and 28 more</a>" in full
    assert "more</a>" not in days[date(2026, 3, 5)]
    on = unescape(re.search(r'class="cal-more"><a href="([^"]+)"', full)[1])
    assert cells(ask.get(on))[date(2026, 3, 4)].count("Ромашка</a>") == 40


def test_what_a_day_has_no_room_for_is_in_the_list(signed_in, anna, noon):
    client, kind = make.a_client(), make.an_interaction_kind()
    with make.together():
        for n in range(131):
            make.a_plan(happened_at=noon + timedelta(minutes=n), person=anna, client=client, kind=kind)
    ask = signed_in(anna)
    for whose in (anna.id, "all"):
        page = ask.get(f"/calendar/?view=day&on=2026-03-02&whose={whose}")
        on = unescape(re.search(r'class="cal-more"><a href="([^"]+)">and 1 more', page.text)[1])
        assert "<strong>131</strong>" in ask.get(on).text


def test_of_a_moment_at_which_the_room_ends_no_more_are_shown(signed_in, anna, noon):
    client, kind = make.a_client(name="Ромашка"), make.an_interaction_kind()
    with make.together():
        for _ in range(30):
            make.a_plan(happened_at=noon + DAY, person=anna, client=client, kind=kind)
    there = cells(signed_in(anna).get("/calendar/"))[date(2026, 3, 3)]
    assert there.count("Ромашка</a>") == 12
    assert ">and 18 more</a>" in there


@pytest.mark.parametrize("view", ["day", "week", "month"])
def test_it_weighs_little_however_much_is_planned(signed_in, anna, noon, view):
    client = make.a_client(name="Северо-Западная судоремонтная верфь")
    kind = make.an_interaction_kind(name_ru="Переговоры")
    with make.together():
        for n in range(900):
            make.a_plan(happened_at=noon + n % 30 * DAY, person=anna, client=client, kind=kind)
        for n in range(150):
            make.a_plan(happened_at=noon + timedelta(minutes=n), person=anna, client=client, kind=kind)
    ask = signed_in(make.a_user(Role.head, language=Language.ru))
    page = ask.get(f"/calendar/?view={view}&whose=all")
    assert 75 * 1024 < len(page.data) <= 100 * 1024


def test_others_calendars_cost_the_same_for_a_substitute_of_few_plans_and_of_many(
    signed_in, queries, noon, anna
):
    boris, costs = make.a_user(name="Борис"), []
    ask, kind = signed_in(anna), make.an_interaction_kind()
    absence = make.an_absence(person=boris, starts_at=noon - DAY, ends_at=noon + 9 * DAY)
    make.a_substitution(absence=absence, substitute=anna)
    groups = [make.a_client_group(), make.a_client_group()]
    for more in (40, 60):  # plans of both groups on each page
        with make.together():
            for n in range(more):
                client = make.a_client(curator=boris, group=groups[n % 2])
                make.a_plan(happened_at=noon + n % 20 * DAY, person=boris, kind=kind, client=client)
        seen_of = []
        for address in (f"/calendar/?whose={boris.id}", "/calendar/?whose=all", "/calendar/", "/"):
            with queries().counting() as seen:
                page = ask.get(address)
            seen_of.append(len(seen))
            assert "data-plan" in page.text or address == "/"
        costs.append(seen_of)
    assert costs[0] == costs[1]
    assert max(costs[1]) <= 35
