"""Today: what I am to do, what waits for me, what others did with my clients; each line with its next act."""

import re
from datetime import date, timedelta

from models.kinds import AlarmState, PromiseState, Role, WishState
from tests import factories as make

DAY = timedelta(days=1)


def part(page, id):
    """What stands under a heading."""
    found = re.search(rf'<section[^>]*aria-labelledby="{id}">(.*?)</section>', page.text, re.DOTALL)
    return found[1] if found else ""


def plans(page):
    return [int(id) for id in re.findall(r'id="plan-(\d+)"', page.text)]


def test_it_is_what_one_comes_in_to(signed_in, anna):
    page = signed_in(anna).get("/")
    assert page.status_code == 200
    assert "<h1" in page.text
    assert "Today" in page.text


def test_my_plans_up_to_this_evening_stand_there_the_late_ones_first(signed_in, anna, noon):
    late = make.a_plan(person=anna, happened_at=noon - 3 * DAY)
    evening = make.a_plan(person=anna, happened_at=noon + timedelta(hours=8))
    morning = make.a_plan(person=anna, happened_at=noon - timedelta(hours=2))
    make.a_plan(person=anna, happened_at=noon + DAY)
    make.a_plan(happened_at=noon)
    make.an_interaction(person=anna, happened_at=noon - DAY)
    page = signed_in(anna).get("/")
    assert plans(page) == [late.id, morning.id, evening.id]
    head = part(page, "day-contact")
    assert head.index("Overdue") < head.index(f'id="plan-{late.id}"') < head.index('day-head">Today')
    assert head.index('day-head">Today') < head.index(f'id="plan-{morning.id}"')


def test_a_head_finds_whom_to_talk_to_and_a_manager_does_not(signed_in, anna, queries):
    head, new = make.a_user(Role.head), make.an_alarm(person=anna)
    make.an_alarm(person=anna, state=AlarmState.seen)
    ask = signed_in(head)
    ask.get("/")
    with queries().counting() as before:
        page = ask.get("/")
    for _n in range(20):
        make.an_alarm(person=make.a_user())
    with queries().counting() as after:
        many = ask.get("/")

    shown = part(page, "day-alarms")
    assert re.findall(r'href="/alarms/(\d+)"', shown) == [str(new.id)]
    assert anna.name in shown
    assert len(re.findall(r'href="/alarms/(\d+)"', part(many, "day-alarms"))) == 8
    assert len(before) == len(after)
    assert part(signed_in(anna).get("/"), "day-alarms") == ""


def test_each_plan_has_its_acts_on_it(signed_in, anna):
    plan = make.a_plan(person=anna, client=make.a_client(curator=anna))
    page = signed_in(anna).get("/")
    for address in (
        *(f"/record/plan/{plan.id}/{act}" for act in ("held", "move", "cancel")),
        f"/handover/offer?client={plan.client_id}",
    ):
        assert f'href="{address}"' in page.text.replace("&amp;", "&"), address


def test_a_substitute_does_what_the_absent_one_has_planned(signed_in, anna):
    away = make.a_user(name="Сергей")
    plan = make.a_plan(person=away, client=make.a_client(curator=away))
    promise = make.a_promise(client=plan.client, person=away, text="выслать договор")
    assert plans(signed_in(anna).get("/")) == []
    make.a_substitution(substitute=anna, person=away)
    page = signed_in(anna).get("/")
    assert plans(page) == [plan.id]
    assert "for Сергей" in part(page, "day-contact")
    assert f'id="promise-{promise.id}"' in page.text
    assert "Сергей is away till" in page.text


def test_promises_that_are_late_or_due_in_a_few_days_stand_there(signed_in, anna, noon):
    late = make.a_promise(person=anna, due_at=noon - DAY)
    soon = make.a_promise(person=anna, due_at=noon + 2 * DAY)
    far = make.a_promise(person=anna, due_at=noon + 9 * DAY)
    kept = make.a_promise(person=anna, due_at=noon, state=PromiseState.kept, settled_at=noon)
    others = make.a_promise(due_at=noon)
    page = signed_in(anna).get("/")
    shown = [int(id) for id in re.findall(r'id="promise-(\d+)"', page.text)]
    assert shown == [late.id, soon.id]
    assert {far.id, kept.id, others.id}.isdisjoint(shown)
    assert page.text.count("day-row is-late") == 1


def test_silent_clients_of_mine_stand_there_those_without_a_plan_first(signed_in, anna, noon):
    group = make.a_client_group(rhythm_days=10)
    longest = make.a_client(name="Дольше", group=group, curator=anna, last_contact_at=noon - 40 * DAY,
                            next_contact_at=noon + DAY)  # fmt: skip
    unplanned = make.a_client(name="Без плана", group=group, curator=anna, last_contact_at=noon - 15 * DAY)
    make.a_client(name="В ритме", group=group, curator=anna, last_contact_at=noon - 9 * DAY)
    make.a_client(name="Чужой", group=group, last_contact_at=noon - 90 * DAY)
    said = part(signed_in(anna).get("/"), "day-silent")
    names = [name for name in ("Дольше", "Без плана", "В ритме", "Чужой") if name in said]
    assert names == ["Дольше", "Без плана"]
    assert said.index(unplanned.name) < said.index(longest.name)


def test_requests_wishes_and_what_others_did_stand_there(signed_in, anna, noon):
    mine, other = make.a_client(curator=anna), make.a_user(name="Борис")
    make.an_interaction(client=mine, person=other, recorded_by=other, request="Просят скидку", reaction="")
    make.an_interaction(client=mine, person=anna, recorded_by=anna, request="Своя", reaction="Сделала")
    make.a_wish(client=mine, words="в Испанию", come_back_on=date(2026, 3, 6))
    make.a_wish(client=mine, words="в Китай", come_back_on=date(2026, 4, 6))
    make.a_wish(client=mine, words="в Перу", come_back_on=date(2026, 3, 2), state=WishState.dropped,
                closed_at=noon)  # fmt: skip
    page = signed_in(anna).get("/")
    assert "Просят скидку" in part(page, "day-requests")
    assert "Борис" in part(page, "day-others")
    assert "Своя" not in part(page, "day-others") + part(page, "day-requests")
    assert "в Испанию" in part(page, "day-wishes")
    assert "в Китай" not in page.text
    assert "в Перу" not in page.text


def test_a_substitute_has_what_waits_with_the_absent_one_s_clients(signed_in, anna, noon):
    away = make.a_user(name="Сергей")
    theirs = make.a_client(curator=away)
    make.an_interaction(client=theirs, person=away, request="Просят скидку", reaction="")
    make.a_wish(client=theirs, words="в Испанию", come_back_on=date(2026, 3, 6))
    page = signed_in(anna).get("/")
    assert part(page, "day-requests") == part(page, "day-wishes") == ""
    make.a_substitution(substitute=anna, person=away)
    page = signed_in(anna).get("/")
    for waiting, words in (("day-requests", "Просят скидку"), ("day-wishes", "в Испанию")):
        assert words in part(page, waiting)
        assert "for Сергей" in part(page, waiting)


def test_a_colleague_has_a_day_without_clients_of_his_own(signed_in, session):
    colleague = make.a_user(Role.colleague)
    plan = make.a_plan(person=colleague)
    page = signed_in(colleague).get("/")
    assert plans(page) == [plan.id]
    assert part(page, "day-silent") == ""


def test_the_menu_counts_what_waits(signed_in, anna, noon):
    make.a_plan(person=anna, happened_at=noon)
    make.a_promise(person=anna, due_at=noon - DAY)
    make.a_client(curator=anna, last_contact_at=noon - 90 * DAY, group=make.a_client_group(rhythm_days=30))
    page = signed_in(anna).get("/clients/")
    counts = dict(re.findall(r'href="([^"]+)"[^>]*>\s*<i[^>]*></i>\s*<span class="side-text">[^<]*</span>'
                             r'\s*<span class="side-count">(\d+)<', page.text))  # fmt: skip
    assert counts["/"] == "2"
    assert counts["/silence/"] == "1"


def test_what_is_written_is_escaped(signed_in, anna):
    client = make.a_client(name="<script>alert(1)</script>", curator=anna)
    make.a_plan(person=anna, client=client, note="<b>note</b>")
    make.a_promise(person=anna, client=client, text="<img src=x>")
    page = signed_in(anna).get("/")
    assert "<script>alert" not in page.text
    assert "<b>note" not in page.text
    assert "<img src=x>" not in page.text


def test_it_costs_the_same_for_two_lines_and_for_two_hundred(signed_in, session, queries, noon):
    viewer, costs = make.a_user(), []
    ask, group, kind = signed_in(viewer), make.a_client_group(rhythm_days=5), make.an_interaction_kind()
    for more in (2, 200):
        with make.together():
            for n in range(more):
                client = make.a_client(curator=viewer, group=group, last_contact_at=noon - (9 + n) * DAY)
                make.a_plan(person=viewer, client=client, kind=kind)
                make.a_promise(person=viewer, client=client)
                make.an_interaction(client=client, kind=kind, request="?", reaction="")
                make.a_wish(client=client, come_back_on=date(2026, 3, 2))
        with queries().counting() as seen:
            assert ask.get("/").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1]
    assert costs[1] <= 30
