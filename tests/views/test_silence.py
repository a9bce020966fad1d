"""The silence radar: the clients that a plain reader finds, and none is forgotten."""

import re
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from models import Client
from models.kinds import InteractionState, Role
from tests import factories as make
from views.pages.silence import DOTS, ROWS

DAY = timedelta(days=1)


def shown(page):
    return [int(id) for id in re.findall(r'id="silent-(\d+)"', page.text)]


def silence_of(client, at):
    rhythm = client.rhythm_days or client.group.rhythm_days
    since = client.last_contact_at or client.created_at
    return (at - since) / DAY / rhythm if rhythm and client.archived_at is None else 0


@pytest.fixture
def people(session):
    return [make.a_user(name=name) for name in ("Анна", "Борис")]


@pytest.fixture
def clients(session, people, noon):
    """Of every kind: with and without a contact, a plan, a rhythm of their own, a curator; some put away."""
    chance = Random(5)
    groups = [make.a_client_group(rhythm_days=days, position=n) for n, days in enumerate((7, 30, None))]
    regions = [make.a_region(), None]
    for n in range(60):
        make.a_client(
            group=groups[n % 3],
            curator=[None, *people][n % 3 if n % 4 else 1],
            region=regions[n % 2],
            rhythm_days=[None, None, None, 14][n % 4],
            created_at=noon - 200 * DAY + n * timedelta(hours=7),
            last_contact_at=noon - timedelta(hours=chance.randrange(24 * 90)) if n % 5 else None,
            next_contact_at=noon + (n - 30) * DAY if n % 2 else None,
            archived_at=noon if n % 11 == 0 else None,
        )
    return session.scalars(select(Client).order_by(Client.id)).all()


def by_trouble(rows, at):
    silent = [row for row in rows if silence_of(row, at) > 1]
    order = sorted(silent, key=lambda row: (row.next_contact_at is not None, -silence_of(row, at), row.id))
    return [row.id for row in order]


def test_the_silent_are_sorted_by_trouble_as_a_plain_reader_sorts_them(clients, signed_in, noon):
    expected = by_trouble(clients, noon)
    ask = signed_in(make.a_user(Role.head))
    assert len(expected) > ROWS
    assert shown(ask.get("/silence/")) == expected[:ROWS]


def test_it_is_narrowed_by_curator_group_and_region(clients, signed_in, noon, people):
    ways = {
        f"curator={people[0].id}": lambda row: row.curator_id == people[0].id,
        "curator=none": lambda row: row.curator_id is None,
        f"group={clients[0].group_id}": lambda row: row.group_id == clients[0].group_id,
        f"region={clients[0].region_id}": lambda row: row.region_id == clients[0].region_id,
        "curator=x&group=99999999999": lambda row: True,
    }
    expected = {
        address: by_trouble([row for row in clients if fits(row)], noon) for address, fits in ways.items()
    }
    ask = signed_in(make.a_user())
    for address, ids in expected.items():
        assert shown(ask.get(f"/silence/?{address}")) == ids[:ROWS], address


def test_every_silent_client_is_a_point_that_leads_to_its_card(clients, signed_in, noon):
    expected = set(by_trouble(clients, noon))
    page = signed_in(make.a_user()).get("/silence/")
    picture = re.search(r"<svg class=\"radar-picture\".*?</svg>", page.text, re.DOTALL)[0]
    cards = {int(id) for id in re.findall(r'<a href="/clients/(\d+)"', picture)}
    assert cards == expected


def test_a_picture_of_some_says_so_and_which(session, signed_in, noon, people):
    group = make.a_client_group(rhythm_days=7)
    ask = signed_in(people[0])
    for n in range(DOTS):
        make.a_client(group=group, last_contact_at=noon - 8 * DAY - timedelta(minutes=n))
    said = f"these are the {DOTS} that stand first in the list"
    assert said not in ask.get("/silence/").text
    make.a_client(group=group, last_contact_at=noon - 8 * DAY)
    page = ask.get("/silence/")
    assert said in page.text
    assert len(re.findall("<circle class=.radar-dot", page.text)) == DOTS


def test_the_head_sees_how_many_are_silent_at_each_curator(clients, signed_in, noon, people):
    expected = {}
    for person in people:
        his = [row for row in clients if row.curator_id == person.id and row.archived_at is None]
        expected[person.id] = (len(by_trouble(his, noon)), len(his))
    page = signed_in(make.a_user(Role.head)).get("/silence/")
    told = re.findall(r'curator=(\d+)">[^<]*</a> <span>(\d+) of (\d+)</span>', page.text)
    assert {int(id): (int(silent), int(all_of_his)) for id, silent, all_of_his in told} == expected
    order = sorted((silent for silent, _all in expected.values()), reverse=True)
    assert [int(silent) for _id, silent, _all in told] == order
    assert all(silent for silent, _all in expected.values())


def test_pages_tell_all_once(session, signed_in, noon, people):
    group = make.a_client_group(rhythm_days=7)
    for n in range(120):
        make.a_client(group=group, last_contact_at=noon - 8 * DAY - timedelta(minutes=n // 3))
    expected = by_trouble(session.scalars(select(Client)).all(), noon)
    ask = signed_in(people[0])
    found = [id for page in range(6) for id in shown(ask.get(f"/silence/?page={page}"))]
    assert found == expected


def test_a_plan_a_cancelled_record_or_a_mailing_is_no_contact(session, signed_in, noon):
    silent = make.a_client(group=make.a_client_group(rhythm_days=10), created_at=noon - 30 * DAY)
    mailing = make.an_interaction_kind(contact=False)
    make.an_interaction(client=silent, kind=mailing, happened_at=noon - DAY)
    make.an_interaction(client=silent, happened_at=noon - DAY, state=InteractionState.cancelled,
                        cancel_reason="x")  # fmt: skip
    ask = signed_in(make.a_user())
    assert shown(ask.get("/silence/")) == [silent.id]
    make.an_interaction(client=silent, happened_at=noon - DAY)
    assert shown(ask.get("/silence/")) == []


def test_the_radar_costs_the_same_for_two_and_for_two_hundred(session, signed_in, queries, noon):
    viewer, costs = make.a_user(Role.head), []
    ask, group = signed_in(viewer), make.a_client_group(rhythm_days=5)
    for more in (2, 200):
        for n in range(more):
            make.a_client(group=group, curator=viewer, last_contact_at=noon - (9 + n) * DAY)
        with queries().counting() as seen:
            ask.get("/silence/")
        costs.append(len(seen))
    assert costs[0] == costs[1]
    assert costs[1] <= 20
