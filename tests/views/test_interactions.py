"""Recording what happened and what is to happen."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models import Client, Interaction, JournalEntry
from models.kinds import Direction, InteractionState, Role
from tests.factories import (
    a_client,
    a_contact_person,
    a_result,
    a_user,
    an_interaction,
    an_interaction_kind,
    together,
)
from tests.views.forms import filled, form_of


@pytest.mark.parametrize("role", list(Role))
def test_everybody_records_with_any_client(session, signed_in, noon, role):
    me, client, kind, result = a_user(role), a_client(curator=a_user()), an_interaction_kind(), a_result()
    there, helper = a_contact_person(client=client), a_user()
    typed = {"kind": kind.id, "request": "Прислать цены", "reaction": "Выслал", "result": result.id}
    typed |= {"minutes": 15, "direction": "incoming", "contact_persons": there.id, "participants": helper.id}

    answer = filled(signed_in(me), f"/interactions/new/?client={client.id}&url=/clients/{client.id}", **typed)

    assert answer.location == f"/clients/{client.id}"
    row = session.scalars(select(Interaction)).one()
    assert (row.client_id, row.person_id, row.recorded_by_id, row.recorded_at) == (
        client.id,
        me.id,
        me.id,
        noon,
    )
    assert (row.state, row.direction, row.minutes) == (InteractionState.held, Direction.incoming, 15)
    assert [each.id for each in row.contact_persons] == [there.id]
    assert [each.id for each in row.participants] == [helper.id]
    assert row.client.last_contact_at == noon


def test_what_is_typed_is_local_time(session, signed_in, noon):
    client, kind = a_client(), an_interaction_kind()
    filled(
        signed_in(a_user()),
        "/interactions/new/",
        client=client.id,
        kind=kind.id,
        happened_at="2026-03-02T10:30",
    )
    assert session.scalars(select(Interaction)).one().happened_at == noon.replace(hour=7, minute=30)


def test_a_plan_lies_ahead_and_is_the_clients_next_contact(session, signed_in, noon):
    client, kind = a_client(), an_interaction_kind()
    typed = {"client": client.id, "kind": kind.id, "state": "planned", "happened_at": "2026-03-05T12:00"}
    filled(signed_in(a_user()), "/interactions/new/", **typed)
    planned = session.scalar(select(Client.next_contact_at).where(Client.id == client.id))
    assert planned == noon + timedelta(days=3)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("happened_at", "2026-03-09T12:00"),
        ("happened_at", "2026-01-09T12:00"),
        ("happened_at", "вчера"),
        ("happened_at", "0001-01-01T00:00"),
        ("minutes", "5000"),
        ("minutes", "много"),
        ("minutes", "9" * 30),
        ("kind", "999999"),
        ("client", "999999"),
        ("client", ""),
        ("state", "dreamt"),
        ("contact_persons", "999999"),
        ("participants", "1,x"),
        ("result", "-1"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_the_rest_is_kept(session, signed_in, field, typed):
    client, kind = a_client(), an_interaction_kind()
    data = {"client": client.id, "kind": kind.id, "note": "Важное", field: typed}

    answer = filled(signed_in(a_user()), "/interactions/new/", **data)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert form_of(answer).fields["note"] == ["Важное"]
    assert session.scalar(select(func.count()).select_from(Interaction)) == 0


def test_a_person_of_another_client_is_refused_in_words(session, signed_in):
    client, kind, stranger = a_client(), an_interaction_kind(), a_contact_person(name="Чужой Человек")
    data = {"client": client.id, "kind": kind.id, "contact_persons": stranger.id}
    answer = filled(signed_in(a_user()), "/interactions/new/", **data)
    assert answer.status_code == 422
    assert "Чужой Человек" in answer.text


def test_the_persons_offered_are_those_of_the_client_that_is_chosen(session, signed_in):
    client = a_client()
    mine = a_contact_person(client=client)
    a_contact_person()
    address = f"/interactions/ajax/lookup/?name=contact_persons&query=&client={client.id}"
    assert [id for id, _name in signed_in(a_user()).get(address).get_json()] == [mine.id]


def test_only_the_head_and_the_admin_record_for_others(session, signed_in):
    client, kind, other = a_client(), an_interaction_kind(), a_user()
    data = {"client": client.id, "kind": kind.id, "person": other.id}

    filled(signed_in(me := a_user()), "/interactions/new/", **data)
    filled(signed_in(a_user(Role.head)), "/interactions/new/", **data)

    spoke = session.scalars(select(Interaction.person_id).order_by(Interaction.id)).all()
    assert spoke == [me.id, other.id]


@pytest.mark.parametrize(
    ("role", "status"), [(Role.manager, 403), (Role.colleague, 403), (Role.head, 200), (Role.admin, 200)]
)
def test_a_record_of_somebody_else_is_corrected_by_head_and_admin_only(session, signed_in, role, status):
    row = an_interaction()
    assert signed_in(a_user(role)).get(f"/interactions/edit/?id={row.id}").status_code == status


def test_a_correction_keeps_the_old_text_in_the_journal_and_the_client_in_place(session, signed_in):
    me, other = a_user(), a_client()
    row = an_interaction(person=me, note="Старое")
    filled(signed_in(me), f"/interactions/edit/?id={row.id}", note="Новое", client=other.id)

    told = session.scalars(select(JournalEntry).where(JournalEntry.kind == "interaction_corrected")).one()
    assert told.data["note"] == ["Старое", "Новое"]
    assert session.scalar(select(Interaction.client_id).where(Interaction.id == row.id)) != other.id


def test_a_form_that_nobody_touched_corrects_nothing(session, signed_in, noon):
    me = a_user()
    row = an_interaction(person=me, happened_at=noon - timedelta(hours=2, seconds=17), note="раз\nдва")
    ask = signed_in(me)
    before = session.scalar(select(func.count()).select_from(JournalEntry))
    assert filled(ask, f"/interactions/edit/?id={row.id}").status_code == 302
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before


def test_a_cancelled_plan_needs_a_reason(session, signed_in):
    me = a_user()
    row = an_interaction(person=me, state=InteractionState.planned)
    address, ask = f"/interactions/edit/?id={row.id}", signed_in(me)
    assert 'id="cancel_reason-error"' in filled(ask, address, state="cancelled").text
    assert filled(ask, address, state="cancelled", cancel_reason="Заболел").status_code == 302


def test_the_reason_of_a_cancellation_stands_below_the_state_and_is_required(session, signed_in):
    form = signed_in(a_user()).get("/interactions/new/").text
    at = [form.index(f' name="{name}"') for name in ("state", "cancel_reason", "happened_at")]
    assert at == sorted(at)
    label = form.split('for="cancel_reason">')[1].split("</label>")[0]
    assert 'class="must"' in label


def test_the_list_is_newest_first_and_narrowed(session, signed_in, noon):
    me, kind, result = a_user(), an_interaction_kind(contact=False), a_result()
    old = an_interaction(happened_at=noon - timedelta(days=9), note="Давно")
    new = an_interaction(person=me, kind=kind, result=result, direction=Direction.incoming, request="Недавно")
    ask = signed_in(a_user())

    page = ask.get("/interactions/").text
    assert page.index(f"id={new.id}") < page.index(f"id={old.id}")
    by_row = [f"kind={kind.id}", f"person={me.id}", f"result={result.id}", f"client={new.client_id}"]
    for narrowed in (*by_row, "direction=incoming", "contact=0", "state=held&from=2026-03-01"):
        found = ask.get(f"/interactions/?{narrowed}").text
        assert (f"id={new.id}&" in found, f"id={old.id}&" in found) == (True, False), narrowed


def test_the_details_tell_everything(session, signed_in):
    row = an_interaction(
        request="Просьба", reaction="Реакция", note="Заметка", participants=[a_user(name="Вторая")]
    )
    page = signed_in(a_user()).get(f"/interactions/details/?id={row.id}").text
    for said in ("Просьба", "Реакция", "Заметка", "Вторая", row.client.name):
        assert said in page


def test_a_manager_takes_out_what_was_said_with_his_own_clients(session, signed_in):
    me = a_user()
    an_interaction(client=a_client(curator=me), note="Свой")
    an_interaction(client=a_client(curator=a_user()), note="Чужой", person=me)
    text = signed_in(me).get("/interactions/export/csv/").text
    assert ("Свой" in text, "Чужой" in text) == (True, False)


def test_the_list_costs_the_same_with_two_and_with_two_hundred(session, signed_in, queries):
    ask, costs = signed_in(a_user()), []
    for more in (2, 198):
        with together():
            for _ in range(more):
                an_interaction(result=a_result())
        with queries().counting() as seen:
            assert ask.get("/interactions/").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1], "\n".join(seen)
    assert costs[1] <= 10
