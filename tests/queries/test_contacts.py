from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.queries.contacts import is_silent, silence, silent_days
from models import Client
from tests.factories import a_client, a_client_group, an_interaction, an_interaction_kind
from views import cells


@pytest.mark.parametrize(("days", "silent"), [(13, False), (14, False), (15, True)])
def test_a_client_is_silent_past_its_groups_rhythm(session, noon, days, silent):
    client = a_client(group=a_client_group(rhythm_days=14), created_at=noon - timedelta(days=400))
    an_interaction(client=client, happened_at=noon - timedelta(days=days))

    found = session.execute(select(silence(noon), is_silent(noon)).where(Client.id == client.id)).one()
    assert found[0] == pytest.approx(days / 14, abs=1e-4)
    assert bool(found[1]) is silent


def test_its_own_rhythm_comes_first(session, noon):
    client = a_client(rhythm_days=100, created_at=noon - timedelta(days=50))
    assert session.scalar(select(silence(noon)).where(Client.id == client.id)) == pytest.approx(0.5, abs=1e-4)


def test_without_a_rhythm_nobody_is_silent(session, noon):
    client = a_client(group=a_client_group(rhythm_days=None), created_at=noon - timedelta(days=999))
    assert session.scalar(select(silence(noon)).where(Client.id == client.id)) is None
    assert session.scalars(select(Client.id).where(is_silent(noon), Client.id == client.id)).all() == []


def test_a_mailing_and_a_plan_break_no_silence(session, noon):
    client = a_client(created_at=noon - timedelta(days=90))
    an_interaction(client=client, kind=an_interaction_kind(contact=False))
    an_interaction(client=client, state="planned")

    assert session.scalar(select(silence(noon)).where(Client.id == client.id)) == pytest.approx(3, abs=1e-4)


@pytest.mark.parametrize(
    ("ago", "days"),
    [
        (timedelta(minutes=-2), 0),
        (timedelta(), 0),
        (timedelta(hours=23, minutes=59, seconds=59), 0),
        (timedelta(days=1), 1),
        (timedelta(days=30, hours=12), 30),
    ],
)
def test_a_file_and_a_list_count_the_same_whole_days(session, noon, ago, days):
    client = a_client(created_at=noon - timedelta(days=90))
    an_interaction(client=client, happened_at=noon - ago)

    found, ratio = session.execute(
        select(silent_days(noon), silence(noon)).where(Client.id == client.id)
    ).one()

    assert found == cells.silent_days(client) == days
    assert str(round(ratio, 2)) == str(round(max(ago, timedelta()) / timedelta(days=30), 2))
