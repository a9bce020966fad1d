"""The quick record on the card and from anywhere, and what becomes of a plan on its line."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crmadmin.core import clock
from models import ContactPerson, FormOnce, Interaction
from models.kinds import InteractionState
from tests.factories import (
    a_client,
    a_client_group,
    a_contact_person,
    a_result,
    a_user,
    an_interaction,
    an_interaction_kind,
)
from tests.views.recording import PART, from_card, once_of, rows, sent

pytestmark = pytest.mark.usefixtures("call")


def test_the_card_has_the_form_and_knows_the_rhythm(session, ask, anna, call):
    weekly = a_client(curator=anna, group=a_client_group(rhythm_days=7))
    odd = a_client(curator=anna, rhythm_days=45)
    assert re.search(r'name="follow" value="7"[^>]* checked', ask.get(f"/clients/{weekly.id}").text)
    page = ask.get(f"/clients/{odd.id}").text
    assert re.search(r'name="follow" value="date"[^>]* checked', page)
    assert 'name="next_at" id="record' in page
    assert 'value="2026-04-16T10:00"' in page
    an_interaction(client=weekly, state=InteractionState.planned)
    assert re.search(r'name="follow" value="keep"[^>]* checked', ask.get(f"/clients/{weekly.id}").text)


def test_kinds_stand_in_their_order_with_their_keys_and_minutes(session, ask, client):
    an_interaction_kind(name_ru="Визит", name_en="Visit", position=2, minute_choices="60 120")
    an_interaction_kind(name_en="Gone", active=False)
    page = ask.get(f"/clients/{client.id}/record", headers=PART).text
    shown = re.findall(r'class="chip" for="record\d+-kind\d+">(\w+)', page)
    assert shown == ["Call", "Visit"]
    assert 'data-minutes="60 120"' in page
    assert re.findall(r'name="minutes" value="(\d+)"', page) == ["5", "15", "30", "60"]


def test_a_call_is_recorded_with_what_follows(session, ask, anna, client, call, noon):
    there, result = a_contact_person(client=client), a_result()
    typed = {"persons": there.id, "result": result.id, "minutes": "15", "reaction": "Отправила"}
    answer = sent(ask, client, call, **typed, new_person="Пётр Ильич")
    (row,), (plan,) = rows(session), rows(session, InteractionState.planned)
    assert answer.location == f"/clients/{client.id}#interaction-{row.id}"
    assert (row.kind_id, row.result_id, row.minutes, row.person_id) == (call.id, result.id, 15, anna.id)
    assert {each.name for each in row.contact_persons} == {there.name, "Пётр Ильич"}
    assert (plan.follows_id, plan.happened_at) == (row.id, noon.replace(hour=7) + timedelta(days=7))
    assert "Recorded." in ask.get(f"/clients/{client.id}").text


def test_on_the_card_the_answer_is_a_fresh_form_and_a_word_to_the_page(session, ask, client, call):
    answer = sent(ask, client, call, headers=from_card(client))
    (row,) = rows(session)
    assert answer.status_code == 200
    assert "Recorded." in answer.text
    assert "Просят цены</textarea>" not in answer.text
    told = f'{{"crm:recorded": {{"client": {client.id}, "interaction": {row.id}}}}}'
    assert answer.headers["HX-Trigger"] == told


def test_from_elsewhere_one_is_led_to_the_line(session, ask, client, call):
    answer = sent(ask, client, call, headers={**PART, "HX-Current-URL": "http://localhost/clients/9/record"})
    (row,) = rows(session)
    assert answer.headers["HX-Redirect"] == f"/clients/{client.id}#interaction-{row.id}"


def test_a_double_click_and_a_repeated_send_make_one_record(session, ask, client, call):
    page = ask.get(f"/clients/{client.id}/record", headers=PART)
    answers = [sent(ask, client, call, page, new_person="Пётр") for _ in range(3)]
    assert len({answer.location for answer in answers}) == 1
    assert len(rows(session)) == len(rows(session, InteractionState.planned)) == 1
    assert session.scalar(select(func.count()).select_from(ContactPerson)) == 1


def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_is_kept(session, ask, client, call):
    page = ask.get(f"/clients/{client.id}/record", headers=PART)
    typed = {"kind": "", "request": "", "minutes_other": "два", "follow": "none", "new_person": "Пётр Ильич",
             "happened_at": "когда-то", "note": "", "result": "999"}  # fmt: skip
    answer = sent(ask, client, call, page, headers=PART, **typed)
    assert answer.status_code == 422
    for name in ("kind", "request", "minutes", "happened_at", "no_next_reason", "result"):
        assert f'id="record{client.id}-{name}-error"' in answer.text, name
    for kept in ('value="Пётр Ильич"', 'value="два"', f'value="{once_of(page)}"'):
        assert kept in answer.text
    assert rows(session) == []
    assert session.scalar(select(func.count()).select_from(FormOnce)) == 0
    assert sent(ask, client, call, page).status_code == 302


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"persons": "7"}, "persons"),
        ({"persons": "'; drop table"}, "persons"),
        ({"plans": "7"}, "plans"),
        ({"follow": "date", "next_at": ""}, "follow"),
        ({"follow": "date", "next_at": "2020-01-01T10:00"}, "follow"),
        ({"follow": ""}, "follow"),
        ({"follow": "none", "no_next_reason": "x" * 501}, "no_next_reason"),
        ({"new_person": "x" * 201}, "new_person"),
        ({"minutes_other": "1441"}, "minutes"),
        ({"request": "\x00"}, "request"),
    ],
)
def test_nonsense_is_refused_in_words(session, ask, client, call, typed, field):
    answer = sent(ask, client, call, headers=PART, **typed)
    assert answer.status_code == 422
    assert f'id="record{client.id}-{field}-error"' in answer.text
    assert rows(session) == []


@pytest.mark.parametrize(("days", "status"), [(14, 302), (15, 422)])
def test_how_far_back_a_manager_may_set_it_and_that_it_shows(session, ask, client, call, noon, days, status):
    at = f"{noon - timedelta(days=days) + timedelta(hours=3):%Y-%m-%dT%H:%M}"
    assert sent(ask, client, call, happened_at=at).status_code == status
    assert ("Set back" in ask.get(f"/clients/{client.id}").text.split('id="client-stream"')[-1]) == (
        status == 302
    )


def test_an_expired_session_loses_nothing(app, session, ask, anna, client, call):
    page = ask.get(f"/clients/{client.id}/record")
    stranger = app.test_client()
    assert sent(stranger, client, call, page, headers=PART).status_code == 401
    asked = sent(stranger, client, call, page)
    assert asked.status_code == 401
    assert 'name="carried.request" value="Просят цены"' in asked.text
    # Signed in again, the page sends it on; a token of another session is asked for once more.
    answer = sent(ask, client, call, page, csrf_token="of another session")
    assert answer.status_code == 422
    assert "Просят цены" in answer.text
    assert "once more" in answer.text


def test_a_person_is_not_added_to_somebody_elses_client(session, signed_in, client, call):
    stranger = signed_in(a_user())
    page = stranger.get(f"/clients/{client.id}/record", headers=PART)
    assert "new_person" not in page.text
    answer = sent(stranger, client, call, page, headers=PART, new_person="Пётр")
    assert answer.status_code == 422
    assert "Name this person in the note." in answer.text


def test_persons_and_plans_of_others_are_not_on_offer(session, ask, anna, client, call):
    an_interaction(client=client, state=InteractionState.planned)
    mine = an_interaction(client=client, person=anna, state=InteractionState.planned)
    foreign = a_contact_person(name="Чужой")
    page = ask.get(f"/clients/{client.id}/record", headers=PART).text
    assert re.findall(r'name="plans" value="(\d+)"', page) == [str(mine.id)]
    assert foreign.name not in page


@pytest.mark.parametrize(
    "address", ["/clients/999/record", "/clients/99999999999999/record", "/record/plan/9/held"]
)
def test_what_is_not_there_is_nowhere(session, ask, call, address):
    assert ask.get(address).status_code == 404


def test_from_anywhere_one_first_chooses_the_client(session, ask, client):
    assert "select2-ajax" in ask.get("/record").text
    assert ask.get(f"/record?client={client.id}").location == f"/clients/{client.id}/record"
    for nonsense in ("", "x", "9" * 30):
        assert ask.get(f"/record?client={nonsense}").status_code == 200


def test_the_button_above_knows_the_client_one_stands_on(session, ask, anna, client):
    person, row = a_contact_person(client=client), an_interaction(client=client, person=anna)
    here = f'href="/clients/{client.id}/record" data-key="n"'
    told = (f"/interactions/details/?id={row.id}", f"/contact-persons/{person.id}")
    for page in (f"/clients/{client.id}", f"/clients/edit/?id={client.id}", *told):
        assert here in ask.get(page).text, page
    assert 'href="/record" data-key="n"' in ask.get("/clients/").text


def test_a_record_costs_the_same_however_long_the_history_is(session, ask, anna, call, queries):
    costs = []
    for times in (2, 200):
        client = a_client(curator=anna, group=a_client_group())
        person = a_contact_person(client=client)
        session.add_all(
            Interaction(
                client=client, kind=call, person=anna, recorded_by=anna, contact_persons=[person],
                happened_at=clock.now() - timedelta(days=n), recorded_at=clock.now(), request="а",
            )
            for n in range(times)
        )  # fmt: skip
        session.commit()
        page = ask.get(f"/clients/{client.id}/record", headers=PART)
        with queries().counting() as seen:
            answer = sent(
                ask, client, call, page, headers=from_card(client), persons=person.id, new_person="Пётр"
            )
            assert answer.status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1], "\n".join(seen)
    assert costs[1] <= 50, "\n".join(seen)
