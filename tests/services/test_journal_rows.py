"""What an SQL console can do to rows beside a journal that holds, and that it is seen."""

import pytest
from sqlalchemy import select, text

from crmadmin.core.db import act_as
from crmadmin.services import comments, contacts, journal_check, journal_rows, record
from models import JournalEntry
from models.kinds import BulkKind, Role
from tests import factories as make
from tests.factories import a_client, a_comment, a_contact_person, a_user, an_interaction, an_interaction_kind
from tests.services.bulking import act_of, done, of


def said(session, chain=None):
    session.expire_all()
    assert list(journal_check.faults(session, chain=chain)) == [], "the journal itself holds"
    return [str(fault) for fault in journal_rows.faults(session, None if chain is None else [chain])]


@pytest.fixture
def by(session):
    """Whoever does all of it: an entry of the journal is his."""
    by = a_user(Role.head)
    act_as(by)
    return by


@pytest.fixture
def client(session, by):
    return a_client(curator=a_user())


@pytest.fixture
def row(session, client):
    row = an_interaction(client=client, request="Цены", contact_persons=[a_contact_person(client=client)])
    row.reaction = "Отправила прайс"
    session.commit()
    return row


@pytest.mark.parametrize(
    "change",
    [
        "request = 'Скидка'",
        "reaction = ''",
        "note = 'Торгуется'",
        "person_id = (SELECT max(id) FROM app_user)",
        "happened_at = '2026-01-01 00:00:00+00:00'",
        "recorded_at = '2026-01-01 00:00:00+00:00'",
        "minutes = 500",
        "state = 'cancelled', cancel_reason = 'x'",
    ],
)
def test_a_rewritten_record_is_named_with_its_client(session, client, row, change):
    a_user()
    assert said(session) == said(session, client.id) == []
    session.execute(text(f"UPDATE interaction SET {change} WHERE id = :id"), {"id": row.id})

    for told in (said(session), said(session, client.id)):
        assert len(told) == 1
        assert told[0].startswith(f"client {client.id}, interaction {row.id}: ")
        assert change.split(" ")[0] in told[0]


def test_what_the_program_does_is_what_the_journal_tells(session, client, row, by):
    client.curator = a_user()
    session.commit()
    comments.write(client, text="Между нами", by=by)
    made = record.Draft(client=client, kind=an_interaction_kind(), request="Сроки", no_next_reason="Сезон")
    record.record(made, by=by)
    session.commit()

    assert said(session) == []


def test_a_handover_of_many_tells_of_two_periods_by_one_entry(session, client):
    done(act_of(BulkKind.curator, a_user(), reason="Выравнивание"), of([client]), a_user(Role.head))
    assert said(session) == []


@pytest.mark.parametrize(
    "change",
    [
        "curator_id = (SELECT max(id) FROM app_user)",
        "by_id = (SELECT max(id) FROM app_user)",
        "ended_at = started_at",
        "started_at = '2020-01-01 00:00:00+00:00'",
        "reason = 'Сам попросил'",
    ],
)
def test_a_rewritten_period_is_named(session, client, change):
    a_user()
    session.execute(text(f"UPDATE curator_period SET {change} WHERE client_id = :id"), {"id": client.id})

    (told,) = said(session)
    assert told.startswith(f"client {client.id}, curator_period ")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE comment SET text = 'Платят' WHERE id = :id",
        "UPDATE comment SET by_id = (SELECT max(id) FROM app_user) WHERE id = :id",
        "UPDATE comment SET written_at = '2020-01-01 00:00:00+00:00' WHERE id = :id",
        "DELETE FROM comment_mention WHERE comment_id = :id",
    ],
)
def test_a_rewritten_comment_is_named(session, client, by, change):
    comment = a_comment(client=client, text="Не платят", by=by, mentioned=[a_user()])
    a_user()
    assert said(session) == []
    session.execute(text(change), {"id": comment.id})

    assert said(session)[0].startswith(f"client {client.id}, comment {comment.id}: ")


@pytest.mark.parametrize("tie", ["interaction_contact_person", "interaction_participant", "client_tag"])
def test_whom_it_was_with_and_what_a_client_is_marked_with_is_compared(session, by, tie):
    client = a_client(tags=[make.a_tag()])
    an_interaction(
        client=client, contact_persons=[a_contact_person(client=client)], participants=[a_user(), a_user()]
    )
    assert said(session) == []

    session.execute(text(f"DELETE FROM {tie}"))

    (told,) = said(session)
    assert told.endswith({"client_tag": "tags"}.get(tie, tie.removeprefix("interaction_") + "s"))


MADE_BY = {
    make.a_client_task: "opened_by",
    make.a_promise: "made_by",
    make.a_wish: "made_by",
    make.a_silence_talk: "opened_by",
    make.a_recurring_plan: "made_by",
    make.a_first_touch_decision: "decided_by",
}


@pytest.mark.parametrize(
    ("made", "change"),
    [
        (make.a_contact_person, "name = 'Другой'"),
        (make.a_telephone, "typed = '+7 900 000-00-00'"),
        (make.an_email_address, "typed = 'x@example.ru'"),
        (make.a_client_task, "solution = 'Скидка'"),
        (make.a_promise, "text = 'Ничего'"),
        (make.a_promise, "due_at = '2030-01-01 00:00:00+00:00'"),
        (make.a_promise, "made_at = '2020-01-01 00:00:00+00:00'"),
        (make.a_promise, "made_at = made_at, made_by_id = (SELECT max(id) FROM app_user)"),
        (make.a_wish, "words = 'Ничего'"),
        (make.a_silence_talk, "question = 'Почему?'"),
        (make.a_recurring_plan, "note = 'Реже'"),
        (make.a_handover_offer, "reason = 'Просто так'"),
        (make.a_first_touch_decision, "reason = 'Просто так'"),
    ],
)
def test_whatever_is_a_client_s_is_named_when_it_is_rewritten_or_removed(session, client, by, made, change):
    row = made(client=client, **{MADE_BY[made]: by} if made in MADE_BY else {})
    a_user()
    table = row.__tablename__
    assert said(session) == []
    session.execute(text(f"UPDATE {table} SET {change} WHERE id = :id"), {"id": row.id})
    for told in (said(session), said(session, client.id)):
        assert [each.split(":")[0] for each in told] == [f"client {client.id}, {table} {row.id}"]
        assert change.split(" ")[0] in told[0]

    session.execute(text(f"DELETE FROM {table} WHERE id = :id"), {"id": row.id})
    (told,) = said(session)
    assert "it is not there" in told


@pytest.mark.parametrize("change", ["name = 'Другой'", "inn = '7707083893'", "archived_at = created_at"])
def test_a_rewritten_client_is_named(session, client, change):
    session.execute(text(f"UPDATE client SET {change} WHERE id = :id"), {"id": client.id})
    (told,) = said(session)
    assert told.startswith(f"client {client.id}, client {client.id}: ")


@pytest.mark.parametrize("of_a_person", [False, True])
def test_what_is_taken_off_a_card_is_told_and_not_missed(session, client, of_a_person):
    owner = make.a_contact_person(client=client) if of_a_person else client
    contacts.set_telephones(owner, "+7 916 123-45-67")
    contacts.set_emails(owner, "a@example.ru")
    session.commit()
    contacts.set_telephones(owner, "")
    contacts.set_emails(owner, "")
    session.commit()

    told = session.scalars(select(JournalEntry).order_by(JournalEntry.number.desc()).limit(2)).all()
    assert {(each.subject, *each.data["typed"]) for each in told if each.chain == client.id} == {
        ("telephone", "+7 916 123-45-67", None),
        ("email_address", "a@example.ru", None),
    }
    assert said(session) == []


def test_a_row_that_is_removed_moved_or_put_in_is_named(session, client, row):
    other = a_client()
    session.execute(
        text("UPDATE interaction SET client_id = :to WHERE id = :id"), {"to": other.id, "id": row.id}
    )
    assert len(said(session)) == 2, "one has it too much, the other misses it"

    session.execute(text("DELETE FROM interaction_contact_person"))
    session.execute(text("DELETE FROM interaction WHERE id = :id"), {"id": row.id})
    (told,) = said(session, client.id)
    assert "it is not there" in told
