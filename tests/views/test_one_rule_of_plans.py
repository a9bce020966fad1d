"""A contact is planned by its form, by the cell of a list and for many clients at once: by one rule."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models import Client, Interaction
from models.kinds import InteractionState
from tests.factories import a_client, a_user, an_interaction_kind
from tests.views.doors import token_of
from tests.views.forms import filled
from tests.views.test_bulk import started


def by_form(ask, client, kind, at):
    address = f"/interactions/new/?client={client.id}"
    return filled(ask, address, client=client.id, kind=kind.id, state="planned", happened_at=at)


def by_cell(ask, client, _kind, at):
    sent = {"csrf_token": token_of(ask), "value": at, "was": ""}
    return ask.post(f"/clients/cell/{client.id}/next_contact_at", data=sent)


def by_act(ask, client, kind, at):
    return started(ask, "plan", [client], target=kind, at=at)


@pytest.mark.parametrize(
    ("days", "whose", "is_planned"),
    [
        (1, {}, True),
        (0, {}, True),
        (-1, {}, False),
        (-9_000, {}, False),
        (1, {"archived": True}, False),
        (1, {"foreign": True}, True),
    ],
)
@pytest.mark.parametrize("door", [by_form, by_cell, by_act])
def test_what_may_be_planned_is_the_same_by_every_door(
    session, signed_in, noon, door, days, whose, is_planned
):
    me, kind = a_user(), an_interaction_kind()
    client = a_client(
        curator=a_user() if "foreign" in whose else me, archived_at=noon if "archived" in whose else None
    )

    answer = door(signed_in(me), client, kind, f"{noon + timedelta(days=days):%Y-%m-%dT13:00}")

    assert answer.status_code < 500
    planned = select(func.count()).where(Interaction.state == InteractionState.planned)
    assert session.scalar(planned) == is_planned
    next_contact_at = session.scalar(select(Client.next_contact_at).where(Client.id == client.id))
    assert (next_contact_at is not None) is is_planned
