"""Every list is sorted by any of its columns; what no index has in order, while the list is short."""

import re
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from models import Interaction
from models.kinds import Direction, InteractionState, Role
from tests import factories as make
from tests.views.doors import screens
from views.admin import sorting
from views.admin.interactions import InteractionView

SEVERAL_AT_ONCE = {"by_group"}  # a cell of several numbers, none of which comes first


def ids_on(page):
    return [int(id) for id in re.findall(r'<tr id="r(\d+)"', page.text)]


def test_whatever_is_shown_can_be_sorted_by(app, session, signed_in):
    ask = signed_in(make.a_user(Role.admin))
    with app.test_request_context():
        lists = [view for view in screens(app) if view.more_columns or view.endpoint == "curators"]
        assert len(lists) >= 4
        for view in lists:
            assert set(view.columns_on_offer()) - set(view.sorts) <= SEVERAL_AT_ONCE, view.endpoint
    for view in lists:
        for column in view.sorts:
            assert ask.get(f"{view.url}/?sort={column}&desc=1").status_code == 200, column


@pytest.fixture
def spoken(session):
    people = [make.a_user(name=name) for name in "БВА"]
    kinds = [make.an_interaction_kind(position=n) for n in (2, 1)]
    results = [make.a_result(position=n) for n in (3, 1)]
    clients = [make.a_client(name=name) for name in ("Яблоко", "арбуз")]
    persons = [make.a_contact_person(name=name, client=clients[0]) for name in ("Юля", "Анна")]
    for n in range(24):
        made = make.an_interaction(
            client=clients[n % 2], kind=kinds[n % 2], person=people[n % 3], result=[None, *results][n % 3],
            direction=list(Direction)[n % 2], minutes=[None, 5, 30][n % 3],
            request=["", "цена", "срок"][n % 3], reaction=["", "да"][n % 2], note=["", "я", "а"][n % 3],
            state=[InteractionState.held, InteractionState.cancelled][n % 2],
            cancel_reason=["", "заболел"][n % 2], happened_at=clock.now() - timedelta(hours=n),
        )  # fmt: skip
        made.contact_persons, made.participants = persons[: n % 3], people[: n % 2]
    session.commit()
    return session.scalars(select(Interaction)).all()


def _names(rows):
    return "; ".join(sorted(row.name for row in rows)) or None


KEYS = {
    "happened_at": lambda row: row.happened_at,
    "recorded_at": lambda row: row.recorded_at,
    "client": lambda row: (row.client.name_fold, row.client.id),
    "kind": lambda row: (row.kind.position, row.kind.name_ru),
    "result": lambda row: row.result and (row.result.position, row.result.name_ru),
    "person": lambda row: (row.person.name, row.person.id),
    "recorded_by": lambda row: (row.recorded_by.name, row.recorded_by.id),
    "state": lambda row: row.state.value,
    "direction": lambda row: row.direction.value,
    "minutes": lambda row: row.minutes,
    "contact_persons": lambda row: _names(row.contact_persons),
    "participants": lambda row: _names(row.participants),
    **{name: lambda row, name=name: getattr(row, name) or None
       for name in ("request", "reaction", "note", "cancel_reason")},
}  # fmt: skip


@pytest.mark.parametrize("desc", [False, True])
@pytest.mark.parametrize("sort", InteractionView.sorts)
def test_interactions_are_sorted_by_any_column(spoken, signed_in, sort, desc):
    key = KEYS[sort]
    known = sorted(
        (row for row in spoken if key(row) is not None), key=lambda row: (key(row), row.id), reverse=desc
    )
    empty = sorted((row for row in spoken if key(row) is None), key=lambda row: row.id, reverse=desc)
    page = signed_in(make.a_user()).get(f"/interactions/?sort={sort}{'&desc=1' if desc else ''}")
    assert ids_on(page) == [row.id for row in [*known, *empty]]


def test_a_list_that_is_too_long_for_a_sort_says_so_and_stays_as_it_is(spoken, signed_in, monkeypatch):
    ask = signed_in(make.a_user())
    usual = ids_on(ask.get("/interactions/"))
    monkeypatch.setattr(sorting, "SORTED", len(spoken) - 1)
    went = ask.get("/interactions/?sort=minutes&desc=1&direction=")
    assert went.status_code == 302
    page = ask.get(went.location)
    assert "narrow the list by a filter" in page.text
    assert ids_on(page) == usual
    indexed = ask.get("/interactions/?sort=happened_at")
    assert ids_on(indexed) == usual[::-1]
    narrowed = ask.get("/interactions/?sort=minutes&state=held")
    assert narrowed.status_code == 200


def test_a_file_of_too_long_a_list_is_in_its_usual_order(spoken, signed_in, monkeypatch):
    ask = signed_in(make.a_user(Role.head))
    usual = ask.get("/interactions/export/csv/").text
    assert ask.get("/interactions/export/csv/?sort=minutes").text != usual
    monkeypatch.setattr(sorting, "SORTED", len(spoken) - 1)
    assert ask.get("/interactions/export/csv/?sort=minutes").text == usual


def test_no_row_is_its_own_neighbour_though_time_goes_on(session, signed_in, app, noon, monkeypatch):
    """By silence a row stands elsewhere a minute later, while the page is being made."""
    rows = [make.a_client(name=name, last_contact_at=noon - timedelta(days=days), rhythm_days=30)
            for name, days in (("А", 9), ("Б", 5), ("В", 1))]  # fmt: skip
    session.commit()
    minutes = count()

    class Running:
        @staticmethod
        def now():
            return noon + timedelta(minutes=next(minutes))

    monkeypatch.setattr(sorting, "clock", Running)
    page = signed_in(make.a_user()).get(f"/clients/{rows[1].id}?url=/clients/%3Fsort%3Dsilence").text
    beside = re.findall(r'href="/clients/(\d+)\?url=[^"]*"[^>]*data-way', page) or re.findall(
        r'<a class="btn[^"]*" href="/clients/(\d+)\?url=', page
    )
    assert str(rows[1].id) not in beside
    assert beside
