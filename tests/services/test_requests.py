"""Requests: open until somebody reacts, answers in another record, or says why no answer is needed."""

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.queries import requests as asked
from crmadmin.queries.visibility import request_answerable_by
from crmadmin.services import requests
from models import Interaction, JournalEntry
from models.kinds import InteractionState, Role
from tests import factories as make


@pytest.fixture
def request_(anna):
    client = make.a_client(curator=anna)
    return make.an_interaction(client=client, person=make.a_user(), request="Пришлите акт", reaction="")


def unanswered(session):
    return session.scalars(select(Interaction).where(asked.is_unanswered)).all()


def test_what_was_held_with_a_request_and_no_reaction_is_open(session, request_):
    make.an_interaction(request="Пришлите акт", reaction="Отправили")
    make.an_interaction(request="", reaction="")
    make.an_interaction(request="Спросить", reaction="", state=InteractionState.planned)

    assert unanswered(session) == [request_]
    assert requests.is_open(request_)


def test_a_reaction_answers_it(session, request_):
    request_.reaction = "Отправили"
    session.commit()

    assert unanswered(session) == []
    assert not requests.is_open(request_)


def test_no_answer_is_needed_because(session, request_, anna):
    with transaction(by=anna):
        requests.waive(request_, reason=" нашли сами ", by=anna)

    assert (request_.no_answer_reason, request_.answered_at) == ("нашли сами", clock.now())
    assert unanswered(session) == []
    (entry,) = session.scalars(
        select(JournalEntry).where(JournalEntry.kind == "request_needs_none")
    ).all()  # fmt: skip
    assert entry.data["no_answer_reason"] == ["", "нашли сами"]
    with pytest.raises(DomainError, match="answered already"):
        requests.waive(request_, reason="ещё раз", by=anna)


@pytest.mark.parametrize(("reason", "why"), [(" ", "Say why"), ("x" * 501, "500 signs")])
def test_it_takes_a_reason_of_a_sensible_length(request_, anna, reason, why):
    with pytest.raises(DomainError, match=why) as refusal:
        requests.waive(request_, reason=reason, by=anna)
    assert refusal.value.field == "reason"


def test_who_says_so_says_one_rule_twice(session, request_, anna):
    away = make.a_user()
    make.a_substitution(substitute=away, absence=make.an_absence(person=anna))
    people = [anna, away, request_.person, make.a_user(Role.head), make.a_user(), make.a_user(Role.colleague)]

    said = [requests.may_waive(request_, each) for each in people]

    rows = [
        session.scalars(select(Interaction.id).where(request_answerable_by(each))).all() for each in people
    ]
    assert said == [request_.id in found for found in rows] == [True, True, True, True, False, False]
    with pytest.raises(NotAllowed):
        requests.waive(request_, reason="не моё", by=people[4])
