"""What recording costs is kept beside the record and of forms that were left, and never hinders a save."""

import pytest
from sqlalchemy import select

from crmadmin.services.record_cost import MOST_LEFT
from models import Interaction, RecordCost
from models.kinds import InteractionState, Role, Saving
from tests.factories import a_client, a_record_cost, a_user, an_interaction, an_interaction_kind
from tests.support import csrf_of
from tests.views.forms import form_of
from tests.views.recording import PART, from_card, plan_sent, rows, sent


@pytest.fixture
def anna(session):
    return a_user(name="Анна")


@pytest.fixture
def ask(anna, signed_in):
    return signed_in(anna)


@pytest.fixture
def call(session):
    return an_interaction_kind(code="call")


@pytest.fixture
def client(anna, call):
    return a_client(curator=anna)


@pytest.fixture
def token(ask):
    return csrf_of(ask.get("/record"))


def costs(session):
    asked = select(RecordCost).order_by(RecordCost.id)
    return [
        (each.person_id, f"{each.on_day}", each.door, each.saving, each.seconds, each.keys)
        for each in session.scalars(asked)
    ]


def test_a_quick_record_is_kept_with_what_it_cost(session, ask, anna, client, call):
    sent(ask, client, call, headers=from_card(client), seconds="17", keys="42")
    assert costs(session) == [(anna.id, "2026-03-02", "quick", Saving.saved, 17, 42)]


def test_so_is_a_plan_that_came_true(session, ask, anna, client, call):
    plan = an_interaction(client=client, person=anna, kind=call, state=InteractionState.planned)
    plan_sent(ask, plan, "held", request="Цены", seconds="9", keys="30")
    assert costs(session) == [(anna.id, "2026-03-02", "plan", Saving.saved, 9, 30)]


def test_and_what_the_full_form_has_made(session, ask, anna, client, call):
    data = form_of(ask.get(f"/interactions/new/?client={client.id}")).fields
    assert (data["seconds"], data["keys"]) == ([""], [""])
    ask.post("/interactions/new/", data=data | {"kind": call.id, "seconds": "80", "keys": "99"})
    assert costs(session) == [(anna.id, "2026-03-02", "full", Saving.saved, 80, 99)]


def test_a_correction_is_no_recording(session, ask, anna, client):
    row = an_interaction(client=client, person=anna)
    data = form_of(ask.get(f"/interactions/edit/?id={row.id}")).fields
    assert "seconds" not in data
    answer = ask.post(
        f"/interactions/edit/?id={row.id}", data=data | {"note": "Иначе", "seconds": "5", "keys": "5"}
    )
    assert answer.status_code == 302
    assert costs(session) == []


@pytest.mark.parametrize(
    "said", [{}, {"seconds": "17"}, {"seconds": "-1", "keys": "x" * 99}, {"seconds": "\x00", "keys": "\x00"}]
)
def test_without_a_measurement_or_with_nonsense_it_is_recorded_all_the_same(session, ask, client, call, said):
    assert sent(ask, client, call, **said).status_code == 302
    data = form_of(ask.get(f"/interactions/new/?client={client.id}")).fields | {"kind": call.id}
    assert ask.post("/interactions/new/", data=data | said).status_code == 302
    assert len(rows(session)) == 2
    assert costs(session) == []


def test_what_stood_open_for_a_night_is_an_hour(session, ask, client, call):
    sent(ask, client, call, seconds="40000", keys="42")
    assert [cost[4] for cost in costs(session)] == [3600]


def test_a_refused_record_has_cost_nothing_yet_and_its_form_counts_on(session, ask, client, call):
    refused = sent(ask, client, call, headers=PART, kind="", seconds="17", keys="42")
    assert refused.status_code == 422
    assert 'name="seconds" value="17" data-cost="quick"' in refused.text
    assert 'name="keys" value="42"' in refused.text
    data = form_of(ask.get(f"/interactions/new/?client={client.id}")).fields
    again = ask.post("/interactions/new/", data=data | {"minutes": "много", "seconds": "70", "keys": "80"})
    assert form_of(again).fields.items() >= {"seconds": ["70"], "keys": ["80"]}.items()
    assert costs(session) == []


def test_sent_twice_it_is_one_record_and_one_cost_however_long_the_second_took(session, ask, client, call):
    page = ask.get(f"/clients/{client.id}/record", headers=PART)
    for seconds in ("17", "18"):
        sent(ask, client, call, page, seconds=seconds, keys="42")
    data = form_of(ask.get(f"/interactions/new/?client={client.id}")).fields | {"kind": call.id}
    for seconds in ("80", "81"):
        ask.post("/interactions/new/", data=data | {"seconds": seconds, "keys": "99"})
    assert len(rows(session)) == 2
    assert [cost[4] for cost in costs(session)] == [17, 80]


@pytest.mark.parametrize("role", list(Role))
def test_a_form_that_was_left_is_counted_with_anybody(session, signed_in, role):
    me = a_user(role)
    ask = signed_in(me)
    said = {"csrf_token": csrf_of(ask.get("/record")), "door": "plan", "seconds": "8", "keys": "21"}
    answer = ask.post("/record/left", data=said)
    assert (answer.status_code, answer.data) == (204, b"")
    assert costs(session) == [(me.id, "2026-03-02", "plan", Saving.abandoned, 8, 21)]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"door": "кухня", "seconds": "8", "keys": "21"},
        {"door": "quick", "seconds": "", "keys": "21"},
        {"door": "quick", "seconds": "8", "keys": "'"},
        {"seconds": "8", "keys": "21", "text": "Секрет"},
    ],
)
def test_nonsense_of_a_left_form_is_answered_and_forgotten(session, ask, token, said):
    answer = ask.post("/record/left", data={"csrf_token": token} | said)
    assert (answer.status_code, costs(session)) == (204, [])


def test_a_day_has_only_so_many_forms_that_are_left(session, ask, anna, token):
    a_record_cost(person=anna, saving=Saving.abandoned)  # today's; the others' days are theirs
    a_record_cost(saving=Saving.abandoned)
    session.add_all(
        RecordCost(**{**_of(anna), "saving": saving})
        for saving in [Saving.saved] * 5 + [Saving.abandoned] * (MOST_LEFT - 2)
    )
    session.commit()
    said = {"csrf_token": token, "door": "quick", "seconds": "8", "keys": "21"}
    assert [ask.post("/record/left", data=said).status_code for _ in range(3)] == [204] * 3
    left = [cost for cost in costs(session) if cost[0] == anna.id and cost[3] is Saving.abandoned]
    assert len(left) == MOST_LEFT


def _of(person):
    one = a_record_cost(person=person)
    return {"person_id": person.id, "on_day": one.on_day, "door": "quick", "seconds": 5, "keys": 5}


def test_no_word_that_was_typed_is_kept_with_the_cost(session, ask, client, call):
    sent(ask, client, call, request="Тайное слово", seconds="17", keys="42")
    kept = session.execute(select(RecordCost.__table__)).one()
    assert not any("Тайное" in str(value) for value in kept)
    assert session.scalars(select(Interaction)).first().request == "Тайное слово"
