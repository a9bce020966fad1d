import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from crmadmin.core.db import act_as
from crmadmin.services import clients
from models import Client, JournalEntry
from models.kinds import Role
from tests.factories import a_client, a_client_group, a_user, an_interaction


def told(session, client):
    asked = select(JournalEntry).where(JournalEntry.chain == client.id).order_by(JournalEntry.number)
    return session.scalars(asked).all()


def test_a_new_client_begins_its_chain(session):
    curator = a_user(name="Анна")
    act_as(curator)
    client = a_client(name="Ромашка", curator=curator)

    first, second = told(session, client)

    assert (first.number, first.kind, first.by_name) == (1, "client_created", "Анна")
    assert first.data["name"] == [None, "Ромашка"]
    assert first.data["group_id"][1]["name"] == client.group.name_ru
    assert (second.kind, second.data["curator_id"]) == (
        "curator_started",
        [None, {"id": curator.id, "name": "Анна"}],
    )


def test_a_changed_field_is_told_with_its_old_and_new_value(session):
    client = a_client(name="Ромашка")
    session.expire_all()

    client.city = "Пермь"
    client.name = "Василёк"
    session.commit()

    assert told(session, client)[-1].data == {"name": ["Ромашка", "Василёк"], "city": ["", "Пермь"]}


def test_a_group_move_is_an_event_of_its_own(session):
    client, other = a_client(), a_client_group(name_ru="ключевые")
    client.group = other
    session.commit()

    assert told(session, client)[-1].kind == "group_moved"
    assert told(session, client)[-1].data["group_id"][1] == {"id": other.id, "name": "ключевые"}


def test_an_entry_can_be_neither_changed_nor_deleted(session):
    a_client()
    for statement in ("UPDATE journal_entry SET kind = 'x'", "DELETE FROM journal_entry"):
        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(text(statement))


def test_a_record_shows_on_the_client_at_once(session, noon):
    client = a_client()
    held = an_interaction(client=client)
    planned = an_interaction(client=client, state="planned")

    assert client.last_contact_at == held.happened_at
    assert client.last_contact_by_id == held.person_id
    assert client.next_contact_at == planned.happened_at


def test_a_curator_is_changed_and_changed_back(session):
    anna, boris, head = a_user(), a_user(), a_user(Role.head)
    client = a_client(curator=anna)
    for curator in (boris, anna):
        client.curator, client.curator_reason = curator, "по просьбе клиента"
        clients.check(client, by=head)
        session.commit()

    kinds = [entry.kind for entry in told(session, client)]
    assert kinds == ["client_created", "curator_started", *["curator_ended", "curator_started"] * 2]


def test_an_entry_cannot_be_put_in_the_place_of_another(session):
    a_client()
    columns = "id, chain, number, kind, subject, happened_at, recorded_at, by_name, data, salt, hash"
    way = "INSERT OR REPLACE" if session.get_bind().dialect.name == "sqlite" else "INSERT"
    forged_columns = columns.replace("by_name", "upper(kind)")
    forged = f"{way} INTO journal_entry ({columns}) SELECT {forged_columns} FROM journal_entry"
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text(forged))


def test_a_statement_that_would_leave_no_trace_is_refused(session):
    a_client(city="Пермь")
    with pytest.raises(RuntimeError, match="Client"):
        session.execute(update(Client).values(city="Омск"))
    with pytest.raises(RuntimeError, match="Client"):
        session.query(Client).delete()
    assert session.scalars(select(Client.city)).all() == ["Пермь"]
