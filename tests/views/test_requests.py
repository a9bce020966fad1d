"""The register of open requests: whose, for how long, and the ways to answer."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from crmadmin.core import clock
from models import DepartmentRule, Interaction
from models.kinds import Role
from tests import factories as make
from tests.views.doors import token_of
from tests.views.recording import PART, sent

DAY = timedelta(days=1)


def a_request(client, days=3, text="Пришлите акт", **more):
    at = clock.now() - days * DAY
    return make.an_interaction(client=client, request=text, reaction="", happened_at=at, **more)


def test_it_says_whose_each_is_and_for_how_long(signed_in, anna, client):
    boris = make.a_user(name="Борис Котов")
    make.a_substitution(substitute=boris, absence=make.an_absence(person=anna))
    a_request(client)
    page = signed_in(boris).get("/requests/?hands=mine").text

    assert "Пришлите акт" in page
    assert "3 days" in page
    assert "Анна Белова" in page
    assert "acting today: Борис Котов" in " ".join(page.split())


@pytest.mark.parametrize(
    ("address", "seen"),
    [("", [True, True]), ("?state=late", [True, False]), ("?hands=mine", [False, True]),
     ("?from=2026-02-20", [False, True]), ("?person=x&state=x", [True, True])],
)  # fmt: skip
def test_the_address_says_which(signed_in, anna, client, address, seen):
    a_request(make.a_client(), days=11, text="Старая просьба")
    a_request(client, days=2, text="Новая просьба")
    page = signed_in(anna).get(f"/requests/{address}").text

    assert [text in page for text in ("Старая просьба", "Новая просьба")] == seen


@pytest.mark.parametrize(("days", "too_long"), [(None, 1), (20, 0), (1, 2)])
def test_the_number_of_days_is_the_departments(session, signed_in, anna, client, days, too_long):
    if days:
        session.add(DepartmentRule(code="unanswered_days", value=days))
    a_request(client, days=11)
    a_request(client, days=2)
    page = " ".join(signed_in(anna).get("/requests/").text.split())

    assert f'">{too_long}</strong> <span>unanswered for more than' in page
    assert "the aim is 0" in page


def test_no_more_than_a_thousand_are_counted(session, signed_in, anna, client):
    row = a_request(client, days=11)
    same = {name: getattr(row, name) for name in ("client_id", "kind_id", "person_id", "recorded_by_id",
                                                  "recorded_at", "happened_at", "request")}  # fmt: skip
    ask = signed_in(anna)
    for more, said in ((999, "1\u202f000"), (1, "1\u202f000+")):
        session.execute(insert(Interaction), [same] * more)
        session.commit()
        assert f'">{said}</strong>' in ask.get("/requests/").text


def test_the_filters_leave_what_they_say(signed_in, anna, client):
    others = [make.a_user(name=name) for name in ("Борис", "Вера")]
    group = make.a_client_group()
    fits = a_request(make.a_client(curator=anna, group=group), person=others[0], text="Эта")
    a_request(make.a_client(curator=others[1], group=group), person=others[0], text="Другая")
    a_request(make.a_client(curator=anna), person=others[0], text="Другая")
    a_request(client, person=others[1], text="Другая")
    narrow = f"curator={anna.id}&group={group.id}&person={others[0].id}"
    page = signed_in(anna).get(f"/requests/?{narrow}").text

    assert f'href="/requests/{fits.id}?' in page
    assert "Другая" not in page


def test_a_new_record_answers_it(session, signed_in, anna, client):
    row = a_request(client)
    ask, call = signed_in(anna), make.an_interaction_kind(code="call")
    form = ask.get(f"/clients/{client.id}/record?answers={row.id}", headers=PART)
    box = form.text.split(f'name="answers" value="{row.id}"')[1].split(">")[0]
    assert "checked" in box

    sent(ask, client, call, request="", reaction="Отправили", answers=row.id)
    assert session.get(Interaction, row.id).answered_at == clock.now()
    assert "Пришлите акт" not in ask.get("/requests/").text
    assert "Answered" in ask.get(f"/requests/{row.id}").text
    again = sent(ask, client, call, request="", reaction="Отправили", answers=row.id)
    assert again.status_code == 422
    assert "not among what you may choose" in again.text


def test_no_answer_is_needed_because(session, signed_in, anna, client):
    row = a_request(client)
    ask = signed_in(anna)
    wrong = ask.post(f"/requests/{row.id}", data={"csrf_token": token_of(ask), "reason": " "})
    assert wrong.status_code == 422
    assert "Say why no answer is needed" in wrong.text

    data = {"csrf_token": token_of(ask), "reason": "нашли сами", "next": "/requests/"}
    assert ask.post(f"/requests/{row.id}", data=data).location == "/requests/"
    assert "нашли сами" in ask.get(f"/requests/{row.id}").text
    assert "request needs no answer" in ask.get(f"/clients/{client.id}").text


@pytest.mark.parametrize(("role", "status"), [(Role.manager, 403), (Role.head, 302), (Role.colleague, 403)])
def test_whose_it_is_not_says_nothing_of_it(session, signed_in, client, role, status):
    row = a_request(client)
    ask = signed_in(make.a_user(role))

    answer = ask.post(f"/requests/{row.id}", data={"csrf_token": token_of(ask), "reason": "не моё"})
    assert answer.status_code == status
    assert ask.post(f"/requests/{row.id}", data={"reason": "x"}).status_code == 422
    assert ask.get("/requests/99999999").status_code == 404


def test_the_card_tells_them(signed_in, client):
    a_request(client, days=30)
    page = signed_in(make.a_user()).get(f"/clients/{client.id}").text

    assert "Пришлите акт" in page.split('id="card-requests"')[1].split("</details>")[0]


def test_the_register_costs_the_same_however_long(signed_in, anna, client, queries):
    ask, costs = signed_in(anna), []
    for number in (2, 200):
        for _n in range(number):
            a_request(make.a_client(curator=make.a_user()))
        with queries().counting() as seen:
            assert ask.get("/requests/").status_code == 200
        costs.append(len(seen))

    assert costs[0] == costs[1] <= 14, "\n".join(seen)
