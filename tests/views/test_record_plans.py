"""What becomes of a plan, right on its line: it took place, it is moved, it is called off."""

import re
from datetime import timedelta

import pytest

from crmadmin.core import clock
from models import Interaction
from models.kinds import InteractionState, Role
from tests.factories import a_contact_person, a_user, an_interaction
from tests.support import csrf_of
from tests.views.recording import PART, from_card, once_of, plan_sent, rows


@pytest.mark.parametrize("hours", [-30, 30])
def test_a_plan_takes_place_by_the_few_fields_that_are_new(session, ask, anna, client, noon, hours):
    planned = noon + timedelta(hours=hours)
    person = a_contact_person(client=client)
    plan = an_interaction(
        client=client,
        person=anna,
        state=InteractionState.planned,
        happened_at=planned,
        contact_persons=[person],
    )
    page = ask.get(f"/record/plan/{plan.id}/held", headers=PART).text
    at = re.search(r'name="happened_at"[^>]* value="([^"]*)"', page)[1]
    answer = plan_sent(
        ask, plan, "held", headers=from_card(client), reaction="Показали", persons=person.id, happened_at=at
    )
    assert answer.status_code == 200
    assert "crm:recorded" in answer.headers["HX-Trigger"]
    (row,) = rows(session)
    assert (row.id, row.happened_at, row.planned_for) == (plan.id, min(planned, noon), planned)
    assert (row.recorded_at, [each.id for each in row.contact_persons]) == (clock.now(), [person.id])


def test_what_a_colleague_made_of_a_plan_meanwhile_is_not_lost(session, ask, anna, client):
    plan = an_interaction(client=client, person=anna, state=InteractionState.planned, note="взять образцы")
    page = ask.get(f"/record/plan/{plan.id}/held", headers=PART).text
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    session.get_one(Interaction, plan.id).note = "взять договор"
    session.commit()

    typed = {"reaction": "Показали", "note": "взять образцы"}
    refused = plan_sent(ask, plan, "held", headers=PART, **typed, seen=seen)

    assert refused.status_code == 422
    assert "взять договор" in refused.text.split("Now it says:")[1]
    assert "Показали</textarea>" in refused.text
    again = re.search(r'name="seen" value="(\w+)"', refused.text)[1]
    assert plan_sent(ask, plan, "held", headers=PART, **typed, seen=again).status_code == 200


def test_a_plan_that_took_place_silently_is_asked_for_a_word(session, ask, anna, client):
    plan = an_interaction(client=client, person=anna, state=InteractionState.planned, note="взять образцы")
    answer = plan_sent(ask, plan, "held", headers=PART, note="взять образцы")
    assert answer.status_code == 422
    assert f'id="held{plan.id}-request-error"' in answer.text


def test_a_plan_is_held_once_however_often_it_is_sent(session, ask, anna, client):
    plan = an_interaction(client=client, person=anna, state=InteractionState.planned)
    page = ask.get(f"/record/plan/{plan.id}/held")
    data = {
        "csrf_token": csrf_of(page),
        "once": once_of(page),
        "kind": plan.kind_id,
        "request": "а",
        "follow": "1",
    }
    answers = [ask.post(f"/record/plan/{plan.id}/held", data=data) for _ in range(2)]
    assert {answer.location for answer in answers} == {f"/clients/{client.id}#interaction-{plan.id}"}
    assert len(rows(session, InteractionState.planned)) == 1


def test_a_plan_is_moved_and_called_off_on_its_line(session, ask, anna, client, noon):
    plan = an_interaction(client=client, person=anna, state=InteractionState.planned)
    assert plan_sent(ask, plan, "move", headers=PART, at="2020-01-01T10:00").status_code == 422
    moved = plan_sent(ask, plan, "move", headers=from_card(client), at="2026-03-05T12:30")
    assert "5 Mar" in moved.text
    assert plan_sent(ask, plan, "cancel", headers=PART, cancel_reason=" ").status_code == 422
    off = plan_sent(ask, plan, "cancel", cancel_reason="заболел")
    assert off.location == f"/clients/{client.id}#interaction-{plan.id}"
    (row,) = rows(session, InteractionState.cancelled)
    assert (row.id, row.cancel_reason) == (plan.id, "заболел")
    assert row.happened_at == noon.replace(day=5, hour=9, minute=30)


@pytest.mark.parametrize("act", ["held", "move", "cancel"])
def test_whoever_may_not_correct_a_plan_does_nothing_with_it(session, signed_in, client, act):
    plan = an_interaction(client=client, state=InteractionState.planned)
    stranger = signed_in(a_user(Role.colleague))
    assert f"/record/plan/{plan.id}" not in stranger.get(f"/clients/{client.id}").text
    typed = {"request": "а", "at": "2026-03-05T12:30", "cancel_reason": "так"}
    answer = plan_sent(stranger, plan, act, headers=PART, **typed)
    assert answer.status_code == 422
    assert "Only whoever spoke or wrote it down" in answer.text
    assert [row.id for row in rows(session, InteractionState.planned)] == [plan.id]


def test_a_plan_that_somebody_has_settled_says_so(session, ask, anna, client):
    row = an_interaction(client=client, person=anna)
    for act in ("held", "move", "cancel"):
        assert ask.get(f"/record/plan/{row.id}/{act}").location.endswith(f"#interaction-{row.id}")
        part = ask.get(f"/record/plan/{row.id}/{act}", headers=from_card(client))
        assert "no plan any more" in part.text
