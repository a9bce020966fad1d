"""The one box over everything: as a page, and as one types."""

import re

import pytest

from crmadmin.queries import interaction_search
from crmadmin.services.contacts import set_emails, set_telephones
from models.kinds import Role
from tests.factories import a_client, a_client_group, a_contact_person, a_user, an_interaction, together

TYPING = {"HX-Request": "true"}


@pytest.fixture
def ask(session, signed_in):
    browser = signed_in(a_user())

    def asked(typed, **headers):
        return browser.get("/search", query_string={"q": typed}, headers=headers)

    return asked


@pytest.fixture
def romashka(session):
    client = a_client(name="ООО «Ромашка»", city="Королёв", inn="7707083893")
    set_telephones(client, "8 (916) 123-45-67")
    person = a_contact_person(client=client, name="Пётр Лютиков")
    set_telephones(person, "+7 495 765-43-21")
    set_emails(person, "petr@romashka.ru")
    session.commit()
    return client


def test_everything_is_found_by_kind(ask, romashka):
    an_interaction(client=romashka, request="Просят счёт на цветы")
    a_client_group(name_ru="Ромашковые", name_en="Ромашковые")
    a_user(name="Ромашов Олег")

    page = ask("РОМАШ").text

    for kind in ("clients", "contact_persons", "interactions", "people", "groups"):
        assert f'id="hits-{kind}"' in page, kind
    assert f'href="/clients/{romashka.id}"' in page
    assert "«<mark>Ромаш</mark>ка»" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("4567", "<mark>8 (916) 123-45-67</mark>"),
        ("лютик", "Пётр <mark>Лютик</mark>ов"),
        ("4321", "Пётр Лютиков: <mark>"),
        ("petr@", "<mark>petr@</mark>romashka.ru"),
        ("770708", "<mark>770708</mark>3893"),
        ("КОРОЛЁВ", "<mark>Королёв</mark>"),
    ],
)
def test_it_is_said_why_a_client_is_found(ask, romashka, typed, said):
    assert said in ask(typed).text


def test_a_record_is_shown_by_the_words_in_it(ask):
    an_interaction(request="слово " * 80, reaction=f"{'речь ' * 80} отправили ДОГОВОР {'речь ' * 80}")
    page = ask("договор").text
    assert "отправили <mark>ДОГОВОР</mark>" in page
    assert "речь " * 40 not in page


@pytest.mark.parametrize("typed", ["8 916 123-45-67", "+79161234567", "9161234567", "7707083893",
                                   "4957654321", "petr@Romashka.RU"])  # fmt: skip
def test_a_whole_number_opens_the_client_at_once(ask, romashka, typed):
    assert ask(typed).location == f"/clients/{romashka.id}"
    assert ask(typed, **TYPING).status_code == 200


def test_a_number_of_two_clients_opens_neither(ask, session, romashka):
    set_telephones(a_client(name="Василёк"), "8 916 1234567")
    session.commit()
    page = ask("89161234567")
    assert page.status_code == 200
    assert "Василёк" in page.text


def test_answers_while_typing_are_a_part_of_the_page(ask, romashka):
    answer = ask("ромашка", **TYPING)
    assert "<html" not in answer.text
    assert 'role="listbox"' in answer.text
    assert f'href="/clients/{romashka.id}"' in answer.text


def test_while_one_types_fewer_are_shown(ask):
    for number in range(6):
        a_client(name=f"Мост {number}")
    page = ask("мост", **TYPING).text
    assert "<mark>Мост</mark> 4" in page
    assert "<mark>Мост</mark> 5" not in page
    assert "/clients/?search=" in page


def test_nothing_found_says_what_to_try(ask):
    for headers in ({}, TYPING):
        answer = ask("щщщщжж", **headers)
        assert "Nothing found" in answer.text
        assert "last four digits" in answer.text
    assert ask("").status_code == 200
    assert ask("", **TYPING).status_code == 200


def test_all_of_them_are_a_list_away(ask, monkeypatch):
    for number in range(9):
        a_client(name=f"Мост {number}")
    page = ask("мост").text
    assert "/clients/?search=%D0%BC%D0%BE%D1%81%D1%82" in page
    assert "<mark>Мост</mark> 7" in page
    assert "<mark>Мост</mark> 8" not in page


def test_what_is_left_out_is_told_here_and_over_the_list(ask, session, signed_in, monkeypatch):
    monkeypatch.setattr(interaction_search, "NEWEST", 2)
    for _ in range(3):
        an_interaction(request="тендер")
    told = "Add a word to find older ones"
    browser = signed_in(a_user())
    assert told in ask("тендер").text
    assert told in ask("тендер", **TYPING).text
    assert told in browser.get("/interactions/?search=тендер").text
    assert told not in browser.get("/interactions/?search=договор").text
    assert told not in browser.get("/clients/?search=тендер").text


@pytest.mark.parametrize("role", list(Role))
def test_everybody_finds(session, signed_in, romashka, role):
    assert "Ромашка" in signed_in(a_user(role)).get("/search?q=лютиков").text


def test_markup_of_others_is_text(ask):
    a_client(name="<script>мост</script>")
    page = ask("мост").text
    assert "&lt;script&gt;<mark>мост</mark>&lt;/script&gt;" in page


def test_the_page_costs_the_same_with_two_and_with_two_hundred(ask, session, queries):
    def rows(number):
        with together():
            for _ in range(number):
                client = a_client(name="Мост")
                set_telephones(client, "8 916 123-45-67")
                set_telephones(a_contact_person(client=client, name="Мостов"), "8 916 123-45-68")
                an_interaction(client=client, request="мост")

    def counted():
        session.expire_all()
        with queries().counting() as asked:
            assert ask("мост").status_code == 200
        return len(asked)

    rows(2)
    few = counted()
    rows(198)
    assert counted() == few <= 24


def test_people_and_clients_stand_before_what_was_said_with_them(session, signed_in):
    a_user(name="Пётр Громов")
    client = a_client(name="Громовержец", inn="7707083893")
    a_contact_person(client=client, name="Иван Громов")
    an_interaction(client=client, note="Громов просил цены")
    ask = signed_in(a_user())

    def kinds(typed):
        page = ask.get("/search", query_string={"q": typed}, headers={"HX-Request": "true"}).text
        return re.findall(r'id="top-([a-z_]+)" role="presentation"', page)

    assert kinds("громов") == ["clients", "people", "contact_persons", "interactions"]
    assert kinds("7707083893") == ["clients"]
