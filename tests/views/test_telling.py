"""What a form tells of what is wrong with it, and of what it kept."""

import re

import pytest

from models import Client
from models.kinds import Role
from tests.factories import a_client, a_client_group, a_contact_person, a_user, an_industry, an_interaction
from tests.support import csrf_of
from tests.views.forms import filled


@pytest.fixture
def group(session):
    return a_client_group(code="potential")


def wrong_at(page):
    return set(re.findall(r'id="(\w+)-error"', page.text))


def test_a_second_client_of_an_inn_is_told_with_a_link_to_the_first(session, signed_in, group):
    known = a_client(name="Ромашка <ООО>", inn="7707083893", curator=a_user(name="Анна Белова"))
    page = filled(
        signed_in(a_user()), "/clients/new/", name="Опять она", inn="ИНН 7707 083893", group=group.id
    )

    assert page.status_code == 422
    link = f'<a href="/clients/{known.id}" target="_blank" rel="noopener">Ромашка &lt;ООО&gt;</a>'
    assert f"There is such a client already: {link}, curator Анна Белова." in page.text
    assert session.query(Client).count() == 1


def test_what_the_form_and_the_domain_refuse_is_told_together(session, signed_in, group):
    typed = {
        "name": "",
        "inn": "123",
        "site": "javascript:alert(1)",
        "telephones": "абвгд",
        "rhythm_days": "-1",
    }
    page = filled(signed_in(a_user(Role.head)), "/clients/new/", **typed, group=group.id)

    assert page.status_code == 422
    assert wrong_at(page) == {"name", "inn", "site", "telephones", "rhythm_days"}
    assert 'value="123"' in page.text
    assert session.query(Client).count() == 0


def test_nothing_of_a_form_with_faults_is_kept(session, signed_in, group):
    client = a_client(name="Ромашка", city="Пермь")
    session.commit()
    page = filled(
        signed_in(a_user(Role.head)),
        f"/clients/edit/?id={client.id}",
        name="Роза",
        city="Омск",
        rhythm_days="x",
    )

    assert page.status_code == 422
    session.expire_all()
    assert (client.name, client.city) == ("Ромашка", "Пермь")


def test_what_is_wrong_with_a_record_is_told_at_once(session, signed_in):
    client = a_client()
    typed = {"client": client.id, "state": "cancelled", "minutes": "-5", "happened_at": "9999-01-01T10:00"}
    page = filled(signed_in(a_user()), "/interactions/new/", **typed)

    assert {"minutes", "happened_at", "cancel_reason"} <= wrong_at(page)
    assert "From 0 to 1440: a day has no more minutes." in page.text
    assert "The year lies between 1900 and 2200." in page.text


@pytest.mark.parametrize(
    "door", ["/clients/new/", "/interactions/new/", "/contact-persons/new/", "/people/new/"]
)
def test_an_empty_form_is_told_what_it_lacks(session, signed_in, door):
    ask = signed_in(a_user(Role.admin))
    page = ask.get(door)
    answer = ask.post(door, data={"csrf_token": csrf_of(page)})
    assert answer.status_code == 422
    assert wrong_at(answer)


def test_what_was_saved_is_named(session, signed_in, group):
    ask = signed_in(a_user(Role.head))
    filled(ask, "/clients/new/", name="Ромашка", group=group.id)
    assert "The client is saved: Ромашка." in ask.get("/clients/").text

    person = a_contact_person(name="Иван Ильин")
    filled(ask, f"/contact-persons/edit/?id={person.id}", job_title="директор")
    page = ask.get("/contact-persons/").text
    assert "Saved: Иван Ильин." in page
    assert "successfully" not in page


def test_a_new_client_starts_among_the_potential_on_the_page_too(session, signed_in):
    a_client_group(code="key", position=1, name_ru="Ключевые")
    potential = a_client_group(code="potential", position=9)
    page = signed_in(a_user()).get("/clients/new/").text
    assert re.search(rf'<option selected value="{potential.id}"', page)


def test_a_record_is_called_by_what_it_was_when_and_with_whom(session, signed_in):
    record = an_interaction(client=a_client(name="Ромашка"))
    ask = signed_in(a_user(Role.head))
    title = f"{record.kind.name}, 2 Mar, Ромашка"
    for door in ("details", "edit"):
        assert title in ask.get(f"/interactions/{door}/?id={record.id}").text
    form = ask.get(f"/interactions/edit/?id={record.id}").text
    assert f'<dt>Client</dt><dd><a href="/clients/{record.client_id}">Ромашка</a></dd>' in form


def test_the_reason_of_a_cancellation_belongs_to_the_state_cancelled(session, signed_in):
    form = signed_in(a_user()).get("/interactions/new/").text
    assert re.search(r'data-when="state=cancelled"[^>]*id="cancel_reason"', form)


def test_a_new_record_asks_for_the_first_empty_field(session, signed_in):
    an_industry()
    ask = signed_in(a_user(Role.admin))
    for door in ("clients", "interactions", "contact-persons", "people", "reference/industries"):
        assert "data-first-empty" in ask.get(f"/{door}/new/").text
