"""Loading the invented company: the same each time, in either language, and into an empty base only."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from crmadmin.core import clock
from crmadmin.core.errors import DomainError
from crmadmin.queries.absences import in_force
from crmadmin.queries.contacts import is_silent
from models import Absence, Client, ContactPerson, HandoverOffer, Interaction
from seeds import demo
from tests.factories import a_client

SCALE = 0.04


def texts(session):
    for row in session.scalars(select(Interaction).order_by(Interaction.id)):
        yield from (row.client.name, row.request, row.reaction, row.note, row.cancel_reason)
        yield f"{row.happened_at} {row.recorded_at}"
    for row in session.scalars(select(Client).order_by(Client.id)):
        yield from (row.name, row.legal_name, row.address, row.remember)
    for row in session.scalars(select(ContactPerson).order_by(ContactPerson.id)):
        yield from (row.name, row.job_title, row.remember)


def test_the_same_day_gives_the_same_company(session):
    seen = []
    for _ in range(2):
        trial = session.begin_nested()
        demo.load(session, scale=SCALE)
        seen.append(hashlib.sha256("|".join(texts(session)).encode()).hexdigest())
        trial.rollback()
        session.expunge_all()

    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    "now",
    ["2026-03-07T20:59", "2026-12-31T21:30", "2027-01-01T09:00"],
    ids=["saturday night", "new year's eve, past midnight", "new year"],
)
def test_on_whichever_day_it_is_made_there_is_all_that_is_shown_of_it(session, now):
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    with clock.stopped_at(moment):
        demo.load(session, scale=2.5 * SCALE)  # of fewer none is silent: the rules archive them
        session.flush()
        state, at = Interaction.state, Interaction.happened_at
        assert session.scalar(select(func.count(Absence.id)).where(in_force(moment))) == 1
        assert (
            session.scalar(select(func.count(HandoverOffer.id)).where(HandoverOffer.decided_at.is_(None)))
            == 1
        )
        assert session.scalar(select(func.count(Client.id)).where(is_silent(moment)))
        assert session.scalar(select(func.count(Interaction.id)).where(state == "planned", at > moment))
        assert not session.scalar(select(func.count(Interaction.id)).where(state == "held", at > moment))
        assert session.scalars(select(Client.name).where(Client.name.contains("Заря"))).all()


def test_in_english_no_russian_is_written(session):
    demo.load(session, "en", scale=SCALE)

    assert not [text for text in texts(session) if re.search(r"[а-яё{}|*]|\.\.|  |None", text, re.IGNORECASE)]
    assert session.scalar(select(func.min(Interaction.happened_at))) < clock.now() - timedelta(days=1000)


def test_a_base_with_clients_is_left_alone(session):
    a_client()

    with pytest.raises(DomainError, match="empty base"):
        demo.load(session, scale=SCALE)

    assert session.scalar(select(func.count(Client.id))) == 1


def test_the_command_refuses_with_a_sentence(app, session):
    a_client()

    answer = app.test_cli_runner().invoke(args=["seed", "demo"])

    assert answer.exit_code == 1
    assert "empty" in answer.output or "пуст" in answer.output
