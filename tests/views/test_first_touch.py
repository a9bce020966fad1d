"""Who was first, on its page, on the card, and where the head decides."""

import re
from datetime import timedelta

from sqlalchemy import func, select

from crmadmin.core import clock
from models import FirstTouchDecision
from models.kinds import Language, Role
from tests.conftest import NOON
from tests.factories import a_client, a_curator_period, a_user, an_interaction, an_interaction_kind
from tests.support import csrf_of


def spoken(client, person, days_ago, **given):
    happened = NOON - timedelta(days=days_ago)
    return an_interaction(client=client, person=person, happened_at=happened,
                          **{"recorded_at": happened} | given)  # fmt: skip


def test_everybody_sees_the_claims_and_the_verdict(session, signed_in):
    client, anna, boris = a_client(), a_user(name="Анна"), a_user(name="Борис")
    spoken(client, anna, 9)
    spoken(client, boris, 5, recorded_at=NOON)

    page = signed_in(a_user(Role.colleague)).get(f"/clients/{client.id}/first").text
    part = signed_in(a_user()).get(f"/clients/{client.id}/first?part=1").text

    assert "Анна" in page
    assert "Борис" in page
    assert page.count("late") >= 1
    assert "holds the first touch" in part
    assert "<html" not in part
    assert "Decide" not in page


def test_the_card_asks_for_it(session, signed_in):
    client = a_client()
    page = signed_in(a_user()).get(f"/clients/{client.id}").text

    assert f'hx-get="/clients/{client.id}/first?part=1"' in page


def test_the_head_decides_with_a_reason(session, signed_in):
    client, anna = a_client(), a_user(name="Анна")
    spoken(client, anna, 9)
    browser = signed_in(a_user(Role.head, name="Ольга"))
    where = f"/clients/{client.id}/first/decide"
    form = {"csrf_token": csrf_of(browser.get(where)), "person": anna.id}

    refused = browser.post(where, data=form | {"reason": " "})
    assert refused.status_code == 422
    assert f'value="{anna.id}" selected' in refused.text
    answer = browser.post(where, data=form | {"reason": "Первой позвонила"})

    assert answer.status_code == 302
    page = browser.get(answer.location).text
    assert "Первой позвонила" in page
    assert "Ольга" in page


def test_nobody_has_worked_with_it(session, signed_in):
    page = signed_in(a_user(Role.head, language=Language.ru)).get(f"/clients/{a_client().id}/first")

    assert page.status_code == 200
    assert "ещё никто не говорил" in page.text


def test_it_costs_the_same_however_many_claim_it(session, signed_in, queries):
    kind, costs, ask = an_interaction_kind(), [], signed_in(a_user(Role.head))
    for times in (2, 200):
        client = a_client()
        for number in range(times):
            person = a_user()
            spoken(client, person, number + 1, kind=kind)
            if number % 10 == 0:
                started = clock.now() - timedelta(days=number + 2)
                a_curator_period(client=client, curator=person, started_at=started,
                                 ended_at=started + timedelta(days=1))  # fmt: skip
        with queries().counting() as seen:
            assert ask.get(f"/clients/{client.id}/first").status_code == 200
        costs.append(len(seen))

    assert costs[0] == costs[1] <= 9


def test_a_rule_is_changed_on_its_page(session, signed_in):
    browser = signed_in(a_user(Role.head))
    form = {"csrf_token": csrf_of(browser.get("/rules/")), "code": "first_touch_days"}

    refused = browser.post("/rules/", data=form | {"value": "много"})
    assert refused.status_code == 422
    assert 'value="много"' in refused.text
    assert browser.post("/rules/", data=form | {"value": "90"}).status_code == 302
    assert 'value="90"' in browser.get("/rules/").text
    assert browser.post("/rules/", data=form | {"code": "other", "value": "9"}).status_code == 404
    assert signed_in(a_user()).get("/rules/").status_code == 403


def decision(browser, where, person, **more):
    page = browser.get(where)
    once = re.search(r'name="once" value="([^"]+)"', page.text)
    return {"csrf_token": csrf_of(page), "once": once[1], "person": person.id, "reason": "Первой"} | more


def test_a_double_click_makes_one_decision(session, signed_in):
    client, anna = a_client(), a_user(name="Анна")
    spoken(client, anna, 9)
    browser, where = signed_in(a_user(Role.head)), f"/clients/{client.id}/first/decide"
    form = decision(browser, where, anna)

    answers = [browser.post(where, data=form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert session.scalar(select(func.count()).select_from(FirstTouchDecision)) == 1


def test_a_page_that_was_open_for_too_long_keeps_the_reason(session, signed_in):
    client, anna = a_client(), a_user(name="Анна")
    spoken(client, anna, 9)
    browser, where = signed_in(a_user(Role.head)), f"/clients/{client.id}/first/decide"
    answer = browser.post(where, data=decision(browser, where, anna, csrf_token="20010101000000##0"))

    assert answer.status_code == 422
    assert "open for too long" in answer.text
    assert ">Первой</textarea>" in answer.text
    assert f'value="{anna.id}" selected' in answer.text
    assert not session.scalar(select(func.count()).select_from(FirstTouchDecision))


def test_a_rule_sent_from_an_old_page_keeps_what_was_typed(session, signed_in):
    browser = signed_in(a_user(Role.head))
    answer = browser.post("/rules/", data={"csrf_token": "x", "code": "first_touch_days", "value": "123"})

    assert answer.status_code == 422
    assert "open for too long" in answer.text
    assert 'value="123"' in answer.text
    form = {"csrf_token": csrf_of(answer), "code": "first_touch_days", "value": "123"}
    assert browser.post("/rules/", data=form).status_code == 302
