"""Each thing the doctor looks for, broken by hand and found; and what he may mend, mended."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from crmadmin.services import contacts, doctor
from tests.factories import (
    a_client,
    a_contact_person,
    a_job_run,
    a_letter,
    a_user,
    an_interaction,
)


@pytest.fixture
def healthy(session):
    client = a_client(name="ООО «Ёлка»", curator=a_user())
    an_interaction(client=client)
    an_interaction(client=client, state="planned")
    person = a_contact_person(client=client, name="Пётр")
    for owner in (client, person):
        contacts.set_telephones(owner, "8 (916) 123-45-67; 5-15-25")
        contacts.set_emails(owner, "Info@Romashka.RU")
    session.commit()
    assert list(doctor.faults(session)) == []
    return client


MENDED = {
    "client: name": "UPDATE client SET name_fold = 'x'",
    "client: search": "UPDATE client SET search_text = ''",
    "person: search": "UPDATE contact_person SET search_text = ''",
    "last at": "UPDATE client SET last_contact_at = NULL",
    "last by": "UPDATE client SET last_contact_by_id = NULL",
    "last kind": "UPDATE client SET last_contact_kind_id = NULL",
    "next at": "UPDATE client SET next_contact_at = NULL",
}
TOLD = {
    "curator": "UPDATE client SET curator_id = NULL",
    "no open period": "UPDATE curator_period SET ended_at = started_at",
    "telephone": "UPDATE telephone SET e164 = '+79990000000'",
    "last four": "UPDATE telephone SET last4 = '0000'",
    "email": "UPDATE email_address SET normal = 'c@d.ru'",
    "nonsense for an email": "UPDATE email_address SET typed = 'nobody'",
    "head too far": "UPDATE journal_head SET number = number + 1",
    "head behind": "UPDATE journal_head SET number = number - 1 WHERE number > 1",
    "head of another": f"UPDATE journal_head SET hash = '{'ab' * 32}'",
    "no head": "DELETE FROM journal_head",
}


@pytest.mark.parametrize("statement", [*MENDED.values(), *TOLD.values()], ids=[*MENDED, *TOLD])
def test_what_was_written_past_the_services_is_found(session, healthy, statement):
    session.execute(text(statement))
    session.commit()

    assert list(doctor.faults(session)) != []


@pytest.mark.parametrize("statement", MENDED.values(), ids=list(MENDED))
def test_maintained_columns_are_mended(session, healthy, statement):
    session.execute(text(statement))
    session.commit()

    told = list(doctor.faults(session, repair=True))
    session.commit()

    assert told != []
    assert list(doctor.faults(session)) == []


@pytest.mark.parametrize("statement", TOLD.values(), ids=list(TOLD))
def test_nothing_else_is_touched(session, healthy, statement):
    session.execute(text(statement))
    session.commit()

    told = list(doctor.faults(session, repair=True))
    session.commit()

    assert list(doctor.faults(session)) == [line for line in told if "search_text" not in line]


def test_a_long_base_is_read_to_its_end(session, healthy, monkeypatch):
    monkeypatch.setattr(doctor, "BATCH", 2)
    for _ in range(5):
        last = a_client()
    session.execute(text("UPDATE client SET name_fold = 'x' WHERE id = :id"), {"id": last.id})
    session.commit()

    (fault,) = doctor.faults(session)

    assert fault.startswith(f"client {last.id}:")


def test_it_tells_of_jobs_that_fail_and_of_letters_given_up(healthy, session, noon):
    a_job_run(name="due", failed_at=noon - timedelta(hours=1), done_at=noon, error="over")
    a_job_run(name="post", failed_at=noon, done_at=noon - timedelta(hours=1), error="no route")
    a_letter(to="anna@example.ru", failed_at=noon, error="550 no such box", tries=1)
    a_letter(to="boris@example.ru", failed_at=noon - timedelta(days=8), error="550 no such box", tries=1)

    post, letter = doctor.faults(session)
    assert post == "job post fails: no route"
    assert "to anna@example.ru was given up: 550 no such box" in letter
