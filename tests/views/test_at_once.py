"""Two requests at the same moment, each with a connection of its own: nothing is lost, nothing made twice."""

import threading
from contextvars import copy_context

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crmadmin.core.db import db, transaction
from crmadmin.services.meanwhile import hold
from models import Client, JournalEntry, ListLayout, SavedFilter
from models.kinds import Role
from tests.factories import a_client, a_client_group, a_user
from tests.in_turn import in_turn
from tests.support import cookie_of
from tests.views.doors import token_of
from tests.views.forms import form_of

TIMES = 8


@pytest.fixture
def two(app, engine):
    """Two heads in two browsers."""

    def browser():
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = cookie_of(a_user(Role.head)), True
        return client

    return browser(), browser()


def at_once(*posts):
    """What each post, a browser, an address and what it sends, was answered when all were sent together."""
    start, answers = threading.Barrier(len(posts)), {}

    def send(place, browser, where, sent):
        start.wait()
        answers[place] = browser.post(where, **sent)

    threads = [  # with the test's clock
        threading.Thread(target=copy_context().run, args=(send, place, *post))
        for place, post in enumerate(posts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return [answers[place] for place in range(len(posts))]


def city_of(engine, client_id):
    with Session(engine) as session:
        return session.get(Client, client_id).city


def test_of_two_forms_saved_at_once_one_is_told_of_the_other(engine, two):
    client_id = a_client(city="Омск").id
    where = f"/clients/edit/?id={client_id}"
    for n in range(TIMES):
        forms = [form_of(each.get(where)).fields | {"city": [f"{n} {at}"]} for at, each in enumerate(two)]
        answers = at_once(*((each, where, {"data": form}) for each, form in zip(two, forms, strict=True)))
        assert sorted(answer.status_code for answer in answers) == [302, 409]
        kept = next(at for at, answer in enumerate(answers) if answer.status_code == 302)
        assert city_of(engine, client_id) == f"{n} {kept}"
        assert form_of(answers[1 - kept]).fields["city"] == [f"{n} {1 - kept}"]


def test_of_two_cells_saved_at_once_one_is_told_of_the_other(engine, two):
    client_id = a_client(city="Омск").id
    where, tokens = f"/clients/cell/{client_id}/city", [token_of(each) for each in two]
    for n in range(TIMES):
        posts = []
        for at, each in enumerate(two):
            typed = {"was": city_of(engine, client_id), "value": f"{n} {at}"}
            posts.append((each, where, {"data": typed, "headers": {"X-CSRFToken": tokens[at]}}))
        answers = at_once(*posts)
        assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_a_form_sent_twice_at_once_makes_one_client(engine, two):
    a_client_group()
    ask, _other = two
    for n in range(TIMES):
        form = form_of(ask.get("/clients/new/")).fields | {"name": [f"Клиент {n}"]}
        answers = at_once(*((each, "/clients/new/", {"data": form}) for each in (ask, _again(ask))))
        assert [answer.status_code for answer in answers] == [302, 302]
        assert answers[0].location == answers[1].location
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Client)) == TIMES
        made = select(func.count()).where(JournalEntry.kind == "client_created")
        assert session.scalar(made) == TIMES


def _again(ask):
    """The same browser, sending a second time before the first is answered."""
    copy = ask.application.test_client()
    with ask.session_transaction() as cookie, copy.session_transaction() as own:
        own.update(cookie)
    return copy


def test_a_client_is_not_archived_by_whom_it_is_just_being_taken_from(engine, app):
    former, other = a_user(), a_user().id
    client_id, ask = a_client(curator=former).id, app.test_client()
    with ask.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = cookie_of(former), True
    sent = {"csrf_token": token_of(ask), "action": "archive", "rowid": client_id}
    db.remove()

    def hand_over(pause):
        with transaction():
            client = db.get_one(Client, client_id)
            hold(client)
            client.curator_id = other
            db.flush()
            pause()

    _none, answer = in_turn(hand_over, lambda: ask.post("/clients/action/", data=sent))

    assert answer.status_code == 302
    with Session(engine) as session:
        client = session.get_one(Client, client_id)
        assert (client.curator_id, client.archived_at) == (other, None)


def test_a_list_is_kept_once_and_columns_are_the_last_ones_however_often_it_is_clicked_at_once(engine, two):
    ask, _other = two
    token = token_of(ask)
    browsers = [ask, *(_again(ask) for _n in range(3))]
    for n in range(TIMES):
        own = {"csrf_token": token, "list": "clients"}
        named = {"data": {**own, "name": f"Мои {n}", "query": "kind=company"}}
        wanted = {"data": {**own, "column": ["name", "city"], "url": "/clients/"}}
        for where, sent in (("/lists/save", named), ("/lists/columns", wanted)):
            answers = at_once(*((each, where, sent) for each in browsers))
            assert [answer.status_code for answer in answers] == [302] * 4
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(SavedFilter)) == TIMES
        assert session.scalars(select(ListLayout.columns)).all() == ["name city"]
