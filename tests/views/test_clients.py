"""The list of clients and its form: it works, for whom, with what typed, and at which cost."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crmadmin.services.contacts import set_telephones
from models import Client, CuratorPeriod, JournalEntry, Telephone
from models.kinds import InteractionState, Role
from tests.factories import (
    a_client,
    a_client_group,
    a_contact_person,
    a_region,
    a_telephone,
    a_user,
    an_industry,
    an_interaction,
    together,
)
from tests.views.forms import filled, form_of


def test_everybody_sees_every_client(session, signed_in):
    a_client(name="Ромашка", curator=a_user())
    for role in Role:
        assert "Ромашка" in signed_in(a_user(role)).get("/clients/").text


def test_a_name_leads_to_the_card(session, signed_in):
    client = a_client()
    assert f'href="/clients/{client.id}?' in signed_in(a_user()).get("/clients/").text


def test_a_client_of_ones_own_has_a_pencil_and_a_foreign_one_has_none(session, signed_in):
    me = a_user()
    mine, foreign = a_client(curator=me), a_client(curator=a_user())

    page = signed_in(me).get("/clients/").text

    assert f"/clients/edit/?id={mine.id}" in page
    assert f"/clients/edit/?id={foreign.id}" not in page


@pytest.mark.parametrize(
    "typed", ["ромаш", "РОМАШ", "ромашка казань", "7707083893", "8 916 123-45-67", "45-67"]
)
def test_a_client_is_found_however_it_is_typed(session, signed_in, typed):
    set_telephones(a_client(name="РоМаШКа", city="Казань", inn="7707083893"), "+7 (916) 123-45-67")
    session.commit()
    a_client(name="Василёк")

    page = signed_in(a_user()).get("/clients/", query_string={"search": typed}).text

    assert "РоМаШКа" in page
    assert "Василёк" not in page


def test_a_client_is_found_by_a_person_there(session, signed_in):
    a_contact_person(client=a_client(name="Ромашка"), name="Пётр Ильич")
    assert "Ромашка" in signed_in(a_user()).get("/clients/?search=петр").text


def test_the_list_is_narrowed_by_what_a_client_is(session, signed_in):
    group, industry, curator = a_client_group(), an_industry(), a_user()
    a_client(name="Та самая", group=group, industry=industry, curator=curator)
    a_client(name="Другая")
    ask = signed_in(a_user())

    for narrowed in (f"group={group.id}", f"industry={industry.id}", f"curator={curator.id}", "curated=1"):
        page = ask.get(f"/clients/?{narrowed}").text
        assert "Та самая" in page, narrowed
        assert "Другая" not in page, narrowed
        assert 'class="chip"' in page, narrowed


def test_a_region_brings_the_regions_in_it(session, signed_in):
    district = a_region(name_ru="Округ")
    inside = a_region(name_ru="Область", parent=a_region(parent=district))
    a_client(name="Внутри", region=inside)
    a_client(name="Снаружи", region=a_region())

    page = signed_in(a_user()).get(f"/clients/?region={district.id}").text

    assert "Внутри" in page
    assert "Снаружи" not in page


def test_the_list_is_narrowed_by_silence(session, signed_in, noon):
    group = a_client_group(rhythm_days=10)
    for name, days in (("Недавний", 3), ("Молчащий", 12), ("Пропавший", 20)):
        a_client(name=name, group=group, created_at=noon - timedelta(days=days))
    ask = signed_in(a_user())

    silent, alarming = ask.get("/clients/?silence=silent").text, ask.get("/clients/?silence=alarming").text

    assert [name in silent for name in ("Недавний", "Молчащий", "Пропавший")] == [False, True, True]
    assert [name in alarming for name in ("Недавний", "Молчащий", "Пропавший")] == [False, False, True]


def test_the_list_is_narrowed_by_the_next_contact(session, signed_in, noon):
    for name, hours in (("Просрочен", -30), ("Сегодня", 3), ("На неделе", 80), ("Нескоро", 400)):
        at = noon + timedelta(hours=hours)
        an_interaction(client=a_client(name=name), state=InteractionState.planned, happened_at=at)
    a_client(name="Никогда")
    ask = signed_in(a_user())
    names = ("Просрочен", "Сегодня", "На неделе", "Нескоро", "Никогда")

    def found(word):
        page = ask.get(f"/clients/?next_contact={word}").text
        return [name for name in names if f">{name}" in page]

    assert found("overdue") == ["Просрочен"]
    assert found("today") == ["Сегодня"]
    assert found("week") == ["Сегодня", "На неделе"]
    assert found("none") == ["Никогда"]


def test_a_client_put_away_is_out_of_the_list_until_it_is_looked_for(session, signed_in, noon):
    a_client(name="Убранный", archived_at=noon)
    ask = signed_in(a_user())

    assert "Убранный" not in ask.get("/clients/").text
    assert "Убранный" in ask.get("/clients/?archived=1").text
    assert "Убранный" in ask.get("/clients/?search=убран").text


def test_a_manager_adds_a_client_and_becomes_its_curator(session, signed_in):
    me = a_user()
    a_client_group(code="potential")
    typed = {"name": " Лютик  ", "inn": "7707083893", "emails": "info@lutik.ru"}
    answer = filled(signed_in(me), "/clients/new/", telephones="8 916 123-45-67\r\n+7 495 1234567", **typed)

    client = session.scalars(select(Client).where(Client.name == "Лютик")).one()
    assert answer.location == f"/clients/{client.id}"
    assert client.curator_id == me.id
    assert [row.e164 for row in client.telephones] == ["+79161234567", "+74951234567"]
    assert [row.typed for row in client.emails] == ["info@lutik.ru"]
    told = session.scalars(select(JournalEntry.by_id).where(JournalEntry.client_id == client.id)).all()
    assert set(told) == {me.id}


def test_a_form_that_nobody_touched_changes_nothing(session, signed_in):
    """What the form shows is what is kept: seconds, line ends, telephones, a leaver who is still curator."""
    leaver = a_user(active=False)
    group = a_client_group(active=False)
    client = a_client(curator=leaver, group=group, remember="раз\nдва", region=a_region(active=False))
    a_telephone(client=client)
    ask = signed_in(a_user(Role.admin))
    before = session.scalar(select(func.count()).select_from(JournalEntry))

    answer = filled(ask, f"/clients/edit/?id={client.id}")

    assert answer.status_code == 302, answer.text
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before
    assert session.scalar(select(func.count()).select_from(Telephone)) == 1


def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_is_kept(session, signed_in):
    client = a_client(curator=(me := a_user()))

    for field, typed in (("inn", "7707083894"), ("emails", "нет"), ("name", ""), ("rhythm_days", "-5")):
        answer = filled(signed_in(me), f"/clients/edit/?id={client.id}", **{field: typed}, city="Тверь")

        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
        assert form_of(answer).fields["city"] == ["Тверь"]
        assert form_of(answer).fields[field] == [typed]
    assert session.scalar(select(Client.city).where(Client.id == client.id)) == ""


def test_the_same_inn_twice_is_told_with_the_other_clients_name(session, signed_in):
    a_client(name="Первая", inn="7707083893")
    a_client_group()
    answer = filled(signed_in(a_user()), "/clients/new/", name="Вторая", inn="7707083893")
    assert answer.status_code == 422
    assert "Первая" in answer.text


def test_the_head_changes_the_curator_and_says_why(session, signed_in):
    client, new = a_client(curator=a_user()), a_user(name="Новый")

    filled(
        signed_in(a_user(Role.head)),
        f"/clients/edit/?id={client.id}",
        curator=new.id,
        curator_reason="Делим базу",
    )

    period = session.scalars(select(CuratorPeriod).where(CuratorPeriod.ended_at.is_(None))).one()
    assert (period.curator_id, period.reason) == (new.id, "Делим базу")


def test_a_manager_has_no_field_for_the_curator_and_posting_one_changes_nothing(session, signed_in):
    me, other = a_user(), a_user()
    client = a_client(curator=me)
    ask = signed_in(me)
    address = f"/clients/edit/?id={client.id}"

    assert "curator" not in form_of(ask.get(address)).fields
    assert filled(ask, address, curator=other.id, city="Тверь").status_code == 302

    kept = session.scalars(select(Client).where(Client.id == client.id)).one()
    assert (kept.curator_id, kept.city) == (me.id, "Тверь")


@pytest.mark.parametrize("role", [Role.manager, Role.colleague])
def test_a_foreign_client_is_not_changed(session, signed_in, role):
    client = a_client(curator=a_user())
    ask = signed_in(a_user(role))
    address = f"/clients/edit/?id={client.id}"

    assert ask.get(address).status_code == 403
    assert ask.post(address, data={"name": "Моя"}).status_code == 403


def test_a_colleague_adds_no_client(session, signed_in):
    ask = signed_in(a_user(Role.colleague))
    assert ask.get("/clients/new/").status_code == 403
    assert "/clients/new/" not in ask.get("/clients/").text


def test_a_client_of_ones_own_is_archived_and_brought_back_from_its_card(session, signed_in):
    me = a_user()
    mine, foreign = a_client(curator=me), a_client(curator=a_user())
    ask = signed_in(me)
    data = {"csrf_token": form_token(ask), "action": "archive"}

    for client in (mine, foreign):
        ask.post("/clients/action/", data={**data, "rowid": client.id})
    assert archived(session) == {mine.id}

    ask.post("/clients/action/", data={**data, "action": "restore", "rowid": mine.id})
    assert archived(session) == set()


def test_the_cards_act_is_for_one_client(session, signed_in):
    clients, ask = [a_client(), a_client()], signed_in(a_user(Role.head))
    data = {"csrf_token": form_token(ask), "action": "archive", "rowid": [client.id for client in clients]}

    answer = ask.post("/clients/action/", data=data)

    assert answer.status_code == 422
    assert "One at a time here" in answer.text
    assert archived(session) == set()


@pytest.mark.parametrize("role", [Role.manager, Role.admin])
def test_the_list_costs_the_same_with_two_clients_and_with_two_hundred(session, signed_in, queries, role):
    me = a_user(role)
    ask = signed_in(me)
    costs: list[int] = []
    for more in (2, 198):
        with together():
            for _ in range(more):
                client = a_client(curator=a_user(), region=a_region(), industry=an_industry())
                an_interaction(client=client)
        with queries().counting() as seen:
            assert ask.get("/clients/").status_code == 200
        costs.append(len(seen))

    assert costs[0] == costs[1], "\n".join(seen)
    assert costs[1] <= 15


def form_token(ask):
    page = ask.get("/clients/").text
    return page.split('name="csrf_token" value="')[1].split('"')[0]


def archived(session):
    return set(session.scalars(select(Client.id).where(Client.archived_at.is_not(None))))
