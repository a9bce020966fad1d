"""Which interactions are found, and that one is told what was not looked through."""

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.queries import interaction_search
from crmadmin.queries.interaction_search import interaction_matches, leaves_older_out
from models import Client, Interaction
from tests.factories import a_client, a_client_group, a_contact_person, a_user, an_interaction


def found(session, typed):
    return set(session.scalars(select(Interaction.id).where(interaction_matches(typed))))


@pytest.fixture
def romashka(session):
    client = a_client(name="ООО «Ромашка»", city="Королёв")
    a_contact_person(client=client, name="Пётр Лютиков")
    return client


def test_they_are_found_by_their_client_and_by_what_they_say(session, romashka):
    of_romashka = an_interaction(client=romashka, note="перезвонить")
    other = an_interaction(request="Просят счёт на ПРЕДОПЛАТУ", reaction="Отправили договор")
    for typed, meant in (
        ("ромаш", of_romashka),
        ("предоплат счет", other),
        ("договор просят", other),
        ("ПЕРЕЗВОНИТЬ", of_romashka),
    ):
        assert found(session, typed) == {meant.id}, typed
    assert not found(session, "договор ромашка")
    assert interaction_matches(" ") is None


@pytest.mark.parametrize("few", [0, 200], ids=["by texts", "by clients"])
def test_words_of_the_client_and_of_the_record_are_found_together_in_any_order(
    session, romashka, monkeypatch, few
):
    monkeypatch.setattr(interaction_search, "FEW", few)
    meant = an_interaction(client=romashka, note="Обсудили договор поставки")
    an_interaction(client=romashka, note="перезвонить")
    an_interaction(note="договор поставки")
    for typed in (
        "ромашка договор", "договор ромашка", "поставк королев договор", "лютиков договор", "ооо договор",
    ):  # fmt: skip
        assert found(session, typed) == {meant.id}, typed
    assert not found(session, "ромашка договор василёк")


def many_clients(session, count):
    group, us = a_client_group(), a_user()
    clients = [Client(name=f"Ромашка {n:03}", group=group, created_at=clock.now()) for n in range(count)]
    session.add_all(clients)
    session.flush()
    talk = an_interaction(client=clients[0], person=us)
    names = ("kind", "person", "recorded_by", "happened_at", "recorded_at")
    start = {name: getattr(talk, name) for name in names}
    session.add_all([Interaction(client=client, **start) for client in clients[1:]])
    session.commit()


def test_no_client_is_left_out_because_of_its_name(session):
    many_clients(session, 260)

    assert len(found(session, "ромашка")) == 260
    assert not leaves_older_out("ромашка")


def test_of_very_many_clients_the_latest_are_found_and_one_is_told_so(session, monkeypatch):
    monkeypatch.setattr(interaction_search, "MANY", 5)
    many_clients(session, 10)
    assert len(found(session, "ромашка")) == 10
    assert not leaves_older_out("ромашка")

    monkeypatch.setattr(interaction_search, "LOOKED_AT", 4)
    newest = set(session.scalars(select(Interaction.id).order_by(Interaction.id.desc()).limit(4)))
    assert found(session, "ромашка") == newest
    assert leaves_older_out("ромашка")


def test_a_word_of_very_many_clients_is_sought_beside_the_newest_texts_and_one_is_told_so(
    session, romashka, monkeypatch
):
    monkeypatch.setattr(interaction_search, "FEW", 0)
    early, *_others, late = [an_interaction(client=romashka, note="тендер") for _ in range(3)]
    assert found(session, "ромашка тендер") >= {early.id, late.id}
    assert not leaves_older_out("ромашка тендер")

    monkeypatch.setattr(interaction_search, "LOOKED_AT", 2)
    hits = found(session, "ромашка тендер")
    assert late.id in hits
    assert early.id not in hits
    assert leaves_older_out("ромашка тендер")


def test_the_newest_are_found_and_one_is_told_so(session, romashka, monkeypatch):
    monkeypatch.setattr(interaction_search, "NEWEST", 3)
    said = [an_interaction(request="тендер") for _ in range(5)]
    assert found(session, "тендер") == {each.id for each in said[2:]}
    assert leaves_older_out("тендер")
    assert not leaves_older_out("договор")
    assert not leaves_older_out("")


def test_a_word_of_two_letters_is_looked_for_lately(session, monkeypatch):
    early, *_, late = [an_interaction(request="ЩЪ") for _ in range(4)]
    assert found(session, "щъ") >= {early.id, late.id}
    assert not leaves_older_out("щъ")
    monkeypatch.setattr(interaction_search, "LATELY", 2)
    hits = found(session, "щъ")
    assert late.id in hits
    assert early.id not in hits
    assert leaves_older_out("щъ")
