"""The draft of a report reads whole what it shows, and of the rest only that it is there."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import event

from crmadmin.core.db import db
from crmadmin.reports import dispute_lines
from crmadmin.reports.dispute import Audience, Order, tells_too_much
from crmadmin.services import dispute
from models.kinds import InteractionState
from tests import factories as make
from tests.conftest import NOON

ALL = 10_000


@pytest.fixture
def told(session):
    """Records written down in another order than they happened in, corrected later, some of them internal."""
    chance, client = Random(7), make.a_client(curator=make.a_user())
    kinds = [make.an_interaction_kind(internal=internal) for internal in (False, False, True)]
    rows = [
        make.an_interaction(
            client=client, kind=chance.choice(kinds), request=f"Просьба {n}",
            happened_at=NOON - timedelta(hours=chance.randrange(1, 300)),
            state=InteractionState.held,
        )
        for n in range(24)
    ]  # fmt: skip
    for row in chance.sample(rows, 9):
        row.reaction = "Исправлено"
        session.commit()
    client.city = "Пермь"
    session.commit()
    return client


def said(client, audience, most):
    draft = dispute.draft(client, Order(audience, dispute.seen_upto(client)), most)
    return draft, dispute_lines.lines(draft, most)


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("most", [1, 5, 20])
def test_its_first_lines_say_what_they_say_in_the_whole(told, audience, most):
    whole, lines = said(told, audience, ALL)
    part, first = said(told, audience, most)

    assert len(lines) > most
    assert first == lines[:most]
    assert dispute_lines.total(part) == dispute_lines.total(whole)
    assert tells_too_much(part) == tells_too_much(whole)


def test_what_it_does_not_show_is_not_read(told):
    read = []

    def note(_connection, _cursor, statement, *_rest):
        if "journal_entry.data" in statement:
            read.append(statement)

    event.listen(db.get_bind(), "before_cursor_execute", note)
    try:
        draft, _lines = said(told, Audience.internal, 2)
    finally:
        event.remove(db.get_bind(), "before_cursor_execute", note)
    assert len(read) == 1
    whole = [each for each in draft["entries"] if each.get("fields")]
    assert 2 <= len(whole) < 8
