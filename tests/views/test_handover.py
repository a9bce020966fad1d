"""The pages of handing over: choose, look, do; offers; briefs; what the card says."""

import pytest
from sqlalchemy import select

from crmadmin.core.db import transaction
from crmadmin.services import bulk, offers
from models import BulkAct, Client, HandoverOffer
from models.kinds import BulkKind, InteractionState, OfferState, Role, TaskState
from tests.factories import (
    a_client,
    a_client_group,
    a_client_task,
    a_contact_person,
    a_handover_offer,
    a_promise,
    a_substitution,
    a_user,
    an_interaction,
    together,
)
from tests.support import csrf_of
from tests.views.forms import form_of


@pytest.fixture
def head(session):
    return a_user(Role.head, name="Ольга")


@pytest.fixture
def ask(head, signed_in):
    return signed_in(head)


GOES_ON = 'hx-trigger="load delay'


def fresh(session, row):
    """As it is kept now: a request has taken the row from the test's session."""
    return session.get_one(type(row), row.id, populate_existing=True)


def sent(ask, path, where, **typed):
    return ask.post(path, data=typed | {"csrf_token": csrf_of(ask.get(where))})


def handed(ask, where, **typed):
    page = ask.get(where)
    return ask.post(where, data=typed | {"csrf_token": csrf_of(page), "key": key_of(page), "step": "start"})


def key_of(page):
    return page.text.split('name="key" value="', 1)[1].split('"', 1)[0]


def test_everything_of_a_person_is_handed_over_and_its_page_tells(session, ask, head):
    anna, boris = a_user(name="Анна"), a_user(name="Борис")
    client = a_client(curator=anna, name="Ромашка")
    an_interaction(client=client, person=anna, state=InteractionState.planned)
    where = f"/handover/new?person={anna.id}"

    look = sent(ask, where, where, target=str(boris.id), step="look")
    assert "planned contacts go along" in look.text
    assert "Hand over: 1 client" in look.text

    done = handed(ask, where, target=str(boris.id), reason="Равная нагрузка")
    assert done.status_code == 302
    page = ask.get(done.location).text
    assert "Борис" in page
    assert "Равная нагрузка" in page
    act = session.scalars(select(BulkAct).where(BulkAct.kind == BulkKind.curator)).one()
    brief = ask.get(f"/handover/{act.id}/brief").text
    assert "Ромашка" in brief
    assert "Равная нагрузка" in brief
    assert fresh(session, client).curator_id == boris.id


def test_a_long_one_goes_slice_by_slice(session, ask, monkeypatch):
    for name, number in (("SLICE", 2), ("FIRST", 2), ("SMALLEST", 1)):
        monkeypatch.setattr(bulk, name, number)
    anna, boris, vera = (a_user() for _n in range(3))
    group = a_client_group()
    rows = [a_client(curator=anna, group=group if n % 2 else a_client_group()) for n in range(5)]
    heirs = {"target": str(boris.id), f"to-{group.id}": str(vera.id)}
    done = handed(ask, f"/handover/new?person={anna.id}", **heirs, reason="x")
    page = ask.get(done.location)
    assert GOES_ON in page.text  # whoever has just begun it
    for link in (done.location, f"{done.location}?go=1"):
        assert GOES_ON not in ask.get(link).text
    next_one = page.text.split('hx-post="', 1)[1].split('"', 1)[0]
    for _n in range(9):
        answer = ask.post(next_one, data={"csrf_token": csrf_of(page)}, headers={"HX-Request": "true"})
        if "HX-Redirect" in answer.headers:
            break
    assert "HX-Redirect" in answer.headers
    assert [fresh(session, row).curator_id for row in rows] == [
        vera.id if n % 2 else boris.id for n in range(5)
    ]


def test_who_came_to_the_person_after_the_preview_is_not_handed_over_unseen(session, ask):
    anna, boris = a_user(), a_user()
    a_client(curator=anna)
    where = f"/handover/new?person={anna.id}"
    choice = {"target": str(boris.id), "reason": "Так"}
    look = sent(ask, where, where, **choice, step="look")
    newcomer = a_client(curator=anna)

    start = choice | {"key": key_of(look), "due": "1", "step": "start", "csrf_token": csrf_of(look)}
    answer = ask.post(where, data=start)

    assert 'name="due" value="1"' in look.text
    assert answer.status_code == 422
    assert "It would change 2 clients now, not 1 as you were shown" in answer.text
    assert fresh(session, newcomer).curator_id == anna.id
    assert ask.post(where, data=start | {"due": "2"}).status_code == 302
    assert fresh(session, newcomer).curator_id == boris.id


def test_the_list_leads_to_it_and_a_manager_does_not_get_there(session, ask, signed_in):
    anna = a_user()
    client = a_client(curator=anna)
    token = csrf_of(ask.get("/clients/"))
    answer = ask.post(
        "/clients/action/", data={"action": "bulk_curator", "rowid": client.id, "csrf_token": token}
    )
    assert answer.location.startswith("/handover/new?")
    assert ask.get(answer.location).status_code == 200
    theirs = signed_in(anna).get(f"/handover/new?client={client.id}")
    assert theirs.location == f"/handover/offer?client={client.id}"
    stranger = a_client()
    assert "Only a client&#39;s curator" in signed_in(anna).get(f"/handover/offer?client={stranger.id}").text


def test_nobody_sees_an_act_of_somebody_else(session, ask, signed_in):
    anna, boris = a_user(), a_user()
    a_client(curator=anna)
    done = handed(ask, f"/handover/new?person={anna.id}", target=str(boris.id), reason="x")
    assert signed_in(a_user()).get(done.location).status_code == 404
    assert signed_in(boris).get(done.location).status_code == 200


def test_a_manager_offers_from_the_card_and_the_head_agrees(session, ask, signed_in):
    anna, boris = a_user(name="Анна"), a_user(name="Борис")
    client = a_client(curator=anna, name="Ромашка")
    mine = signed_in(anna)
    where = f"/handover/offer?client={client.id}"
    assert where.replace("&", "&amp;") in mine.get(f"/clients/{client.id}").text
    assert sent(mine, where, where, to=str(boris.id), reason=" ").status_code == 422
    assert sent(mine, where, where, to=str(boris.id), reason="Ему ближе").status_code == 302
    row = session.scalars(select(HandoverOffer)).one()

    assert "Ему ближе" in ask.get("/handover/").text
    decide = f"/handover/offers/{row.id}/decide"
    token = csrf_of(ask.get("/handover/"))
    ask.post(decide, data={"csrf_token": token, "verdict": "accept", "answer": ""})
    assert fresh(session, row).state is OfferState.offered
    ask.post(decide, data={"csrf_token": token, "verdict": "accept", "answer": "Хорошо"})
    assert (fresh(session, row).state, fresh(session, client).curator_id) == (OfferState.accepted, boris.id)
    assert mine.post(decide, data={"csrf_token": csrf_of(mine.get(where))}).status_code in {403, 302}


def test_a_manager_cannot_decide(session, signed_in):
    anna, boris = a_user(), a_user()
    client = a_client(curator=anna)
    with transaction(by=anna):
        row = offers.offer(client, boris, reason="x", by=anna)
    theirs = signed_in(boris)
    token = csrf_of(theirs.get("/clients/"))
    typed = {"csrf_token": token, "verdict": "accept", "answer": "да"}
    assert theirs.post(f"/handover/offers/{row.id}/decide", data=typed).status_code == 403
    assert fresh(session, client).curator_id == anna.id


def test_a_brief_tells_task_plans_last_contacts_and_persons(session, signed_in):
    anna = a_user(name="Анна")
    client = a_client(curator=anna, name="<b>Ромашка</b>", remember="Звонить после обеда")
    a_contact_person(client=client, name="Пётр Петров")
    a_client_task(client=client, problem="Насос к марту", state=TaskState.open)
    an_interaction(client=client, request="Просят цены", person=anna)
    an_interaction(client=client, note="Отвезти образцы", state=InteractionState.planned, person=anna)
    a_promise(client=client, person=anna, text="прислать смету")

    page = signed_in(a_user(Role.colleague)).get(f"/clients/{client.id}/brief").text

    words = ("Звонить после обеда", "Пётр Петров", "Насос к марту", "Просят цены", "Отвезти образцы")
    assert [each in page for each in (*words, "прислать смету")] == [True] * 6
    assert "<b>Ромашка" not in page


def test_briefs_cost_the_same_for_two_clients_and_two_hundred(session, ask, queries):
    costs = []
    for number in (2, 200):
        anna, boris = a_user(), a_user()
        group = a_client_group()
        with together():
            for _n in range(number):
                client = a_client(curator=anna, group=group)
                person = a_contact_person(client=client)
                an_interaction(client=client, person=anna, contact_persons=[person])
                a_promise(client=client, person=anna)
        done = handed(ask, f"/handover/new?person={anna.id}", target=str(boris.id), reason="x")
        with queries().counting() as seen:
            assert ask.get(done.location.split("?")[0] + "/brief").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 20


def test_the_page_costs_the_same_for_two_offers_and_two_hundred(session, ask, queries):
    costs = []
    for number in (2, 200):
        with together():
            for _n in range(number):
                a_handover_offer()
        with queries().counting() as seen:
            assert ask.get("/handover/").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 10


def test_the_card_tells_its_curators_and_who_acts_today(session, ask, head):
    anna, boris, vera = a_user(name="Анна"), a_user(name="Борис"), a_user(name="Вера")
    client = a_client(curator=anna)
    handed(ask, f"/handover/new?client={client.id}", target=str(boris.id), reason="Ближе ездить")
    a_substitution(person=boris, substitute=vera)
    page = ask.get(f"/clients/{client.id}").text
    part = page.split('id="card-curators"', 1)[1].split("</section>", 1)[0]
    assert [each in part for each in ("Анна", "Борис", "Ближе ездить", "by Ольга", "Вера acts until")] == [
        True
    ] * 5


def test_nonsense_in_the_address_leads_back(session, ask):
    for query in ("", "?person=x", "?client=0", "?ids=a,b"):
        assert ask.get(f"/handover/new{query}").status_code == 302
    assert ask.get("/handover/new?person=99999").status_code == 404
    assert ask.get("/handover/99999999999").status_code == 404
    assert session.scalar(select(Client.id).limit(1)) is None


STALE = "20010101000000##0"


@pytest.fixture
def offered(session):
    anna, boris = a_user(name="Анна"), a_user(name="Борис")
    client = a_client(curator=anna, name="Ромашка")
    with transaction(by=anna):
        return offers.offer(client, boris, reason="Ему ближе", by=anna)


def test_an_offer_sent_twice_is_one_offer_and_so_is_its_answer(session, signed_in, ask):
    anna, boris = a_user(), a_user()
    client = a_client(curator=anna)
    mine, where = signed_in(anna), f"/handover/offer?client={client.id}"
    data = form_of(mine.get(where), "bulk-form").fields | {"to": str(boris.id), "reason": "Ему ближе"}
    assert [mine.post(where, data=data).status_code for _twice in range(2)] == [302, 302]
    row = session.scalars(select(HandoverOffer)).one()

    page = ask.get("/handover/")
    decided = {"csrf_token": csrf_of(page), "once": "x" * 20, "answer": "Да", "verdict": "accept"}
    for _twice in range(2):
        answer = ask.post(f"/handover/offers/{row.id}/decide", data=decided, follow_redirects=True)
        assert "Agreed" in answer.text
        assert "decided on already" not in answer.text


def test_with_a_token_that_is_too_old_what_was_typed_stays(session, signed_in, ask, offered):
    anna, other = offered.from_person, a_client(curator=offered.from_person)
    mine, where = signed_in(anna), f"/handover/offer?client={other.id}"
    typed = {"to": str(offered.to_id), "reason": "Давно знакомы", "csrf_token": STALE}
    forms = [
        (mine, where, typed, "Давно знакомы"),
        (ask, f"/handover/offers/{offered.id}/decide", {"answer": "Согласна", "verdict": "accept",
         "csrf_token": STALE, "next": f"/clients/{offered.client_id}"}, "Согласна"),
        (ask, f"/handover/new?person={anna.id}", {"target": str(offered.to_id), "reason": "Уходит",
         "csrf_token": STALE, "step": "start"}, "Уходит"),
    ]  # fmt: skip
    for who, path, data, kept in forms:
        answer = who.post(path, data=data)
        assert answer.status_code == 422, path
        assert "open for too long" in answer.text
        assert kept in answer.text
        assert csrf_of(answer) != STALE
    assert fresh(session, offered).state is OfferState.offered
    assert session.scalar(select(BulkAct.id)) is None


def test_an_answer_without_a_word_is_asked_for_again_and_the_client_stays(session, ask, offered):
    answer = sent(ask, f"/handover/offers/{offered.id}/decide", "/handover/", answer=" ", verdict="accept")
    assert answer.status_code == 422
    assert "Say a word to it" in answer.text
    assert fresh(session, offered).state is OfferState.offered
