"""Every list, filter and value: what the page shows is what plain Python finds among the same rows."""

import re
from datetime import timedelta
from random import Random
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crmadmin.services.contacts import set_emails, set_telephones
from models import Client, Region, User
from models.kinds import ClientKind, Direction, InteractionState, Role
from tests import factories as make
from tests.views.doors import screens
from tests.views.plain import LISTS
from views.admin.filters import ANY, NONE, Filter

DAYS = ("yesterday", "today", "tomorrow", "last_week", "this_week", "next_week", "last_month", "this_month",
        "next_month", "last_1", "last_7", "last_30", "next_7", "next_30", "older_than_1", "older_than_30",
        "older_than_45")  # fmt: skip


class Chance(Random):
    def maybe(self, made):
        return self.choice([None, *made])

    def moment(self, noon, days=60):
        return noon - timedelta(minutes=self.randrange(days * 1440))


def some_clients(chance, people, noon):
    groups = [make.a_client_group(rhythm_days=days) for days in (7, 30, None)]
    country = make.a_region()
    regions = [country, make.a_region(parent=country), make.a_region()]
    industries, channels = [make.an_industry()], [make.a_channel()]
    tags = [make.a_tag(), make.a_tag()]
    return [
        make.a_client(
            group=chance.choice(groups), curator=chance.maybe(people), region=chance.maybe(regions),
            industry=chance.maybe(industries), channel=chance.maybe(channels),
            kind=chance.choice(list(ClientKind)), rhythm_days=chance.maybe([5, 40]),
            inn=chance.maybe([f"77070838{n:02}"]) or "", created_at=chance.moment(noon),
            archived_at=chance.maybe([None, noon]), tags=chance.sample(tags, chance.randrange(3)),
        )
        for n in range(36)
    ]  # fmt: skip


def some_interactions(chance, people, clients, noon):
    kinds = [make.an_interaction_kind(contact=n > 0) for n in range(3)]
    results = [make.a_result(), make.a_result()]
    for _ in range(60):
        state = chance.choice(list(InteractionState))
        planned = state is InteractionState.planned
        when = chance.moment(noon, 80) + timedelta(days=20) if planned else chance.moment(noon)
        make.an_interaction(
            client=chance.choice(clients), kind=chance.choice(kinds), person=chance.choice(people),
            state=state, happened_at=when, recorded_at=chance.moment(noon),
            recorded_by=chance.choice(people),
            direction=chance.choice(list(Direction)),
            result=chance.maybe(results), minutes=chance.maybe([5]),
            cancel_reason="no" if state is InteractionState.cancelled else "",
        )  # fmt: skip


def some_persons(chance, clients, noon):
    for _ in range(24):
        birthday = chance.maybe([noon.date() - timedelta(days=9_000)])
        at = chance.moment(noon)
        person = make.a_contact_person(client=chance.choice(clients), birthday=birthday, created_at=at)
        set_telephones(person, chance.maybe(["8 916 123-45-67"]) or "")
        set_emails(person, chance.maybe(["a@b.ru"]) or "")


@pytest.fixture
def rows(app, session, noon):
    """One set of rows, of which a filter may find none, some or all; each moment within two months of now."""
    chance = Chance(7)
    people = [make.a_user(chance.choice(list(Role)), active=n != 3) for n in range(6)]
    clients = some_clients(chance, people, noon)
    some_interactions(chance, people, clients, noon)
    some_persons(chance, clients, noon)
    session.commit()
    return {place: _all(session, model) for place, (model, _means) in LISTS.items()}


def _all(session, model):
    """With all they point at: a request forgets the session they came from."""
    found = session.scalars(select(model)).all()
    for region in session.scalars(select(Region)):
        assert region.parent is not region
    for row in found:
        for name in dict(row.__mapper__.relationships):
            getattr(row, name)
    if model is User:
        clients = session.scalars(select(Client)).all()
        for user in found:
            user.its_clients = [client for client in clients if client.curator_id == user.id]
    return found


def may_be_listed(place, row, said):
    """What a list leaves out unless it is looked for."""
    if place == "clients":
        return "archived" in said or not row.archived
    if place == "interactions":
        return "state" in said or row.state is not InteractionState.planned
    if place == "curators":
        curates = row.active and row.role in {Role.manager, Role.head, Role.admin}
        return curates or any(not client.archived for client in row.its_clients)
    return True


def wanted(place, rows, said):
    means = LISTS[place][1]
    return {
        row.id
        for row in rows[place]
        if may_be_listed(place, row, said)
        and all(any(means[arg](row, text) for text in texts) for arg, texts in said.items())
    }


def shown(ask, place, said):
    page = ask.get(f"/{place}/?page_size=200&{urlencode(said, doseq=True)}")
    assert page.status_code == 200, said
    return {int(id) for id in re.findall(r'<tr id="r(\d+)"', page.text)}


def values_of(each: Filter, place, rows, viewer):
    """What the filter offers, and what it takes without offering it."""
    if each.kind == "yesno":
        return ["0", "1"]
    if each.kind == "number":
        return ["1", "30", "3650"]
    if each.kind == "date":
        return ["2026-01-20", "2026-03-02", "1999-01-01"]
    texts = [str(value) for value, _label in each.options(viewer)]
    texts += [str(row.client_id) for row in rows[place][:3]] if each.kind == "lookup" else []
    return [*texts, *(DAYS if "today" in texts else ())]


@pytest.fixture
def filters(app, rows, signed_in):
    """Each list's filters with the values to try, and a browser of somebody who sees all."""
    viewer = rows["curators"][0]
    found = {}
    with app.test_request_context():
        for view in screens(app):
            place = view.url.strip("/")
            if place in LISTS:
                found[place] = {each.arg: values_of(each, place, rows, viewer) for each in view.filters}
    boss = make.a_user(Role.colleague)
    return found, signed_in(boss)


def test_each_filter_of_each_list_is_told_in_plain_python(filters):
    found, _ask = filters
    assert {place: set(args) for place, args in found.items()} == {
        place: set(means) for place, (_model, means) in LISTS.items()
    }


@pytest.mark.parametrize("place", LISTS)
def test_each_value_alone_finds_exactly_its_rows(filters, rows, place):
    found, ask = filters
    several = 0
    for arg, texts in found[place].items():
        for text in dict.fromkeys(texts):
            said = {arg: [text]}
            expected = wanted(place, rows, said)
            assert shown(ask, place, said) == expected, said
            several += 0 < len(expected) < len(rows[place])
    assert several >= min(4, len(found[place]))


@pytest.mark.parametrize("place", LISTS)
def test_several_values_are_any_and_several_filters_are_all(app, filters, rows, place):
    """Any values of any filters together, in an address as people may write it."""
    found, ask = filters
    several = {
        each.arg
        for view in screens(app)
        if view.url.strip("/") == place
        for each in view.filters
        if each.several
    }
    one_filter = st.sampled_from(sorted(arg for arg in found[place] if found[place][arg])).flatmap(
        lambda arg: st.tuples(
            st.just(arg),
            st.lists(
                st.sampled_from(found[place][arg]),
                min_size=1,
                max_size=3 if arg in several else 1,
                unique=True,
            ),
        )
    )

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.lists(one_filter, min_size=1, max_size=3, unique_by=lambda pair: pair[0]))
    def compare(said):
        assert shown(ask, place, dict(said)) == wanted(place, rows, dict(said)), said

    compare()


def test_what_may_be_empty_can_be_asked_for(app):
    """Whoever adds a filter of a column that may be empty gets both words."""
    for view in screens(app):
        for each in view.filters:
            if each.empty is not None:
                assert each.accepted([NONE, ANY, "x"]) == (NONE, ANY), (view.url, each.arg)


def test_nonsense_beside_a_value_is_left_out(filters, rows):
    _found, ask = filters
    group = rows["clients"][0].group_id
    said = {
        "group": [str(group), "x", "-1", "99999999999", str(group)],
        "next_contact": ["soon"],
        "silent_days": ["0"],
    }
    assert shown(ask, "clients", said) == wanted("clients", rows, {"group": [str(group)]})
