"""The dispute report: what is in it, what is not, and that it comes out the same."""

import json
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text

from crmadmin.core import clock
from crmadmin.core.db import act_as
from crmadmin.core.errors import DomainError, NotAllowed, NotFound
from crmadmin.core.i18n import set_zone
from crmadmin.reports import dispute_lines
from crmadmin.reports.dispute import Audience, Order
from crmadmin.services import anchors, dispute
from models import JournalEntry
from models.kinds import InteractionState, Role
from tests.conftest import NOON
from tests.factories import (
    a_client,
    a_comment,
    a_contact_person,
    a_user,
    an_interaction,
    an_interaction_kind,
)


@pytest.fixture
def client(session):
    """Spoken with, corrected, talked over, renamed."""
    client = a_client(name="Ромашка", curator=a_user(name="Анна"))
    kind = an_interaction_kind(name_ru="Звонок", name_en="Call")
    row = an_interaction(
        client=client, person=client.curator, kind=kind, request="Цены", reaction="Отправила прайс",
        note="Торгуется", minutes=15, contact_persons=[a_contact_person(client=client, name="Иван")],
        happened_at=NOON - timedelta(days=3), recorded_at=NOON,
    )  # fmt: skip
    row.reaction = "Отправила прайс и договор"
    session.commit()
    a_comment(client=client, text="Между нами: не платят")
    client.city = "Пермь"
    session.commit()
    return client


def make(client, audience=Audience.internal, **given):
    order = Order(audience, dispute.seen_upto(client), **given)
    by = a_user(Role.head, name="Ольга")
    act_as(by)
    number = dispute.make(client, order, by=by)
    return dispute.made(client, number)


def lines(report):
    return dispute_lines.lines(report.document)


def test_lines_stand_by_the_time_of_the_event_with_that_of_the_record_beside(session, client):
    an_interaction(client=client, happened_at=NOON - timedelta(days=9), request="Раньше всех")

    told = [line for line in lines(make(client)) if line.kind.startswith("interaction")]

    assert [line.at for line in told] == sorted(line.at for line in told)
    assert told[0].facts[0].new == "Раньше всех"
    call = told[1]
    assert (call.title, call.ours, call.theirs) == ("Звонок", "Анна", "Иван")
    assert {fact.name: fact.new for fact in call.facts}["reaction"] == "Отправила прайс"
    assert call.late is not None
    assert call.late.days == 3


def test_a_report_of_days_is_the_same_after_the_installation_moved_to_another_zone(app, session, client):
    for hours in (-13, -11, 11, 13):
        an_interaction(client=client, happened_at=NOON + timedelta(hours=hours), recorded_at=NOON)
    report = make(client, start=NOON.date(), end=NOON.date() + timedelta(days=1))
    number = report.document["made"]["number"]
    try:
        set_zone(ZoneInfo("America/New_York"))
        again = dispute.made(client, number)
    finally:
        set_zone(app.config["CRM"].timezone)

    assert again.file == report.file
    assert dispute.is_unchanged(again, client)


def test_a_correction_is_a_line_of_its_own_with_the_old_text_and_the_new(session, client):
    (corrected,) = [line for line in lines(make(client)) if line.is_correction]

    (fact,) = corrected.facts
    assert (fact.old, fact.new) == ("Отправила прайс", "Отправила прайс и договор")
    assert corrected.title.startswith("Звонок")
    assert corrected.ours == "Анна", "who spoke is known from the record itself"


def test_the_client_is_not_shown_what_is_internal(session, client):
    report = make(client, Audience.client)
    whole = report.file.decode()

    kinds = {line.kind for line in lines(report)}
    assert "interaction_recorded" in kinds
    assert not kinds & {"comment_created", "client_changed", "contact_person_created"}
    for secret in ("не платят", "Пермь", "Торгуется"):
        assert secret not in whole
    assert "Отправила прайс" in whole


def test_what_is_masked_is_nowhere_and_no_salt_is_given_away(session, client):
    recorded = session.scalar(select(JournalEntry).where(JournalEntry.kind == "interaction_recorded"))
    report = make(client, masked={recorded.number: ["request", "contact_persons"]})

    assert "Цены" not in report.file.decode()
    assert recorded.salt not in report.file.decode()
    (line,) = [line for line in lines(report) if line.number == recorded.number]
    assert line.theirs == dispute_lines.MASKED
    assert [fact.name for fact in line.facts if fact.masked] == ["request"]


def test_the_maker_may_show_what_is_usually_masked(session, client):
    recorded = session.scalar(select(JournalEntry).where(JournalEntry.kind == "interaction_recorded"))

    assert "Торгуется" in make(client, Audience.client, shown={recorded.number: ["note"]}).file.decode()


def test_the_report_is_in_the_journal_with_range_last_hash_and_digest(session, client):
    report = make(client)
    entry = session.scalars(select(JournalEntry).where(JournalEntry.kind == "report_made")).one()

    assert entry.chain == client.id
    assert entry.by_name == "Ольга"
    assert entry.number == report.document["made"]["number"]
    span = report.document["range"]
    said = {name: pair[1] for name, pair in entry.data.items()}
    assert (said["first"], said["last"], said["last_hash"]) == (span["first"], span["last"], span["hash"])
    assert said["digest"] == report.digest
    assert dispute.is_unchanged(report, client)


@pytest.mark.parametrize("audience", list(Audience))
def test_the_same_report_is_the_same_bytes_whatever_happens_afterwards(session, client, audience):
    anchors.make()
    report = make(client, audience)
    number = report.document["made"]["number"]

    with clock.stopped_at(NOON + timedelta(days=40)):
        client.name, client.curator = "Другое имя", a_user()
        an_interaction(client=client, happened_at=NOON - timedelta(days=2), request="Поздняя запись")
        session.commit()
        anchors.make()
        make(client)
        again = dispute.made(client, number)

    assert again.file == report.file
    assert json.loads(again.file) == json.loads(report.file)


def test_a_period_takes_what_happened_in_it_and_all_that_became_of_it(session, client):
    day = (NOON - timedelta(days=3)).date()
    told = lines(make(client, start=day, end=day + timedelta(days=1)))

    assert {line.kind for line in told} == {"interaction_recorded", "interaction_corrected"}
    with pytest.raises(DomainError):
        make(client, start=date(2020, 1, 1), end=date(2020, 2, 1))


def test_curators_of_the_period_are_cut_to_it(session, client):
    first = client.curator
    with clock.stopped_at(NOON + timedelta(days=10)):
        client.curator = a_user(name="Борис")
        session.commit()
    with clock.stopped_at(NOON + timedelta(days=20)):
        report = make(client, start=NOON.date(), end=NOON.date() + timedelta(days=15))

    said = report.document["curators"]
    assert [each["name"] for each in said] == [first.name, "Борис"]
    assert said[0]["to"] == said[1]["from"]
    assert said[1]["to"].startswith("2026-03-16"), "midnight in Moscow"


def test_what_was_recorded_after_the_draft_was_seen_is_not_in_it(session, client):
    seen = dispute.seen_upto(client)
    an_interaction(client=client, request="Ещё не видел")
    order = Order(Audience.client, seen)

    number = dispute.make(client, order, by=a_user(Role.head))

    assert "Ещё не видел" not in dispute.made(client, number).file.decode()


def test_a_plan_that_was_held_keeps_its_kind_and_people(session, client):
    row = an_interaction(client=client, state=InteractionState.planned, happened_at=NOON + timedelta(days=1),
                         kind=an_interaction_kind(name_ru="Встреча"))  # fmt: skip
    with clock.stopped_at(NOON + timedelta(days=1, hours=1)):
        row.state, row.request = InteractionState.held, "Показать образцы"
        session.commit()

    held = [line for line in lines(make(client)) if line.kind == "interaction_held"]

    assert [(line.title, line.ours) for line in held] == [("Встреча", row.person.name)]


@pytest.mark.parametrize("role", [Role.colleague])
def test_whoever_may_not_make_reports_makes_none(session, client, role):
    with pytest.raises(NotAllowed):
        dispute.make(client, Order(Audience.internal, dispute.seen_upto(client)), by=a_user(role))


def test_only_a_report_is_a_report(session, client):
    for number in (1, 999):
        with pytest.raises(NotFound):
            dispute.made(client, number)


def test_a_journal_rewritten_since_is_told(session, client):
    report = make(client)
    sqlite = session.get_bind().dialect.name == "sqlite"
    for act in ("update", "delete") if sqlite else ("change",):
        session.execute(text(f"DROP TRIGGER journal_entry_no_{act}{'' if sqlite else ' ON journal_entry'}"))
    session.execute(
        text("UPDATE journal_entry SET by_name = 'Никто' WHERE chain = :c AND number = 2"), {"c": client.id}
    )
    session.expire_all()

    assert not dispute.is_unchanged(dispute.made(client, report.document["made"]["number"]), client)
