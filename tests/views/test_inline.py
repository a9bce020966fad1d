"""A cell of the clients' list changed in place: whose, by whom, told how, and what two editors see."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models import Client, Interaction, JournalEntry
from models.kinds import InteractionState, Role
from tests.factories import (
    a_client,
    a_client_group,
    a_region,
    a_user,
    an_interaction,
    an_interaction_kind,
    together,
)
from tests.views.doors import token_of
from tests.views.forms import Form

COLUMNS = ("group", "curator", "city", "region", "next_contact_at")
EVERYBODY = set(Role)
SELLERS = EVERYBODY - {Role.colleague}
HEADS = {Role.head, Role.admin}


def cell(client, column):
    return f"/clients/cell/{client.id}/{column}"


def form_in(answer):
    """What the cell's small form holds."""
    html = answer.get_json()["form"].replace("cell-form", "admin-form")
    return {name: values[0] if values else "" for name, values in Form(html).fields.items()}


def typed_in(ask, client, column, value, **more):
    """Open the cell, type, press Enter."""
    sent = form_in(ask.get(cell(client, column))) | {"value": str(value), "reason": "Растёт"} | more
    return send(ask, client, column, sent)


def send(ask, client, column, sent):
    return ask.post(cell(client, column), data=sent, headers={"X-CSRFToken": token_of(ask)})


def last_entry(session):
    return session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()


MAY = {"group": SELLERS, "curator": HEADS, "city": SELLERS, "region": SELLERS, "next_contact_at": EVERYBODY}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("own", [True, False])
def test_who_changes_which_cell_of_which_row(session, signed_in, noon, role, column, own):
    me, group, heir = a_user(role), a_client_group(), a_user()
    client = a_client(curator=me if own else a_user())
    an_interaction_kind()
    values = {"group": group.id, "curator": heir.id, "next_contact_at": "2026-03-20T12:00"}
    ask, before = signed_in(me), session.scalar(select(func.count()).select_from(JournalEntry))
    sent = {"was": "", "value": str(values.get(column, "Пермь")), "reason": "Растёт"}
    sent["was"] = {"group": str(client.group_id), "curator": str(client.curator_id)}.get(column, "")
    mine = role in MAY[column] and (own or role in HEADS or column == "next_contact_at")

    opened, answer = ask.get(cell(client, column)), send(ask, client, column, sent)

    assert (opened.status_code, answer.status_code) == ((200, 200) if mine else (403, 403))
    told = session.scalar(select(func.count()).select_from(JournalEntry)) - before
    assert bool(told) is mine
    assert ('name="value"' in opened.get_json()["form"]) is mine


def test_the_journal_has_the_old_and_the_new(session, signed_in):
    head, heir = a_user(Role.head), a_user(name="Сидорова")
    old, new = a_client_group(name_ru="Старая"), a_client_group(name_ru="Новая")
    client = a_client(group=old, curator=a_user(name="Петров"), city="Омск")
    ask = signed_in(head)

    typed_in(ask, client, "city", "  Нижний   Тагил ")
    assert last_entry(session).data == {"city": ["Омск", "Нижний Тагил"]}
    typed_in(ask, client, "group", new.id, reason="Стал покупать")
    assert last_entry(session).data["reason"] == [None, "Стал покупать"]
    assert [each["name"] for each in last_entry(session).data["group_id"]] == ["Старая", "Новая"]
    typed_in(ask, client, "curator", heir.id, reason="Петров уходит")
    started = last_entry(session)
    assert started.kind == "curator_started"
    assert started.data["reason"] == [None, "Петров уходит"]
    assert (started.by_id, started.data["curator_id"][1]["name"]) == (head.id, "Сидорова")


def test_the_answer_is_the_cells_drawn_anew(session, signed_in, noon):
    me = a_user()
    daily = a_client_group(name_en="Daily", rhythm_days=1)
    client = a_client(curator=me, created_at=noon - timedelta(days=3), region=a_region(name_en="Ural"))
    an_interaction_kind()
    ask = signed_in(me)

    cells = typed_in(ask, client, "group", daily.id).get_json()["cells"]
    assert "Daily" in cells["group"]
    assert "silence-alarm" in cells["silence"]
    cells = typed_in(ask, client, "region", "Пермь").get_json()["cells"]
    assert "Пермь" in cells["region"]
    assert "Ural" in cells["region"]
    answer = typed_in(ask, client, "next_contact_at", "2026-03-03T12:30")
    assert "tomorrow, 12:30" in answer.get_json()["cells"]["next_contact_at"]
    assert answer.get_json()["said"] == "Saved."


@pytest.mark.parametrize(
    ("quick", "day"), [("1", "03-03"), ("3", "03-05"), ("7", "03-09"), ("14", "03-16"), ("month", "04-02")]
)
def test_quick_choices_count_from_today(session, signed_in, noon, quick, day):
    client, me = a_client(), a_user()
    an_interaction_kind()
    ask = signed_in(me)
    typed_in(ask, client, "next_contact_at", "", quick=quick)

    def planned():
        return session.scalars(select(Interaction)).one()

    plan = planned()
    assert f"{plan.happened_at:%m-%d %H:%M}" == f"{day} 07:00"  # ten in the morning in Moscow
    plan.happened_at = plan.planned_for = noon + timedelta(days=40)
    session.commit()
    typed_in(ask, client, "next_contact_at", "", quick=quick)
    assert f"{planned().happened_at:%m-%d %H:%M}" == f"{day} 09:00"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("group", ""),
        ("group", "999999"),
        ("group", "x"),
        ("curator", "999999"),
        ("city", "Я" * 121),
        ("next_contact_at", "когда-нибудь"),
        ("next_contact_at", "2026-03-01T10:00"),
    ],
)
def test_what_is_wrong_is_said_in_the_cell_and_kept(session, signed_in, noon, column, value):
    client = a_client(city="Омск", curator=a_user())
    an_interaction_kind()
    answer = typed_in(signed_in(a_user(Role.head)), client, column, value)
    assert answer.status_code == 422
    form = answer.get_json()["form"]
    assert 'role="alert"' in form
    assert value in form or column in {"group", "curator"}  # what is not on offer is not offered again
    assert session.get(Client, client.id).city == "Омск"
    assert session.scalar(select(func.count()).select_from(Interaction)) == 0


def test_a_quick_choice_is_cleaned_as_what_is_typed_is(session, signed_in):
    client = a_client(city="Омск")

    answer = typed_in(signed_in(a_user(Role.head)), client, "city", "", quick="Тв\0ерь")

    assert answer.status_code == 200
    session.expire_all()
    assert session.get(Client, client.id).city == "Тверь"


def test_whoever_left_and_what_is_switched_off_is_not_chosen(session, signed_in):
    gone, off = a_user(active=False), a_client_group(active=False)
    client = a_client(group=off, curator=gone)
    ask = signed_in(a_user(Role.head))
    assert form_in(ask.get(cell(client, "group")))["value"] == str(off.id)
    assert form_in(ask.get(cell(client, "curator")))["value"] == str(gone.id)
    other = a_client()
    assert typed_in(ask, other, "group", off.id).status_code == 422
    assert typed_in(ask, other, "curator", gone.id).status_code == 422


def test_the_second_is_told_who_changed_it_and_may_put_his_over_it(session, signed_in):
    me, petrov = a_user(Role.head), a_user(Role.head, name="Петров")
    client = a_client(city="Омск")
    mine, his = signed_in(me), signed_in(petrov)
    opened = form_in(mine.get(cell(client, "city")))
    typed_in(his, client, "city", "Тула")

    answer = send(mine, client, "city", opened | {"value": "Пермь"})

    assert answer.status_code == 409
    assert "Петров changed this from Омск to Тула, today, 12:00." in answer.get_json()["said"]
    assert form_in(answer) == {"was": "Тула", "value": "Пермь"}
    assert answer.get_json()["cells"]["city"] == "Тула"
    assert session.get(Client, client.id).city == "Тула"
    assert send(mine, client, "city", form_in(answer)).status_code == 200
    assert session.get(Client, client.id).city == "Пермь"


@pytest.mark.parametrize("column", ["group", "curator", "next_contact_at"])
def test_two_editors_of_every_other_cell(session, signed_in, noon, column):
    client, group, heir = a_client(), a_client_group(), a_user()
    an_interaction_kind()
    mine, his = signed_in(a_user(Role.head)), signed_in(a_user(Role.head, name="Петров"))
    values = {"group": group.id, "curator": heir.id, "next_contact_at": "2026-03-20T12:00"}
    others = {"group": a_client_group().id, "curator": a_user().id, "next_contact_at": "2026-03-25T12:00"}
    opened = form_in(mine.get(cell(client, column)))
    typed_in(his, client, column, values[column])

    answer = send(mine, client, column, opened | {"value": str(others[column]), "reason": "Так лучше"})

    assert answer.status_code == 409
    assert "Петров" in answer.get_json()["said"]
    assert form_in(answer)["value"] == str(others[column])
    assert form_in(answer).get("reason", "Так лучше") == "Так лучше"
    assert send(mine, client, column, form_in(answer)).status_code == 200


def test_the_same_twice_is_no_quarrel_and_no_entry(session, signed_in):
    client, ask = a_client(city="Омск"), signed_in(a_user(Role.head))
    opened = form_in(ask.get(cell(client, "city")))
    typed_in(signed_in(a_user(Role.head)), client, "city", "Тула")
    before = last_entry(session).id
    answer = send(ask, client, "city", opened | {"value": "Тула"})
    assert (answer.status_code, last_entry(session).id) == (200, before)


def test_somebody_elses_plan_stays_where_it_is(session, signed_in, noon):
    client = a_client()
    plan = an_interaction(client=client, state=InteractionState.planned)
    answer = typed_in(signed_in(a_user()), client, "next_contact_at", "2026-03-20T12:00")
    assert answer.status_code == 403
    assert plan.happened_at == noon + timedelta(days=1)


def test_a_plan_is_not_called_off_by_an_empty_cell(session, signed_in, noon):
    me = a_user()
    plan = an_interaction(client=a_client(), person=me, state=InteractionState.planned)
    answer = typed_in(signed_in(me), plan.client, "next_contact_at", "")
    assert answer.status_code == 422
    assert "Cancel the plan on the card" in answer.get_json()["said"]


def test_what_is_no_cell_is_nowhere(session, signed_in):
    client, ask = a_client(), signed_in(a_user(Role.admin))
    for where in (f"/clients/cell/{client.id}/name", "/clients/cell/999999/city", "/groups/cell/1/name"):
        assert ask.get(where).status_code == 404
        assert ask.post(where, headers={"X-CSRFToken": token_of(ask)}).status_code == 404
    assert ask.post(cell(client, "city"), data={"was": "", "value": "Пермь"}).status_code == 400


def test_a_cell_costs_the_same_however_long_the_list(session, signed_in, queries):
    me = a_user(Role.head)
    ask, token = signed_in(me), None
    clients = [a_client(city="Омск")]
    token = token_of(ask)

    def cost(value):
        with queries().counting() as seen:
            form = form_in(ask.get(cell(clients[0], "city"))) | {"value": value}
            ask.post(cell(clients[0], "city"), data=form, headers={"X-CSRFToken": token})
        return len(seen)

    few = cost("Тула")
    with together():
        clients += [a_client() for _ in range(199)]
    assert cost("Пермь") == few
    assert few < 40


def test_whoever_may_not_is_told_at_once_whose_it_is(session, signed_in):
    """Before he types, not after."""
    curator = a_user(name="Ольга Кураторова")
    client = a_client(curator=curator)
    an_interaction(client=client, person=curator, state=InteractionState.planned)
    ask = signed_in(a_user())
    for column in ("group", "next_contact_at"):
        answer = ask.get(cell(client, column))
        assert answer.status_code == 403
        assert "Ольга Кураторова" in answer.get_json()["said"]
        assert 'name="value"' not in answer.get_json()["form"]
    assert "Ольга Кураторова" in ask.get(f"/clients/edit/?id={client.id}").text
