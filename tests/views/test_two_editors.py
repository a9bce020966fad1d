"""Two editors of one row: the second is told who changed what and when, and loses nothing he typed."""

from datetime import timedelta

import pytest

from models import Client, ClientGroup, ContactPerson, Industry, Interaction, User
from models.kinds import InteractionState, Role
from tests.factories import (
    a_client,
    a_client_group,
    a_contact_person,
    a_user,
    an_industry,
    an_interaction,
    an_interaction_kind,
)
from tests.views.forms import filled, form_of

CLIENT = "/clients/edit/?id={}"


def opened(ask, where):
    return form_of(ask.get(where)).fields


def two(signed_in):
    return signed_in(a_user(Role.admin)), signed_in(a_user(Role.admin, name="Петров"))


def test_what_both_changed_is_shown_beside_what_he_typed(session, signed_in):
    client = a_client(city="Омск", site="a.ru")
    mine, his = two(signed_in)
    where = CLIENT.format(client.id)
    form = opened(mine, where) | {"city": ["Пермь"], "remember": ["Любит чай"]}
    filled(his, where, city="Тула", site="b.ru")

    answer = mine.post(where, data=form)

    assert answer.status_code == 409
    assert "Петров changed this from Омск to Тула, today, 12:00." in answer.text
    again = form_of(answer).fields
    assert (again["city"], again["remember"], again["site"]) == (["Пермь"], ["Любит чай"], ["b.ru"])
    assert session.get(Client, client.id).city == "Тула"
    again.pop("take", None)
    assert mine.post(where, data=again).status_code == 302
    row = session.get(Client, client.id)
    assert (row.city, row.site, row.remember) == ("Пермь", "b.ru", "Любит чай")


def test_he_may_keep_what_the_other_made_of_it(session, signed_in):
    client = a_client(city="Омск")
    mine, his = two(signed_in)
    where = CLIENT.format(client.id)
    form = opened(mine, where) | {"city": ["Пермь"], "remember": ["Любит чай"]}
    filled(his, where, city="Тула")
    again = form_of(mine.post(where, data=form)).fields

    assert mine.post(where, data=again | {"take": ["city"]}).status_code == 302

    row = session.get(Client, client.id)
    assert (row.city, row.remember) == ("Тула", "Любит чай")


def test_a_third_change_is_told_before_anything_is_kept(session, signed_in):
    client = a_client(city="Омск")
    mine, his = two(signed_in)
    where = CLIENT.format(client.id)
    form = opened(mine, where) | {"city": ["Пермь"]}
    filled(his, where, city="Тула")
    again = form_of(mine.post(where, data=form)).fields
    filled(his, where, city="Орёл")

    for more in ({}, {"take": ["city"]}):
        answer = mine.post(where, data=again | more)
        assert answer.status_code == 409
        assert "from Тула to Орёл" in answer.text


def test_what_only_the_other_changed_stays_and_is_told(session, signed_in):
    client = a_client(city="Омск")
    mine, his = two(signed_in)
    where = CLIENT.format(client.id)
    form = opened(mine, where) | {"remember": ["Любит чай"]}
    filled(his, where, city="Тула")

    answer = mine.post(where, data=form)

    assert answer.status_code == 302
    row = session.get(Client, client.id)
    assert (row.city, row.remember) == ("Тула", "Любит чай")
    assert "City: Петров changed this from Омск to Тула" in mine.get("/clients/").text


def test_what_the_other_changed_is_told_though_the_form_is_refused(session, signed_in):
    client = a_client(city="Омск")
    mine, his = two(signed_in)
    where = CLIENT.format(client.id)
    form = opened(mine, where) | {"inn": ["123"]}
    filled(his, where, city="Тула")

    answer = mine.post(where, data=form)

    assert answer.status_code == 422
    assert "City: Петров changed this from Омск to Тула" in answer.text
    assert form_of(answer).fields["city"] == ["Тула"]


def test_both_made_the_same_of_it(session, signed_in):
    client = a_client(city="Омск")
    mine, his = two(signed_in)
    where = CLIENT.format(client.id)
    form = opened(mine, where) | {"city": ["Тула"]}
    filled(his, where, city="Тула")
    assert mine.post(where, data=form).status_code == 302


def test_rows_moments_lines_and_words_are_compared_too(session, signed_in, noon):
    group, curator, industry = a_client_group(name_en="Key"), a_user(name="Сидорова"), an_industry()
    client = a_client(group=a_client_group(name_en="Old"), curator=a_user(name="Иванов"))
    mine, his = two(signed_in)
    where = CLIENT.format(client.id)
    typed = {"group": a_client_group().id, "curator": a_user().id, "telephones": "8 800 555-35-35"}
    typed |= {"kind": "person", "rhythm_days": 5, "industry": an_industry().id, "group_reason": "Так"}
    form = opened(mine, where) | {name: [str(value)] for name, value in typed.items()}
    others = {"group": group.id, "curator": curator.id, "telephones": "8 (916) 123-45-67\n+7 999 111-22-33"}
    others |= {"rhythm_days": 9, "industry": industry.id, "group_reason": "Растёт"}
    assert filled(his, where, **others, curator_reason="Уходит").status_code == 302

    answer = mine.post(where, data=form)

    assert answer.status_code == 409
    for told in ("from Old to Key", "from Иванов to Сидорова", "123-45-67, +7 999 111-22-33", "— to 9"):
        assert told in answer.text, told
    again = form_of(answer).fields
    assert {name: again[name] for name in typed} == {name: [str(value)] for name, value in typed.items()}


@pytest.mark.parametrize(
    ("make", "entity", "field", "where"),
    [
        (a_contact_person, ContactPerson, "job_title", "/contact-persons/edit/?id={}"),
        (a_client_group, ClientGroup, "name_en", "/groups/edit/?id={}"),
        (an_industry, Industry, "name_en", "/reference/industries/edit/?id={}"),
        (a_user, User, "telephone", "/people/edit/?id={}"),
        (an_interaction, Interaction, "request", "/interactions/edit/?id={}"),
    ],
)
def test_every_form_tells_the_second(session, signed_in, noon, make, entity, field, where):
    row = make()
    mine, his = two(signed_in)
    address = where.format(row.id)
    form = opened(mine, address) | {field: ["Моё"]}
    assert filled(his, address, **{field: "Его"}).status_code == 302

    answer = mine.post(address, data=form)

    assert answer.status_code == 409
    assert "Петров changed this from" in answer.text
    assert "to Его, today, 12:00." in answer.text
    again = form_of(answer).fields
    assert again[field] == ["Моё"]
    again.pop("take", None)
    assert mine.post(address, data=again).status_code == 302
    assert getattr(session.get(entity, row.id), field) == "Моё"


def test_a_plan_that_was_held_meanwhile_is_not_planned_again(session, signed_in, noon):
    plan = an_interaction(state=InteractionState.planned, happened_at=noon - timedelta(hours=2))
    mine, his = two(signed_in)
    where = f"/interactions/edit/?id={plan.id}"
    form = opened(mine, where) | {"note": ["Взять образцы"]}
    filled(his, where, state="held", happened_at="2026-03-02T10:30")

    answer = mine.post(where, data=form)

    assert answer.status_code == 302
    row = session.get(Interaction, plan.id)
    assert (row.state, row.note) == (InteractionState.held, "Взять образцы")
    form |= {"state": ["cancelled"], "cancel_reason": ["Заболел"], "happened_at": ["2026-03-02T11:00"]}
    answer = mine.post(where, data=form)
    assert answer.status_code == 409
    assert "from Planned to Held" in answer.text
    assert "from 02.03.2026 10:00 to 02.03.2026 10:30" in answer.text


def test_whoever_lost_the_client_while_typing_keeps_his_text(session, signed_in):
    me = a_user()
    client = a_client(curator=me)
    mine, his = signed_in(me), signed_in(a_user(Role.head))
    where = CLIENT.format(client.id)
    form = opened(mine, where) | {"remember": ["Полчаса работы"]}
    assert filled(his, where, curator=a_user().id, curator_reason="Уходит").status_code == 302

    answer = mine.post(where, data=form)

    assert answer.status_code == 403
    assert form_of(answer).fields["remember"] == ["Полчаса работы"]
    assert session.get(Client, client.id).remember == ""
    assert mine.get(where).status_code == 403


@pytest.mark.parametrize("seen", ["", "x", "[]", "{}", '{"city":5}', "9" * 30_000])
def test_a_form_that_says_nothing_of_what_it_showed_is_still_a_form(session, signed_in, seen):
    client = a_client(city="Омск")
    ask = signed_in(a_user(Role.head))
    where = CLIENT.format(client.id)
    answer = ask.post(where, data=opened(ask, where) | {"city": ["Тула"], "seen": [seen]})
    assert answer.status_code in {302, 409}


def test_a_form_costs_the_same_however_much_was_changed(session, signed_in, queries):
    kind = an_interaction_kind()
    costs = []
    for number in (1, 20):
        client = a_client(city="Омск")
        mine, his = two(signed_in)
        where = CLIENT.format(client.id)
        form = opened(mine, where) | {"city": ["Пермь"]}
        for n in range(number):
            an_interaction(client=client, kind=kind)
            filled(his, where, city=f"Тула {n}", remember=f"Чай {n}", site=f"{n}.ru")
        with queries().counting() as seen:
            assert mine.post(where, data=form).status_code == 409
        costs.append(len(seen))
    assert costs[0] == costs[1]
