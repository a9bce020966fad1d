"""What a dispute report leaves out: for good, by a mask, and of older entries."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.reports import check_report, dispute_lines
from crmadmin.reports.dispute import Audience, Order, tells_too_much
from crmadmin.services import dispute
from models import JournalEntry
from models.kinds import InteractionState, Role
from tests.conftest import NOON
from tests.factories import a_client, a_client_task, a_comment, a_user, an_interaction, an_interaction_kind
from tests.old_entries import an_old_entry


@pytest.fixture
def client(session):
    return a_client(name="Ромашка", curator=a_user(name="Анна"))


def make(client, audience=Audience.client, **given):
    number = dispute.make(client, Order(audience, dispute.seen_upto(client), **given), by=a_user(Role.head))
    return dispute.made(client, number)


def number_of(session, client, kind):
    entries = select(JournalEntry).where(JournalEntry.chain == client.id, JournalEntry.kind == kind)
    return session.scalars(entries.order_by(JournalEntry.number)).first().number


def test_an_internal_kind_is_sealed_for_the_client_with_all_that_became_of_it(session, client):
    inside = an_interaction_kind(name_ru="Внутренняя заметка", internal=True)
    note = an_interaction(client=client, kind=inside, request="Должны банку", reaction="Не отпускать в долг")
    note.reaction = "Совсем не отпускать"
    session.commit()
    an_interaction(client=client, request="Нужны цены")

    report = make(client)
    assert [line.kind for line in dispute_lines.lines(report.document) if line.kind.startswith("inter")] == [
        "interaction_recorded"
    ]
    for secret in ("Должны", "отпускать", "заметка"):
        assert secret not in report.file.decode()
    assert "Совсем не отпускать" in make(client, Audience.internal).file.decode()


def test_what_was_once_internal_stays_so_whatever_kind_it_is_now(session, client):
    inside = an_interaction_kind(internal=True)
    note = an_interaction(client=client, kind=inside, request="Должны банку")
    note.kind = an_interaction_kind()
    session.commit()
    an_interaction(client=client)

    assert "Должны банку" not in make(client).file.decode()


def test_a_report_stays_the_same_when_a_kind_becomes_internal_or_is_so_no_more(session, client):
    kind = an_interaction_kind(internal=True)
    an_interaction(client=client, kind=kind, request="Должны банку")
    an_interaction(client=client)
    report = make(client)
    kind.internal = False
    session.commit()

    assert dispute.made(client, report.document["made"]["number"]).file == report.file


def test_why_it_was_called_off_and_what_came_of_a_task_are_usually_masked(session, client):
    plan = an_interaction(client=client, state=InteractionState.planned, happened_at=NOON + timedelta(days=2))
    plan.state, plan.cancel_reason = InteractionState.cancelled, "Надоели"
    task = a_client_task(client=client, problem="Нет паллет")
    task.outcome = "Сами виноваты"
    session.commit()

    file = make(client).file.decode()

    assert "Надоели" not in file
    assert "Сами виноваты" not in file
    assert "Нет паллет" in file


@pytest.mark.parametrize("audience", list(Audience))
def test_a_mask_holds_for_the_same_field_of_every_entry_of_the_subject(session, client, audience):
    row = an_interaction(client=client, reaction="Отправила прайс", request="Цены")
    for text in ("Отправила прайс и договор", "Ничего не отправила"):
        row.reaction = text
        session.commit()
    an_interaction(client=client, reaction="Другая запись")
    first = number_of(session, client, "interaction_recorded")
    corrected = number_of(session, client, "interaction_corrected")

    for masked in ({first: ["reaction"]}, {corrected: ["reaction"]}):
        file = make(client, audience, masked=masked).file.decode()
        assert "тправила" not in file
        assert "Другая запись" in file
        assert "Цены" in file


def test_what_is_shown_is_shown_in_every_entry_of_the_subject_unless_it_is_masked_in_one(session, client):
    row = an_interaction(client=client, note="Торгуется")
    row.note = "Торгуется до хрипоты"
    session.commit()
    first = number_of(session, client, "interaction_recorded")
    corrected = number_of(session, client, "interaction_corrected")

    assert "до хрипоты" in make(client, shown={first: ["note"]}).file.decode()
    both = make(client, shown={first: ["note"]}, masked={corrected: ["note"]})
    assert "Торгуется" not in both.file.decode()


def test_a_sealed_entry_tells_its_number_and_hashes_only(session, client):
    a_comment(client=client, text="Между нами", by=a_user(name="Болтун"))
    an_interaction(client=client)
    client.city = "Пермь"
    session.commit()
    report = make(client)

    sealed = [entry for entry in json.loads(report.file)["entries"] if "sealed" in entry]
    assert sealed
    for entry in sealed:
        assert entry.keys() == {"head", "hash", "told", "sealed"}
        assert entry["head"].keys() == {"form", "chain", "number"}
        assert entry["told"].keys() == {"commitment"}
    for word in ("comment_created", "client_changed", "Болтун"):
        assert word not in report.file.decode()
    assert tells_too_much(report.document) == 0
    check_report.check_chain(json.loads(report.file))


def test_an_older_entry_that_is_left_out_still_tells_what_it_was_and_is_counted(session, client):
    an_old_entry(client, "comment_created", {"text": [None, "Между нами"]})
    an_interaction(client=client)
    report = make(client)

    assert tells_too_much(report.document) == 1
    assert "comment_created" in report.file.decode()
    assert "Между нами" not in report.file.decode()
    check_report.check_chain(json.loads(report.file))


def test_a_report_of_the_first_format_comes_out_as_it_was(session, client):
    """Its digest is in the journal: what is masked by now was not masked then."""
    row = an_interaction(client=client, reaction="Отправила прайс", kind=an_interaction_kind(internal=True))
    row.reaction = "Ничего не отправила"
    session.commit()
    first = number_of(session, client, "interaction_recorded")
    report = make(client, masked={first: ["reaction"]}, format=1)

    assert report.document["format"] == "crmadmin-report-1"
    assert "Ничего не отправила" in report.file.decode()
    assert dispute.is_unchanged(report, client)
