"""Reasons to talk: the head asks about a silence, the curator answers; a contact or a waiver ends it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import JournalEntry, Notice, SilenceTalk
from models.kinds import InteractionState, NoticeKind, Role
from tests import factories as make
from tests.support import csrf_of

DAY = timedelta(days=1)


@pytest.fixture
def people(session):
    return [make.a_user(name=name) for name in ("Анна", "Борис")]


@pytest.fixture
def silent(session, people, noon):
    group = make.a_client_group(rhythm_days=10)
    return make.a_client(name="Ромашка", group=group, curator=people[0], created_at=noon - 50 * DAY)


def since(client):
    return {"since": client.created_at.isoformat()}


def send(ask, address, **data):
    return ask.post(address, data={"csrf_token": csrf_of(ask.get(address)), **data})


def talk_of(session, client):
    session.expire_all()
    return session.scalars(select(SilenceTalk).where(SilenceTalk.client_id == client.id)).one()


def test_the_head_asks_the_curator_is_told_answers_with_a_day_and_a_contact_ends_it(
    session, signed_in, silent, people, noon
):
    head = make.a_user(Role.head)
    sent = send(signed_in(head), f"/silence/ask/{silent.id}", question="Что случилось?")
    assert sent.status_code == 302
    talk = talk_of(session, silent)
    assert talk.facts["days"] == 50
    told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.silence_asked)).one()
    assert told.person_id == people[0].id

    curator = signed_in(people[0])
    assert f'href="/silence/talks/{talk.id}"' in curator.get("/").text
    sent = send(curator, f"/silence/talks/{talk.id}", act="answer", answer="В отпуске", act_on="2026-03-05")
    assert sent.status_code == 302
    assert talk_of(session, silent).answer == "В отпуске"

    made = make.an_interaction(client=silent, person=people[0], happened_at=noon)
    session.commit()
    talk = talk_of(session, silent)
    assert talk.interaction_id == made.id
    assert talk.closed_at is not None
    kinds = session.scalars(
        select(JournalEntry.kind).where(JournalEntry.subject == "silence_talk").order_by(JournalEntry.number)
    ).all()
    assert kinds == ["silence_asked", "silence_answered", "silence_ended"]


def test_a_contact_that_is_withdrawn_opens_the_question_again(session, silent, people, noon):
    talk = make.a_silence_talk(
        client=silent, person=people[0], facts={"since": (noon - 50 * DAY).isoformat()}
    )
    made = make.an_interaction(client=silent, happened_at=noon)
    session.commit()
    assert talk_of(session, silent).closed_at is not None
    made.state, made.cancel_reason = InteractionState.cancelled, "не было"
    session.commit()
    assert talk_of(session, silent).closed_at is None
    assert talk.interaction_id is None


@pytest.mark.parametrize("what", ["plan", "mailing", "older"])
def test_nothing_but_a_contact_ends_it(session, silent, people, noon, what):
    make.a_silence_talk(client=silent, person=people[0], facts=since(silent))
    more = {
        "plan": {"state": InteractionState.planned, "planned_for": noon, "happened_at": noon + DAY},
        "mailing": {"kind": make.an_interaction_kind(contact=False), "happened_at": noon},
        "older": {"happened_at": noon - 60 * DAY},
    }[what]
    make.an_interaction(client=silent, **more)
    session.commit()
    assert talk_of(session, silent).closed_at is None


def test_the_head_lets_a_silence_be_with_a_reason(session, signed_in, silent, people):
    talk = make.a_silence_talk(client=silent, person=people[0])
    ask = signed_in(make.a_user(Role.head))
    refused = send(ask, f"/silence/talks/{talk.id}", act="waive", waiver="  ")
    assert refused.status_code == 422
    assert send(ask, f"/silence/talks/{talk.id}", act="waive", waiver="Сезон").status_code == 302
    assert talk_of(session, silent).waiver == "Сезон"
    again = send(ask, f"/silence/talks/{talk.id}", act="waive", waiver="Ещё")
    assert again.status_code in {400, 422}
    assert talk_of(session, silent).waiver == "Сезон"


def test_one_question_at_a_time_and_none_about_a_client_without_a_curator(session, signed_in, silent, people):
    ask = signed_in(make.a_user(Role.head))
    address = f"/silence/ask/{silent.id}"
    token = csrf_of(ask.get(address))
    for _twice in range(2):
        ask.post(address, data={"csrf_token": token, "question": "Почему?"})
    assert len(session.scalars(select(SilenceTalk)).all()) == 1
    nobodys = make.a_client(curator=None)
    refused = send(ask, f"/silence/ask/{nobodys.id}", question="Почему?")
    assert refused.status_code == 422
    assert "Почему?" in refused.text


@pytest.mark.parametrize("role", [Role.manager, Role.colleague])
def test_who_is_no_head_neither_asks_nor_lets_be(session, signed_in, silent, people, role):
    talk = make.a_silence_talk(client=silent, person=people[0])
    ask = signed_in(make.a_user(role))
    token = csrf_of(ask.get("/silence/"))
    assert ask.post(f"/silence/ask/{silent.id}", data={"csrf_token": token}).status_code == 403
    data = {"csrf_token": token, "act": "waive", "waiver": "x"}
    assert ask.post(f"/silence/talks/{talk.id}", data=data).status_code == 403
    data = {"csrf_token": token, "act": "answer", "answer": "x", "act_on": "2026-03-05"}
    assert ask.post(f"/silence/talks/{talk.id}", data=data).status_code == 403
    assert talk_of(session, silent).closed_at is None


def test_whoever_acts_for_the_curator_answers(session, signed_in, silent, people):
    talk = make.a_silence_talk(client=silent, person=people[0])
    make.a_substitution(person=people[0], substitute=people[1])
    data = {"act": "answer", "answer": "Замещаю", "act_on": "2026-03-05"}
    assert send(signed_in(people[1]), f"/silence/talks/{talk.id}", **data).status_code == 302
    assert talk_of(session, silent).answered_by_id == people[1].id


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"answer": "", "act_on": "2026-03-05"}, "answer"),
        ({"answer": "В отпуске", "act_on": ""}, "act_on"),
        ({"answer": "В отпуске", "act_on": "вчера"}, "act_on"),
        ({"answer": "В отпуске", "act_on": "2026-03-01"}, "act_on"),
        ({"answer": "В отпуске", "act_on": "2036-03-01"}, "act_on"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_kept(session, signed_in, silent, people, typed, field):
    talk = make.a_silence_talk(client=silent, person=people[0])
    page = send(signed_in(people[0]), f"/silence/talks/{talk.id}", act="answer", **typed)
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert typed["answer"] in page.text
    assert talk_of(session, silent).answered_at is None


def test_nobody_finds_a_question_that_is_not_there(signed_in, session):
    ask = signed_in(make.a_user(Role.head))
    for address in ("/silence/talks/999", "/silence/talks/99999999999", "/silence/ask/999"):
        assert ask.get(address).status_code == 404


def test_a_page_that_stood_open_too_long_keeps_what_was_typed(session, signed_in, silent, people):
    talk = make.a_silence_talk(client=silent, person=people[0])
    data = {"csrf_token": "stale", "act": "answer", "answer": "Долго писал", "act_on": "2026-03-05"}
    page = signed_in(people[0]).post(f"/silence/talks/{talk.id}", data=data)
    assert page.status_code == 422
    assert "Долго писал" in page.text
    assert talk_of(session, silent).answered_at is None


@pytest.mark.parametrize("address", ["/silence/", "/silence/talks", "/"])
def test_what_is_asked_costs_the_same_however_much_it_is(session, signed_in, queries, people, noon, address):
    head, costs = make.a_user(Role.head), []
    ask = signed_in(people[0] if address == "/" else head)
    for more in (2, 40):
        for n in range(more):
            client = make.a_client(curator=people[0])
            closed = {"closed_at": noon, "closed_by": head, "waiver": "Сезон"} if n % 2 else {}
            make.a_silence_talk(client=client, person=people[0], opened_by=head, **closed)
        with queries().counting() as seen:
            assert "/silence/talks/" in ask.get(address).text
        costs.append(len(seen))
    assert costs[0] == costs[1]
