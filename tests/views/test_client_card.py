"""The card: who they are, whom we know there, what was said lately."""

from datetime import timedelta

import pytest

from crmadmin.services.contacts import set_emails, set_telephones
from models.kinds import InteractionState, Role
from tests.factories import a_client, a_client_group, a_contact_person, a_user, an_interaction


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
    assert signed_in(a_user()).get(f"/clients/{address}").status_code == 404


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


def test_the_newest_twenty_are_told_and_the_way_to_all(session, signed_in, noon):
    client, person = a_client(), a_user()
    for number in range(22):
        an_interaction(
            client=client, person=person, happened_at=noon - timedelta(days=number + 1), note=f"№{number:02}"
        )
    page = signed_in(a_user()).get(f"/clients/{client.id}").text
    assert "№19" in page
    assert "№20" not in page
    assert f"/interactions/?client={client.id}" in page


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
    assert costs[1] <= 15
