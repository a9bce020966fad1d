"""What is found: on either database just what a reader finds who looks at every row."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from crmadmin.queries import interaction_search, search
from crmadmin.queries.interaction_search import interaction_matches
from crmadmin.queries.search import client_matches, contact_person_matches, name_matches
from crmadmin.rules.names import folded
from crmadmin.rules.search_terms import is_in, terms
from crmadmin.services.contacts import set_emails, set_telephones
from models import Client, ContactPerson, Interaction, User
from tests.factories import a_client, a_client_group, a_contact_person, a_user, an_interaction


def found(session, matches, entity, typed):
    return set(session.scalars(select(entity.id).where(matches(typed))))


@pytest.fixture
def romashka(session):
    client = a_client(name="ООО «Ромашка»", city="Королёв", inn="7707083893", site="romashka.ru")
    set_telephones(client, "8 (916) 123-45-67")
    person = a_contact_person(client=client, name="Пётр Лютиков", job_title="Закупщик")
    set_telephones(person, "+7 495 765-43-21")
    set_emails(person, "Petr@Romashka.ru")
    session.commit()
    a_client(name="100%_скидка")
    return client


@pytest.mark.parametrize(
    "typed",
    ["РОМАШ", "королев ромашка", "7707083893", "770708", "+79161234567", "8-916-123-45-67", "(916) 1234567",
     "4567", "45-67", "лютиков", "петр ромашка", "7654321", "ромашка 43-21", "PETR@romashka.RU",
     "romashka.ru", "закупщик", "ро", "р м", "+7 916 12", "ромашка ооо"],
)  # fmt: skip
def test_a_client_is_found(session, romashka, typed):
    assert session.scalars(select(Client).where(client_matches(typed))).all() == [romashka]


@pytest.mark.parametrize(
    "typed",
    ["василёк", "ромашка василёк", "%", "_", "9999999", "\\", "'", "ромашка%", '"', '"""', "*", "мош", "щъ"],
)
def test_nothing_else_is_found(session, romashka, typed):
    assert romashka.id not in found(session, client_matches, Client, typed)


def test_words_of_two_rows_are_not_one_word(session, romashka):
    a_contact_person(client=romashka, name="Белла")
    assert found(session, client_matches, Client, "белла") == {romashka.id}
    assert not found(session, client_matches, Client, "romashka.ruбелла")


def test_signs_of_the_database_are_letters_like_others(session, romashka):
    assert session.scalars(select(Client.name).where(client_matches("0%_с"))).all() == ["100%_скидка"]


def test_a_person_is_found_by_his_client_too(session, romashka):
    assert session.scalars(select(ContactPerson.name).where(contact_person_matches("ромаш петр"))).all()
    assert not session.scalars(select(ContactPerson.name).where(contact_person_matches("скидка"))).all()


def test_short_lists_know_no_letter_case_either(session):
    petr = a_user(name="Пётр ЛЮТИКОВ")
    a_user(name="100%")
    for typed in ("петр", "ПЁТР лютик", "лютиков"):
        assert found(session, lambda said: name_matches(said, User.name), User, typed) == {petr.id}
    assert not found(session, lambda said: name_matches(said, User.name), User, "_")


SIGNS = st.sampled_from("аАбБеЕёЁоОмст1278 -«»%_\\'\"№.@")
NAMES = st.text(SIGNS, min_size=1, max_size=12).filter(str.strip)
TYPED = st.lists(st.text(SIGNS, min_size=1, max_size=6), min_size=1, max_size=3).map(" ".join)


def has(said, asked):
    return all(is_in(said, term) for term in asked)


def each_is_in_one_of(texts, asked):
    return all(any(is_in(text, term) for text in texts) for term in asked)


@pytest.mark.parametrize("rare", [0, 10_000], ids=["by walking", "by trigrams"])
@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(st.tuples(NAMES, NAMES, st.text(SIGNS, max_size=30)), min_size=1, max_size=5),
    typed=st.lists(TYPED, min_size=1, max_size=6),
)
def test_both_databases_find_what_a_patient_reader_finds(session, monkeypatch, rare, rows, typed):
    monkeypatch.setattr(search, "RARE", rare)
    monkeypatch.setattr(search, "RARE_BY_NAME", rare)
    for most in ("FEW", "MANY"):
        monkeypatch.setattr(interaction_search, most, rare)
    group, us = a_client_group(), a_user()
    clients, persons, talks = {}, {}, {}
    for name, person, request in rows:
        client = a_client(name=name, group=group)
        there = a_contact_person(client=client, name=person)
        talk = an_interaction(client=client, request=request, person=us)
        clients[client.id] = f"{folded(name)}\n{folded(person)}"
        persons[there.id] = f"{folded(person)}\n{folded(name)}"
        talks[talk.id] = [folded(request), clients[client.id]]
    for said in typed:
        asked = terms(said)
        if not asked:
            continue
        meant = {id for id, words in clients.items() if has(words, asked)}
        assert found(session, client_matches, Client, said) & clients.keys() == meant, said
        there = {id for id, words in persons.items() if has(words, asked)}
        assert found(session, contact_person_matches, ContactPerson, said) & persons.keys() == there, said
        told = {id for id, texts in talks.items() if each_is_in_one_of(texts, asked)}
        assert found(session, interaction_matches, Interaction, said) & talks.keys() == told, said


def test_who_is_renamed_is_found_by_the_new_name_with_all_at_him(session, romashka):
    romashka.name = "Василёк"
    session.commit()
    assert found(session, client_matches, Client, "василек лютиков") == {romashka.id}
    assert not found(session, client_matches, Client, "ромашка»")
    assert len(found(session, contact_person_matches, ContactPerson, "василек петр")) == 1
    assert not found(session, contact_person_matches, ContactPerson, "ооо")


def test_a_person_who_comes_is_corrected_and_goes_changes_what_the_client_is_found_by(session, romashka):
    person = a_contact_person(client=romashka, name="Анна Пион")
    assert found(session, client_matches, Client, "пион лютиков") == {romashka.id}
    person.name = "Анна Роза"
    session.commit()
    assert found(session, client_matches, Client, "роза лютиков") == {romashka.id}
    assert not found(session, client_matches, Client, "пион")
    session.delete(person)
    session.commit()
    assert not found(session, client_matches, Client, "роза")
    assert found(session, client_matches, Client, "лютиков") == {romashka.id}


def test_a_corrected_record_is_found_by_its_new_words(session):
    talk = an_interaction(request="счёт")
    talk.request = "договор"
    session.commit()
    assert found(session, interaction_matches, Interaction, "договор") == {talk.id}
    assert not found(session, interaction_matches, Interaction, "счет")


def test_indexes_follow_whatever_the_door(session, romashka):
    """Statements that pass the flush: a console, a bulk act, a restored row."""
    session.execute(text("UPDATE client SET search_text = 'иначе'"))
    assert found(session, client_matches, Client, "иначе") == set(session.scalars(select(Client.id)))
    assert not found(session, client_matches, Client, "ромашка")
    session.execute(text("UPDATE client SET archived_at = created_at"))
    assert romashka.id in found(session, client_matches, Client, "иначе")
    session.execute(
        text(
            "INSERT INTO client (kind, name, group_id, created_at, search_text) "
            "SELECT kind, 'Роза', group_id, created_at, 'роза' FROM client LIMIT 1"
        )
    )
    assert len(found(session, client_matches, Client, "роза")) == 1
    session.execute(text("DELETE FROM client WHERE name = 'Роза'"))
    assert not found(session, client_matches, Client, "роза")
    indexes_are_whole(session)


def indexes_are_whole(session):
    if session.get_bind().dialect.name == "sqlite":
        for name in ("client_search", "contact_person_search", "interaction_search"):
            session.execute(text(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)"))


def test_each_search_is_planned_for_its_own_words(session):
    """Else PostgreSQL keeps, after some questions, one plan for words in every row and words in none."""
    if session.get_bind().dialect.name == "postgresql":
        assert session.scalar(text("SHOW plan_cache_mode")) == "force_custom_plan"


def test_every_index_is_there(session):
    if session.get_bind().dialect.name == "sqlite":
        asked = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%search%'"
        assert session.scalar(text(asked)) == 9
    else:
        asked = "SELECT count(*) FROM pg_indexes WHERE indexname LIKE '%_trgm'"
        assert session.scalar(text(asked)) == 3
