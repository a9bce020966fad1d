"""The big list of naughty strings, in search boxes and text fields: never an error, always shown as text."""

import json
import re

import pytest
from sqlalchemy import select

from models import Client, ContactPerson, Interaction
from tests.factories import a_client, a_contact_person, a_user, an_interaction
from tests.support import REAL_DATA
from tests.views.forms import filled, form_of
from tests.views.test_policy import Page
from views.fields import plain_text

FILE = REAL_DATA / "blns" / "blns.json"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the shared data is not there")


def strings():
    return [text for text in json.loads(FILE.read_text(encoding="utf-8")) if text.strip()]


def clean(answer):
    assert answer.status_code in {200, 422}, answer.status
    nonce = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1]
    assert Page(answer.text, nonce).wrong == []


def test_any_string_may_be_searched_for(session, signed_in):
    ask = signed_in(a_user())
    for number, text in enumerate(strings()):
        where = ("/clients/", "/interactions/", "/contact-persons/", "/curators/")[number % 4]
        clean(ask.get(where, query_string={"search": text}, follow_redirects=True))


def test_any_string_may_be_searched_for_in_everything(session, signed_in):
    ask = signed_in(a_user())
    for number, text in enumerate(strings()):
        if number % 3:
            answer = ask.get("/search", query_string={"q": text}, headers={"HX-Request": "true"})
            assert answer.status_code == 200
        else:
            clean(ask.get("/search", query_string={"q": text}, follow_redirects=True))


def test_any_string_may_be_looked_up(session, signed_in):
    ask = signed_in(a_user())
    for text in strings()[::3]:
        answer = ask.get("/interactions/ajax/lookup/", query_string={"name": "client", "query": text})
        assert answer.status_code == 200


def test_any_string_may_be_typed_into_a_card_and_comes_back_as_it_was(session, signed_in):
    me = a_user()
    client, ask = a_client(curator=me), signed_in(me)
    address = f"/clients/edit/?id={client.id}"
    for name, text in zip(strings()[::2], strings()[1::2], strict=False):
        typed = {"name": name[:200], "remember": text}
        assert filled(ask, address, **typed).status_code == 302, typed
        session.expire_all()
        kept = session.execute(select(Client.name, Client.remember).where(Client.id == client.id)).one()
        assert kept.remember == plain_text(typed["remember"])
        assert kept.name == " ".join(plain_text(typed["name"]).split())
    for page in (address, f"/clients/{client.id}", "/clients/"):
        clean(ask.get(page))


def test_any_string_may_be_said_of_a_person_or_an_interaction(session, signed_in):
    me = a_user()
    client = a_client(curator=me)
    person, talk = a_contact_person(client=client), an_interaction(client=client, person=me)
    ask = signed_in(me)
    for a, b, c in zip(strings()[::3], strings()[1::3], strings()[2::3], strict=False):
        filled(ask, f"/contact-persons/edit/?id={person.id}", name=a[:200], job_title=b[:200], remember=c)
        filled(ask, f"/interactions/edit/?id={talk.id}", request=a, reaction=b, note=c)
        clean(ask.get(f"/clients/{client.id}"))
    assert session.scalar(select(ContactPerson.remember)) == plain_text(c)
    assert session.scalar(select(Interaction.note)) == plain_text(c)


def test_any_string_may_stand_where_telephones_and_emails_are_typed(session, signed_in):
    me = a_user()
    client, ask = a_client(curator=me), signed_in(me)
    for text in strings()[::4]:
        answer = filled(ask, f"/clients/edit/?id={client.id}", telephones=text, emails=text, inn=text)
        if answer.status_code != 302:
            clean(answer)
            assert plain_text(form_of(answer).fields["telephones"][0]) == plain_text(text)
