"""A double click on Save, or a form sent again by reloading, makes one record."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crmadmin.core import clock
from crmadmin.core.db import transaction
from crmadmin.services import once
from models import Client, ContactPerson, FormOnce, Interaction
from models.kinds import Role
from tests.factories import a_client, a_form_once, a_user, an_interaction_kind
from tests.views.forms import form_of


def count(session, entity):
    return session.scalar(select(func.count()).select_from(entity))


@pytest.fixture
def forms(session):
    """Address, what is typed, and where the record is looked at, of each form that makes something."""
    client, kind = a_client(), an_interaction_kind()
    return {
        Client: ("/clients/new/", {"name": "Ромашка", "group": client.group.id}, "/clients/"),
        ContactPerson: ("/contact-persons/new/", {"client": client.id, "name": "Анна"}, "/contact-persons/"),
        Interaction: ("/interactions/new/", {"client": client.id, "kind": kind.id}, "/interactions/"),
    }


@pytest.mark.parametrize("entity", [Client, ContactPerson, Interaction])
def test_the_second_is_led_to_the_record_of_the_first(session, signed_in, forms, entity):
    where, typed, place = forms[entity]
    ask = signed_in(a_user(Role.head))
    data = form_of(ask.get(where)).fields | typed
    before = count(session, entity)

    first, second = ask.post(where, data=data), ask.post(where, data=data)

    assert (first.status_code, second.status_code) == (302, 302)
    assert count(session, entity) == before + 1
    newest = session.scalar(select(func.max(entity.id)))
    assert second.location.startswith(place)
    assert second.location.endswith(str(newest))
    assert "This was saved already" in ask.get(second.location, follow_redirects=True).text


def test_typed_differently_it_is_another_record(session, signed_in, forms):
    where, typed, _place = forms[Client]
    ask = signed_in(a_user(Role.head))
    data = form_of(ask.get(where)).fields | typed
    for name in ("Ромашка", "Василёк"):
        ask.post(where, data=data | {"name": name})
    assert count(session, Client) == 3


def test_a_form_that_was_wrong_may_be_sent_again(session, signed_in, forms):
    where, typed, _place = forms[Client]
    ask = signed_in(a_user(Role.head))
    data = form_of(ask.get(where)).fields | typed | {"inn": "123"}
    answers = [ask.post(where, data=data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert form_of(answers[0]).fields["once"] == data["once"]
    assert count(session, FormOnce) == 0
    assert ask.post(where, data=data | {"inn": ""}).status_code == 302


def test_the_form_of_another_person_is_another_form(session, signed_in, forms):
    where, typed, _place = forms[ContactPerson]
    ask, other = signed_in(a_user(Role.head)), signed_in(a_user(Role.head))
    data = form_of(ask.get(where)).fields | typed
    ask.post(where, data=data)
    other.post(where, data=data | {"csrf_token": form_of(other.get(where)).fields["csrf_token"]})
    assert count(session, ContactPerson) == 2


def test_marks_are_forgotten_after_some_days(session, noon):
    me = a_user()
    a_form_once(at=noon - once.KEPT - timedelta(minutes=1))
    a_form_once(at=noon - timedelta(days=1))
    with transaction(by=me):
        assert once.claim("new", by=me) == ""
        once.made("new", "/clients/7")
    assert count(session, FormOnce) == 2
    assert once.claim("new", by=me) == "/clients/7"
    assert once.claim("", by=me) == ""
    assert clock.now() == noon
