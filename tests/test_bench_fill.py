"""The bulk path of ``make bench`` writes past the services, and leaves what they would have left."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from crmadmin.core.db import Database, db
from crmadmin.rules import evidence, registration
from crmadmin.services import doctor, journal_changes, journal_check
from crmadmin.services.journal_subjects import WATCHED
from models import (
    Base,
    Client,
    ContactPerson,
    CuratorPeriod,
    EmailAddress,
    Interaction,
    JournalEntry,
    Telephone,
)
from models.kinds import InteractionState
from tests.bench.fill import filled
from tests.bench.plan import NOW, Size
from tests.support import a_database

SIZE = Size(clients=200, interactions=4_000)


@pytest.fixture(scope="module")
def url(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    before = db.get_bind()
    url = a_database("bench", tmp_path_factory.mktemp("bench"))
    try:
        filled(url, SIZE, say=lambda _step: None, at_once=False)
        yield url
    finally:
        bind = db.get_bind()
        db.remove()
        bind.dispose()  # type: ignore[union-attr]
        db.configure(bind=before)


@pytest.fixture
def bench(url: str) -> Iterator[Database]:
    yield db
    db.remove()


def count(bench: Database, table: type[Base]) -> int:
    return bench.scalar(select(func.count()).select_from(table))


def test_there_is_as_much_as_was_asked_for(bench):
    assert count(bench, Client) == SIZE.clients
    assert count(bench, Interaction) == SIZE.interactions
    assert count(bench, ContactPerson) == SIZE.clients * 3 // 2
    assert count(bench, CuratorPeriod) > SIZE.clients
    assert bench.scalar(select(func.max(Client.created_at))) < NOW


def test_every_chain_of_the_journal_holds(bench):
    assert [str(fault) for fault in journal_check.faults(bench)] == []
    assert journal_check.size(bench) > SIZE.interactions


def test_the_doctor_finds_no_fault(bench):
    assert list(doctor.faults(bench)) == []


@pytest.mark.parametrize("model", [Client, ContactPerson, Telephone, EmailAddress, Interaction])
def test_the_journal_tells_of_a_row_what_a_service_would_have_told(bench, model):
    watched, names = WATCHED[model], journal_changes.Names(bench())
    asked = select(JournalEntry).where(JournalEntry.subject == watched.subject).order_by(JournalEntry.number)
    first: dict[int, JournalEntry] = {}
    for entry in bench.scalars(asked):
        first.setdefault(entry.subject_id, entry)
    lists = [selectinload(getattr(model, name)) for name in watched.collections]
    for row in bench.scalars(select(model).order_by(model.id).limit(300).options(*lists)):
        ((kind, told),) = watched.kinds(row, "new", journal_changes.of(row, "new", watched))
        told.pop("archived_at", None)  # it came later, and has an entry of its own
        told |= _lists(row, watched.collections)
        names.fill([told])
        entry = first[row.id]

        assert entry.kind == kind
        assert entry.data == {name: _plain(pair) for name, pair in told.items()}
        assert entry.client_id == watched.client_id(row)
        assert entry.happened_at == (watched.happened_at(row) or entry.recorded_at)


def _lists(row: Any, names: tuple[str, ...]) -> dict[str, list[Any]]:
    found = {name: [{"id": each.id, "name": each.name} for each in getattr(row, name)] for name in names}
    return {name: [[], each] for name, each in found.items() if each}


def _plain(pair: list[Any]) -> list[Any]:
    return [evidence.plain(value) if isinstance(value, datetime | date) else value for value in pair]


def test_numbers_of_companies_are_such_as_the_program_takes(bench):
    for client in bench.scalars(select(Client).where(Client.inn != "")):
        assert registration.inn(client.inn) == client.inn
        assert registration.kpp(client.kpp) == client.kpp
        assert registration.ogrn(client.ogrn) == client.ogrn


def test_plans_lie_ahead_or_are_late_and_the_past_was_held(bench):
    states = dict(bench.execute(select(Interaction.state, func.count()).group_by(Interaction.state)).all())
    held = select(func.max(Interaction.happened_at)).where(Interaction.state == InteractionState.held)

    assert all(states[state] for state in InteractionState)
    assert bench.scalar(held) < NOW
    assert bench.scalar(select(func.max(Client.next_contact_at))) > NOW


def test_indexes_triggers_and_constraints_are_there_again(url, app):
    answer = app.test_cli_runner().invoke(args=["db", "check"])

    assert answer.exit_code == 0, answer.output


def test_a_filled_database_is_filled_once(url):
    assert filled(url, SIZE, say=lambda _step: pytest.fail("it was filled anew"), at_once=False) == 0


def test_the_journal_of_a_filled_database_is_append_only(bench):
    entry = bench.scalars(select(JournalEntry).limit(1)).one()
    entry.by_name = "Somebody else"
    with pytest.raises(Exception, match="append-only"):
        bench.flush()
    bench.rollback()
