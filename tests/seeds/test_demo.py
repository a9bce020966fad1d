"""The invented company: everything it is to show is there, and nothing in it contradicts anything else."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import func, select

from crmadmin.core import clock
from crmadmin.core.db import Database, db
from crmadmin.core.i18n import local
from crmadmin.queries.contacts import silence
from crmadmin.queries.promises import is_overdue
from crmadmin.queries.requests import is_unanswered
from crmadmin.reports import check_report, dispute_lines
from crmadmin.rules import passwords, registration
from crmadmin.services import dispute, first_touch, journal_rows, maintained
from crmadmin.services import passwords as kept_passwords
from crmadmin.services.journal_check import faults
from models import (
    Client,
    ClientGroup,
    ContactPerson,
    CuratorPeriod,
    FirstTouchDecision,
    Interaction,
    InteractionKind,
    JournalEntry,
    Promise,
    SilenceTalk,
    Telephone,
    User,
    Wish,
)
from models.kinds import FirstTouch, InteractionState, PromiseSide, PromiseState, Role, WishState
from seeds import demo
from seeds.demo_days import is_working
from tests.conftest import NOON
from tests.support import nothing_kept

SCALE = 0.1


@pytest.fixture(scope="module")
def company(app: Flask) -> Iterator[Database]:
    """Made once for all that is asked of it here; nothing of it is kept."""
    with nothing_kept(), clock.stopped_at(NOON):
        demo.load(db, scale=SCALE)
        yield db


def held(*columns):
    return select(*(columns or (Interaction,))).where(Interaction.state == InteractionState.held)


def person(login):
    return db.scalars(select(User).where(User.login == login)).one()


def texts():
    for row in db.scalars(select(Interaction)):
        yield from (row.request, row.reaction, row.note, row.cancel_reason)
    for row in db.scalars(select(Client)):
        yield from (row.name, row.legal_name, row.address, row.remember)
    for row in db.scalars(select(ContactPerson)):
        yield from (row.name, row.job_title, row.remember)


def test_ten_people_in_all_roles_one_of_whom_has_left(company):
    people = company.scalars(select(User)).all()

    assert len(people) == 10
    assert {each.role for each in people} == set(Role)
    assert [each.login for each in people if not each.active] == ["pavel"]


def test_one_login_a_role_is_told_and_lets_its_owner_in(company):
    assert [role for role, _login, _password in demo.LOGINS] == ["head", "manager", "colleague", "admin"]
    for role, login, password in demo.LOGINS:
        user = person(login)
        assert user.role == role
        assert kept_passwords.is_right(password, user.password_hash)
        passwords.check(password, login=login, name=user.name)


def test_every_group_has_clients_and_some_are_put_away(company):
    by_group = dict(
        company.execute(
            select(ClientGroup.code, func.count()).join(Client.group).group_by(ClientGroup.code)
        ).all()
    )

    assert by_group.keys() == {"key", "promising", "potential", "archive"}
    assert by_group["potential"] > by_group["promising"] > by_group["key"]
    assert company.scalar(select(func.count()).where(Client.archived_at.is_not(None)))


def test_the_columns_kept_on_the_clients_are_true(company):
    clients = company.scalars(select(Client)).all()
    said = maintained.truth(company(), [client.id for client in clients])

    for client in clients:
        assert said[client.id] == tuple(getattr(client, column) for column in maintained.COLUMNS)


def test_some_clients_are_silent_and_some_alarming(company):
    ratios = company.scalars(select(silence(clock.now())).where(Client.archived_at.is_(None))).all()
    known = [ratio for ratio in ratios if ratio is not None]

    assert any(1 < ratio <= 1.5 for ratio in known)
    assert any(ratio > 1.5 for ratio in known)
    assert sum(ratio <= 1 for ratio in known) > len(known) / 2


def test_the_head_has_asked_about_silent_clients_and_one_is_answered_one_let_be(company):
    talks = company.scalars(select(SilenceTalk).order_by(SilenceTalk.id)).all()
    assert [bool(talk.answered_at) for talk in talks].count(True) == 1
    assert [bool(talk.waiver) for talk in talks].count(True) == 1
    assert any(talk.closed_at is None and talk.answered_at is None for talk in talks)


def test_who_has_left_curates_nobody_and_his_clients_went_to_others_with_a_reason(company):
    leaver = person("pavel")
    handed = company.scalars(
        select(CuratorPeriod).where(
            CuratorPeriod.curator_id == leaver.id, CuratorPeriod.ended_at.is_not(None)
        )
    ).all()

    assert handed
    assert not company.scalar(select(func.count()).where(Client.curator_id == leaver.id))
    assert not company.scalar(
        held(func.count()).where(
            Interaction.person_id == leaver.id, Interaction.happened_at > max(one.ended_at for one in handed)
        )
    )
    heirs = company.scalars(
        select(CuratorPeriod).where(CuratorPeriod.client_id.in_([one.client_id for one in handed]))
    )
    assert any("Никитин" in one.reason for one in heirs)


def test_the_curators_periods_of_a_client_follow_each_other(company):
    periods = company.scalars(
        select(CuratorPeriod).order_by(CuratorPeriod.client_id, CuratorPeriod.started_at)
    ).all()
    curators = dict(company.execute(select(Client.id, Client.curator_id)).all())

    assert {period.client_id for period in periods} == curators.keys()
    for before, after in pairwise(periods):
        if before.client_id == after.client_id:
            assert before.ended_at == after.started_at
        else:
            assert before.ended_at is None
            assert before.curator_id == curators[before.client_id]


def test_every_row_says_what_the_journal_tells_of_it(company):
    assert list(journal_rows.faults(company)) == []


def test_every_chain_of_the_journal_holds_and_runs_in_the_order_of_time(company):
    assert not list(faults(company))
    for chain in company.scalars(select(JournalEntry.chain).distinct()).all():
        moments = company.scalars(
            select(JournalEntry.recorded_at).where(JournalEntry.chain == chain).order_by(JournalEntry.number)
        ).all()
        assert chain == 0 or moments == sorted(moments)


def test_the_journal_names_whoever_wrote_a_record_and_when(company):
    entries = {
        entry.subject_id: entry
        for entry in company.scalars(
            select(JournalEntry).where(JournalEntry.kind.in_(("interaction_recorded", "interaction_held")))
        )
    }
    rows = company.scalars(held()).all()

    assert entries.keys() == {row.id for row in rows}
    for row in rows:
        assert entries[row.id].by_id == row.recorded_by_id
        assert entries[row.id].recorded_at == row.recorded_at >= row.happened_at


def test_nobody_works_on_holidays_at_weekends_at_night_or_in_the_future(company):
    for row in company.scalars(select(Interaction)):
        there = local(row.happened_at)
        assert is_working(there.date()), there
        assert 8 <= there.hour < 20
        assert row.state is not InteractionState.held or row.happened_at < clock.now()


def test_the_texts_have_no_blank_left_and_no_trace_of_their_making(company):
    for text in texts():
        assert not re.search(r"[{}|*]|\.\.|  |None", text), text


def test_one_client_takes_most_of_one_managers_time(company):
    sergey = person("sergey")
    minutes = Counter()
    for client_id, lasted in company.execute(
        held(Interaction.client_id, Interaction.minutes).where(
            Interaction.person_id == sergey.id,
            Interaction.happened_at > clock.now() - timedelta(days=365),
        )
    ):
        minutes[client_id] += lasted or 0

    assert max(minutes.values()) > 0.6 * minutes.total()


def test_one_manager_has_gone_quiet_one_is_on_leave_and_one_calls_more_than_anybody(company):
    def contacts(login, days):
        since = clock.now() - timedelta(days=days)
        return company.scalar(
            held(func.count()).where(
                Interaction.person_id == person(login).id, Interaction.happened_at > since
            )
        )

    assert contacts("elena", 34) == 0 < contacts("elena", 180)
    assert contacts("sergey", 13) == 0 < contacts("sergey", 60)
    calls = select(Interaction.person_id).join(InteractionKind).where(InteractionKind.code == "call")
    made = Counter(company.scalars(calls.where(Interaction.state == InteractionState.held)))
    assert made.most_common(1)[0][0] == person("dmitry").id


def test_a_dispute_is_worth_reading(company):
    """Two claims, a late record, a correction, a decision, and a report that the client got."""
    decision = company.scalars(select(FirstTouchDecision)).one()
    found = first_touch.of(decision.client)
    number = company.scalar(select(JournalEntry.number).where(JournalEntry.kind == "report_made"))
    report = dispute.made(decision.client, number)
    lines = dispute_lines.lines(report.document)

    assert [claim.person.login for claim in found.claims] == ["dmitry", "anna", "olga"]
    assert found.claims[1].first_is_late
    assert found.verdict.says is FirstTouch.holds
    assert found.holder is person("dmitry")
    assert any(line.is_correction for line in lines)
    assert any(line.late for line in lines)
    assert report.document["anchor"]
    assert dispute.is_unchanged(report, decision.client)
    check_report.check_anchor(report.document, check_report.check_chain(report.document))


def test_plans_are_overdue_and_to_come(company):
    plans = company.scalars(
        select(Interaction.happened_at).where(Interaction.state == InteractionState.planned)
    ).all()

    assert min(plans) < clock.now() < max(plans)


def test_numbers_have_right_check_digits_and_telephones_can_be_dialled(company):
    for client in company.scalars(select(Client).where(Client.inn != "")):
        assert registration.inn(client.inn) == client.inn
    telephones = company.scalars(select(Telephone)).all()
    assert telephones
    assert all(re.fullmatch(r"\+7\d{10}", each.e164) for each in telephones)
    assert company.scalar(select(func.count()).where(Client.inn == ""))


def test_promises_of_every_kind_open_requests_and_wishes_that_come_back(company):
    promises = company.scalars(select(Promise)).all()

    assert {each.state for each in promises} == set(PromiseState)
    assert {each.side for each in promises} == set(PromiseSide)
    assert company.scalars(select(Promise).where(is_overdue(NOON))).first() is not None
    assert len(company.scalars(select(Interaction).where(is_unanswered)).all()) >= 3
    assert {each.state for each in company.scalars(select(Wish))} == set(WishState)
    week = select(Wish).where(Wish.come_back_on < NOON.date() + timedelta(days=7))
    assert company.scalars(week).first() is not None
