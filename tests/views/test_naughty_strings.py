"""Each of the naughty strings, in each search box: never an error, always shown as text."""

import pytest
from sqlalchemy import func, select

from models.kinds import Role
from tests.factories import a_client, a_contact_person, a_user, an_interaction
from tests.views.doors import screens
from tests.views.naughty import FILE, Held, clean, squeezed, strings

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the shared data is not there")


@pytest.fixture
def ask(session, signed_in):
    me = a_user(Role.admin)
    talk = an_interaction(client=a_client(curator=me), person=me)
    a_contact_person(client=talk.client)
    return signed_in(me)


def test_any_string_may_be_searched_for_in_every_list(app, ask):
    """Turn by turn in each list's box; what each list asks the database is tried below with all of them."""
    lists = [view for view in screens(app) if view.search_words]
    assert len(lists) > 10
    for number, text in enumerate(strings()):
        view = lists[number % len(lists)]
        page = ask.get(f"{view.url}/", query_string={"search": text}, follow_redirects=True)
        clean(page)
        if page.request.path == f"{view.url}/":  # a telephone or an INN may lead to its client
            assert squeezed(text)[:200].strip() in Held(page.text).values["search"]


def test_any_list_may_be_asked_for_any_string(app, session):
    for view in screens(app):
        if view.search_words:
            for text in strings():
                if (meant := view.finds(squeezed(text)[:200])) is not None:
                    session.scalar(select(func.count()).select_from(view.model).where(meant))


def test_any_string_may_be_searched_for_in_everything(ask):
    for number, text in enumerate(strings()):
        if number % 3:
            answer = ask.get("/search", query_string={"q": text}, headers={"HX-Request": "true"})
            assert answer.status_code == 200
        else:
            clean(ask.get("/search", query_string={"q": text}, follow_redirects=True))


def test_any_string_may_be_looked_up(app, ask):
    pickers = [(view.url, picker.name) for view in screens(app) for picker in view.pickers]
    assert len(pickers) >= 4
    for number, text in enumerate(strings()):
        place, name = pickers[number % len(pickers)]
        answer = ask.get(f"{place}/ajax/lookup/", query_string={"name": name, "query": text})
        assert answer.status_code == 200
