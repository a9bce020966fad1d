"""What is meant by what is typed: words in any order and case, telephones in any spelling."""

import pytest
from sqlalchemy import select

from crmadmin.queries.search import client_matches, contact_person_matches, interaction_matches, terms
from crmadmin.services.contacts import set_telephones
from models import Client, ContactPerson, Interaction
from tests.factories import a_client, a_contact_person, an_interaction


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", []),
        ("  ", []),
        ("Мост Ёлка", [(("мост",),), (("елка",),)]),
        ("8 (916) 123-45-67", [(("79161234567",),)]),
        ("+7 916 123-45-67", [(("79161234567",),)]),
        ("89161234567", [(("79161234567",),)]),
        ("123-45-67", [(("1234567",),)]),
        ("45-67", [(("45-67",), ("4567",))]),
        ("4567", [(("4567",),)]),
        ("мост 8-916-123-45-67 казань", [(("мост",),), (("79161234567",),), (("казань",),)]),
        ("7707 083 893", [(("7707083893",), ("7707", "083", "893"))]),
        ("ООО №1", [(("ооо",),), (("no1",),)]),
    ],
)
def test_typed_words_become_terms(typed, meant):
    assert terms(typed) == meant


def test_a_long_text_asks_a_limited_number_of_questions():
    assert len(terms("слово " * 500)) == 8


@pytest.fixture
def romashka(session):
    client = a_client(name="ООО «Ромашка»", city="Королёв", inn="7707083893")
    set_telephones(client, "8 (916) 123-45-67")
    set_telephones(a_contact_person(client=client, name="Пётр Лютиков"), "+7 495 765-43-21")
    session.commit()
    a_client(name="100%_скидка")
    return client


@pytest.mark.parametrize(
    "typed",
    ["РОМАШ", "королев ромашка", "7707083893", "770708", "+79161234567", "8-916-123-45-67", "(916) 1234567",
     "4567", "45-67", "лютиков", "петр ромашка", "7654321", "ромашка 43-21"],
)  # fmt: skip
def test_a_client_is_found(session, romashka, typed):
    assert session.scalars(select(Client).where(client_matches(typed))).all() == [romashka]


@pytest.mark.parametrize("typed", ["василёк", "ромашка василёк", "%", "_", "9999999", "\\", "'", "ромашка%"])
def test_nothing_else_is_found(session, romashka, typed):
    found = session.scalars(select(Client.name).where(client_matches(typed))).all()
    assert "ООО «Ромашка»" not in found


def test_signs_of_the_database_are_letters_like_others(session, romashka):
    assert session.scalars(select(Client.name).where(client_matches("0%_с"))).all() == ["100%_скидка"]


def test_a_person_is_found_by_his_client_too(session, romashka):
    assert session.scalars(select(ContactPerson.name).where(contact_person_matches("ромаш петр"))).all()
    assert not session.scalars(select(ContactPerson.name).where(contact_person_matches("скидка"))).all()


def test_interactions_are_found_by_their_client(session, romashka):
    mine = an_interaction(client=romashka)
    an_interaction()
    assert session.scalars(select(Interaction).where(interaction_matches("ромаш"))).all() == [mine]
    assert interaction_matches(" ") is None
