"""Promises typed in the quick record, and the requests that a record answers."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.errors import DomainError
from crmadmin.services import record
from models import Promise
from models.kinds import InteractionState, PromiseSide
from tests.factories import a_contact_person, an_interaction
from tests.services.test_record import a_draft, kept

END_OF_THURSDAY = datetime(2026, 3, 5, 21, tzinfo=UTC) - timedelta(microseconds=1)


def promised(session):
    return session.scalars(select(Promise).order_by(Promise.id)).all()


def test_lines_with_a_sign_leave_the_texts_and_are_kept_as_promises(session, client, anna):
    there = a_contact_person(client=client)
    draft = a_draft(
        client,
        request="Просят скидку\n!! реквизиты завтра",
        reaction="! цены до четверга\nОтправил прайс",
        note="! позвонить в пятницу к 15:00",
        persons=[there],
    )
    row = kept(draft, anna)

    assert (row.request, row.reaction, row.note) == ("Просят скидку", "Отправил прайс", "")
    theirs, ours, call = promised(session)
    assert (theirs.side, theirs.text, theirs.contact_person) == (PromiseSide.theirs, "реквизиты", there)
    assert (ours.side, ours.text, ours.due_at, ours.whole_day) == (
        PromiseSide.ours, "цены", END_OF_THURSDAY, True,
    )  # fmt: skip
    assert (call.text, call.due_at, call.whole_day) == (
        "позвонить", datetime(2026, 3, 6, 12, tzinfo=UTC), False,
    )  # fmt: skip
    assert {each.interaction for each in promised(session)} == {row}
    assert {each.person for each in promised(session)} == {anna}


def test_a_promise_alone_is_something_said(session, client, anna):
    kept(a_draft(client, request="! цены до четверга"), anna)

    assert [each.text for each in promised(session)] == ["цены"]


def test_without_a_day_it_is_due_with_the_next_contact(session, client, anna):
    next_at = datetime(2026, 3, 9, 7, tzinfo=UTC)
    kept(a_draft(client, reaction="! цены", no_next_reason="", next_at=next_at), anna)
    (plan,) = [row for row in session.scalars(select(record.Interaction)) if row.state == "planned"]
    kept(a_draft(client, reaction="! скидка", no_next_reason="", keeps_next=True), anna)

    assert plan.happened_at == next_at
    assert {each.due_at for each in promised(session)} == {
        datetime(2026, 3, 9, 21, tzinfo=UTC) - timedelta(microseconds=1)
    }
    for line in ("! счёт 32.13.2026", "! счёт до 31 февраля", "! счёт 30.02.26"):  # no calendar has that day
        with pytest.raises(DomainError, match="Until when"):
            kept(a_draft(client, reaction=line, no_next_reason="", keeps_next=True), anna)
        session.rollback()
    kept(a_draft(client, reaction="! счёт от 12.02.2026", no_next_reason="", keeps_next=True), anna)
    assert promised(session)[-1].text == "счёт от 12.02.2026"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [("! цены", "Until when"), ("! до четверга", "Say what is promised"), ("!", "Say what is promised"),
     ("! цены 01.01.2026", "past"), ("! цены сегодня в 10:00", "past")],
)  # fmt: skip
def test_what_cannot_be_kept_is_told_at_the_field_it_was_typed_in(session, client, anna, line, sentence):
    with pytest.raises(DomainError, match=sentence) as refusal:
        kept(a_draft(client, reaction=line), anna)

    assert {each.field for each in refusal.value.parts} == {"reaction"}
    session.rollback()
    assert promised(session) == []


def test_a_record_answers_requests_and_called_off_it_answered_none(session, client, anna):
    asked = an_interaction(client=client, person=anna, request="Пришлите акт", reaction="")
    row = kept(a_draft(client, answers=[asked]), anna)

    assert (asked.answered_at, asked.answer_id) == (clock.now(), row.id)
    with pytest.raises(DomainError, match="answered already"):
        kept(a_draft(client, answers=[asked]), anna)

    row.state, row.cancel_reason = InteractionState.cancelled, "ошибка"
    session.commit()
    assert (asked.answered_at, asked.answer_id) == (None, None)


def test_a_request_of_another_client_is_not_answered(client, anna):
    strangers = an_interaction(request="Пришлите акт", reaction="")

    with pytest.raises(DomainError, match="another client's"):
        kept(a_draft(client, answers=[strangers]), anna)
