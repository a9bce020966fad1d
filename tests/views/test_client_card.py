"""The card: who they are, whom we know there, what was said lately."""

import re
from datetime import timedelta

import pytest

from crmadmin.core.db import act_as
from crmadmin.services.contacts import set_emails, set_telephones
from models.kinds import InteractionState, Language, Role
from tests.factories import (
    a_client,
    a_client_group,
    a_client_task,
    a_contact_person,
    a_user,
    an_interaction,
    an_interaction_kind,
)
from views.card_parts import PARTS, PLACES


@pytest.mark.parametrize("role", list(Role))
def test_everybody_opens_every_card(session, signed_in, role):
    curator = a_user(name="Анна Куратор")
    client = a_client(name="Ромашка", curator=curator, inn="7707083893", remember="Не звонить до обеда")
    set_telephones(client, "8 (916) 123-45-67")
    person = a_contact_person(client=client, name="Пётр Ильич", job_title="Директор")
    set_emails(person, "petr@romashka.ru")
    session.commit()
    an_interaction(client=client, request="Просили цены", contact_persons=[person])

    page = signed_in(a_user(role)).get(f"/clients/{client.id}").text

    for said in ("Ромашка", "7707083893", "Анна Куратор", "Не звонить до обеда", 'href="tel:+79161234567"',
                 "Пётр Ильич", "Директор", 'href="mailto:petr@romashka.ru"', "Просили цены"):  # fmt: skip
        assert said in page, said


def test_the_details_of_a_client_are_its_card(session, signed_in):
    client = a_client()
    answer = signed_in(a_user()).get(f"/clients/details/?id={client.id}")
    assert answer.location == f"/clients/{client.id}"


@pytest.mark.parametrize("address", ["999999", "0", "99999999999999999999"])
def test_a_card_that_is_not_there_is_nowhere(session, signed_in, address):
    page = signed_in(a_user()).get(f"/clients/{address}")
    assert page.status_code == 404
    assert "There is no such page" in page.text


def test_a_card_is_not_shown_to_somebody_not_signed_in(app, session):
    assert app.test_client().get(f"/clients/{a_client().id}").status_code == 302


def test_plans_stand_on_top_the_next_one_first(session, signed_in, noon):
    client = a_client()
    for days, said in ((9, "Потом"), (2, "Скоро")):
        at = noon + timedelta(days=days)
        an_interaction(client=client, state=InteractionState.planned, happened_at=at, note=said)
    for days, said in ((9, "Давно"), (2, "Недавно")):
        an_interaction(client=client, happened_at=noon - timedelta(days=days), note=said)

    page = signed_in(a_user()).get(f"/clients/{client.id}").text

    order = [page.index(said) for said in ("Скоро", "Потом", "Недавно", "Давно")]
    assert order == sorted(order)


def test_the_card_offers_what_its_viewer_may_do(session, signed_in):
    me = a_user()
    client = a_client(curator=me)
    edit, person = f"/clients/edit/?id={client.id}", f"/contact-persons/new/?client={client.id}"
    record = f"/interactions/new/?client={client.id}"

    mine = signed_in(me).get(f"/clients/{client.id}").text
    foreign = signed_in(a_user()).get(f"/clients/{client.id}").text
    colleagues = signed_in(a_user(Role.colleague)).get(f"/clients/{client.id}").text

    assert [edit in page for page in (mine, foreign, colleagues)] == [True, False, False]
    assert [person in page for page in (mine, foreign, colleagues)] == [True, False, False]
    assert [record in page for page in (mine, foreign, colleagues)] == [True, True, True]


def test_what_a_client_wrote_is_no_markup(session, signed_in):
    text = "<script>alert(1)</script>"
    client = a_client(name=text, remember=text, site="javascript:alert(1)", address=text)
    an_interaction(client=client, note=text, request=text)
    page = signed_in(a_user()).get(f"/clients/{client.id}").text
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_a_site_can_be_clicked(session, signed_in):
    client = a_client(site="romashka.ru/price")
    page = signed_in(a_user()).get(f"/clients/{client.id}").text
    assert 'href="https://romashka.ru/price"' in page


def test_a_card_costs_the_same_however_much_is_told(session, signed_in, queries):
    group = a_client_group()
    short, long = a_client(curator=a_user(), group=group), a_client(curator=a_user(), group=group)
    for client, times in ((short, 1), (long, 15)):
        for _ in range(times):
            person = a_contact_person(client=client)
            an_interaction(client=client, contact_persons=[person])
            an_interaction(client=client, state=InteractionState.planned, contact_persons=[person])
    ask, costs = signed_in(a_user()), []
    for client in (short, long):
        with queries().counting() as seen:
            assert ask.get(f"/clients/{client.id}").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1], "\n".join(seen)
    assert costs[1] <= 50  # three of them are the numbers beside the menu


def test_what_is_opened_from_a_card_leads_back_to_it(session, signed_in):
    client = a_client()
    record = an_interaction(client=client)
    ask = signed_in(a_user())
    card = ask.get(f"/clients/{client.id}").text
    (opens,) = re.findall(rf'href="(/interactions/details/[?][^"]*id={record.id}[^"]*)"', card)
    page = ask.get(opens.replace("&amp;", "&")).text
    assert re.search(rf'href="/clients/{client.id}[^"]*"><i class="bi bi-arrow-left"[^>]*></i>Back</a>', page)
    assert "Back to the list</a>" in ask.get(f"/interactions/details/?id={record.id}").text


def test_archive_is_the_word_for_a_group_alone(session, signed_in, noon):
    """A group of that name stays in the lists; what is put away leaves them."""
    me = a_user(Role.head, language=Language.ru)
    ask = signed_in(me)
    for client in (a_client(), a_client(archived_at=noon)):
        for page in (ask.get(f"/clients/{client.id}"), ask.get("/clients/?archived=all")):
            assert "архив" not in re.sub(r"<[^>]+>", " ", page.text).lower()
    assert "Вернуть в списки" in ask.get(f"/clients/{client.id}").text


def test_who_else_spoke_lately_is_told_the_last_one_first(session, signed_in, noon):
    me, client = a_user(name="Я Сам"), a_client()
    for name, days in (("Давний", 100), ("Пётр", 9), ("Анна", 2), ("Я Сам", 1)):
        person = me if name == "Я Сам" else a_user(name=name)
        an_interaction(client=client, person=person, happened_at=noon - timedelta(days=days))
    told = signed_in(me).get(f"/clients/{client.id}").text.partition('id="who-spoke"')[2]
    assert told.index("Анна") < told.index("Пётр")
    assert "Давний" not in told
    assert "Я Сам" not in told


def test_a_group_says_since_when_by_whom_and_why(session, signed_in):
    client, head = a_client(), a_user(name="Ольга Главная")
    act_as(head)
    client.group, client.group_reason = a_client_group(name_ru="ключевые"), "заказывают каждый месяц"
    session.commit()
    page = (
        signed_in(a_user()).get(f"/clients/{client.id}").text.partition('id="ours"')[2].partition("</dl>")[0]
    )
    assert "Ольга Главная: заказывают каждый месяц" in page


def test_each_part_of_the_card_has_a_place_and_a_template(app):
    placed = [name for names in PLACES.values() for name in names]
    assert set(PARTS) <= set(placed)
    for name in PARTS:
        app.jinja_env.get_template(f"parts/card/{name}.html")


def warned(page):
    return " ".join(re.findall(r'card-warning" role="status">(.*?)</p>', page.text, re.DOTALL))


def test_before_a_contact_one_is_warned_of_what_others_did_and_plan(session, signed_in, noon):
    """Three days back and seven ahead, by others, and nothing that was called off."""
    me, client = a_user(name="Я Сам"), a_client()
    for name, days in (("Давно", -4), ("Вчера", -1), ("Скоро", 6), ("Потом", 8), ("Я Сам", -1)):
        state = InteractionState.planned if days > 0 else InteractionState.held
        person = me if name == "Я Сам" else a_user(name=name)
        an_interaction(client=client, person=person, state=state, happened_at=noon + timedelta(days=days))
    an_interaction(client=client, person=a_user(name="Отбой"), state=InteractionState.cancelled,
                   cancel_reason="x", happened_at=noon - timedelta(days=1))  # fmt: skip
    said = warned(signed_in(me).get(f"/clients/{client.id}"))
    assert [name in said for name in ("Вчера", "Скоро")] == [True, True]
    assert [name in said for name in ("Давно", "Потом", "Я Сам", "Отбой")] == [False] * 4
    assert said.index("Вчера") < said.index("Скоро")


def test_plans_ahead_do_not_hide_who_spoke_yesterday_and_what_is_no_contact_is_not_told(
    session, signed_in, noon
):
    client = a_client()
    for n in range(5):
        an_interaction(client=client, person=a_user(name=f"План {n}"), state=InteractionState.planned,
                       happened_at=noon + timedelta(hours=n + 1))  # fmt: skip
    an_interaction(client=client, person=a_user(name="Вчера"), happened_at=noon - timedelta(days=2))
    for hours in (-1, 1):
        an_interaction(
            client=client, person=a_user(name="Рассылка"), kind=an_interaction_kind(contact=False),
            state=InteractionState.held if hours < 0 else InteractionState.planned,
            happened_at=noon + timedelta(hours=hours),
        )  # fmt: skip
    said = warned(signed_in(a_user()).get(f"/clients/{client.id}"))
    assert [name in said for name in ("Вчера", "План 0", "План 1", "План 2")] == [True] * 4
    assert [name in said for name in ("План 3", "План 4", "Рассылка")] == [False] * 3


@pytest.mark.parametrize(("colleagues", "look"), [(1, ""), (2, "alert-info"), (3, "alert-danger")])
def test_a_card_says_to_how_many_of_us_the_task_was_told(session, signed_in, noon, colleagues, look):
    client = a_client()
    people = [a_user() for _ in range(colleagues)]
    a_client_task(client=client, opened_by=people[0], opened_at=noon - timedelta(days=20))
    for person in people:
        an_interaction(client=client, person=person, happened_at=noon - timedelta(days=10))
    page = signed_in(a_user()).get(f"/clients/{client.id}").text
    assert f"told its task to {colleagues} of us" in page or colleagues < 2
    assert (f"{look} card-warning" in page) if look else ("card-warning" not in page)
