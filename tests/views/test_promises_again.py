"""What became of a promise is taken back: from its page, from the card, from the register; and it is told."""

from datetime import timedelta

import pytest

from crmadmin.core import clock
from crmadmin.core.db import transaction
from crmadmin.services import promises
from models import Promise
from models.kinds import PromiseState, Role
from tests import factories as make
from tests.views.doors import posted

DAY = timedelta(days=1)


@pytest.fixture
def promise(client, anna):
    """Broken just now."""
    promise = make.a_promise(client=client, person=anna, text="выслать <b>образцы</b>")
    with transaction(by=anna):
        promises.break_off(promise, reason="нет на складе", by=anna)
    return promise


def reopen(ask, promise, **typed):
    return posted(ask, f"/promises/{promise.id}/reopen", **typed)


def card_part(ask, client):
    return ask.get(f"/clients/{client.id}").text.split('id="card-promises"')[1].split("</details>")[0]


def test_from_its_page_with_a_reason_and_back_to_where_one_was(session, ask, promise):
    assert 'id="reopen"' in ask.get(f"/promises/{promise.id}").text
    refused = reopen(ask, promise, reason=" ", next="/promises/?state=broken")
    assert refused.status_code == 422
    assert "Say why it is open again" in refused.text
    assert 'value="/promises/?state=broken"' in refused.text

    answer = reopen(ask, promise, reason="образцы нашлись", next="/promises/?state=broken")
    assert answer.location == "/promises/?state=broken"
    assert session.get(Promise, promise.id).state is PromiseState.open
    page = ask.get(f"/promises/{promise.id}").text
    assert "It is open again." in page
    assert 'id="reopen"' not in page
    assert reopen(ask, promise, reason="ещё раз").status_code == 422


def test_the_timeline_tells_it_with_what_was_promised_and_why(ask, client, promise):
    reopen(ask, promise, reason="образцы нашлись")
    page = ask.get(f"/clients/{client.id}").text

    line = page.split("promise open again")[1].split("</li>")[0]
    assert "выслать &lt;b&gt;образцы&lt;/b&gt;" in line
    assert "образцы нашлись" in line
    assert "<del>нет на складе</del>" in line


def test_the_card_and_the_register_lead_there_where_one_may(signed_in, ask, client, promise):
    way = f"/promises/{promise.id}"
    stranger = signed_in(make.a_user())

    assert f'href="{way}#reopen"' in card_part(ask, client)
    assert f'href="{way}?next=' in ask.get("/promises/?state=broken").text
    assert f'href="{way}#reopen"' not in card_part(stranger, client)
    assert "#reopen" not in stranger.get("/promises/?state=broken").text
    assert 'id="reopen"' not in stranger.get(way).text
    assert reopen(stranger, promise, reason="моё").status_code == 403
    assert signed_in(make.a_user()).post(f"{way}/reopen", data={"reason": "x"}).status_code == 422


def test_after_two_weeks_it_is_the_head_s(session, signed_in, ask, client, anna):
    settled = {"state": PromiseState.broken, "settled_at": clock.now() - 15 * DAY}
    promise = make.a_promise(client=client, person=anna, text="образцы", **settled)
    head = signed_in(make.a_user(Role.head))
    assert "образцы" in card_part(ask, client)
    assert "#reopen" not in card_part(ask, client)
    assert f'href="/promises/{promise.id}#reopen"' in card_part(head, client)
    late = reopen(ask, promise, reason="поздно")
    assert late.status_code == 422
    assert "After 14 days only the head" in late.text

    assert reopen(head, promise, reason="проверили").status_code == 302
    assert session.get(Promise, promise.id).state is PromiseState.open


def test_one_that_was_moved_leads_to_the_other_and_gets_its_time_back(session, ask, client, anna):
    first = make.a_promise(client=client, person=anna)
    with transaction(by=anna):
        later = promises.move(first, first.due_at + 5 * DAY, reason="просили", by=anna)
    page = ask.get(f"/promises/{first.id}").text
    assert f'href="/promises/{later.id}"' in page
    assert "gets its earlier time back" in page

    reopen(ask, first, reason="передумали")
    assert session.get(Promise, later.id).due_at == first.due_at
    again = reopen(ask, first, reason="ещё раз")
    assert again.status_code == 422
    assert "earlier time again already" in again.text


@pytest.mark.parametrize("tab", ["broken", "moved"])
def test_a_register_costs_the_same_however_long(ask, anna, queries, tab):
    costs = []
    for number in (1, 20):
        for _n in range(number):
            settled = {"state": PromiseState(tab), "settled_at": clock.now()}
            first = make.a_promise(person=anna, client=make.a_client(curator=anna), **settled)
            make.a_promise(client=first.client, moved_from=first)
        with queries().counting() as seen:
            assert ask.get(f"/promises/?state={tab}").status_code == 200
        costs.append(len(seen))

    assert costs[0] == costs[1] <= 12, "\n".join(seen)
