"""What an SQL console can do to the journal, past its triggers, and that it is seen."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from crmadmin.services import journal, journal_check
from models import JournalEntry, JournalHead
from tests.factories import a_client, a_user, an_interaction


def said(session, chain: int | None = None) -> list[str]:
    return [str(fault) for fault in journal_check.faults(session, chain=chain)]


@pytest.fixture
def by_hand(session) -> Callable[..., None]:
    """SQL as an administrator with a console would write it: the triggers are dropped first."""
    if session.get_bind().dialect.name == "sqlite":
        triggers = ("journal_entry_no_update", "journal_entry_no_delete")
    else:
        triggers = ("journal_entry_no_change ON journal_entry",)
    for trigger in triggers:
        session.execute(text(f"DROP TRIGGER {trigger}"))

    def run(statement: str, **values: object) -> None:
        done = session.execute(text(statement), values)
        assert done.rowcount > 0, "nothing was broken"

    return run


@pytest.fixture
def client(session):
    client = a_client(name="Ромашка", curator=a_user())
    for _ in range(3):
        an_interaction(client=client, request="Цены ↔ сроки")
    return client


def last_number(session, client) -> int:
    return session.scalar(select(JournalHead.number).where(JournalHead.chain == client.id))


def test_what_the_program_wrote_holds(session, client):
    journal.note(session, "export", {"rows": [None, 12]})
    session.commit()

    assert said(session) == []
    assert said(session, client.id) == []
    assert journal_check.size(session, chain=client.id) == last_number(session, client)


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'interaction_cancelled'",
        "by_name = 'Somebody else'",
        "happened_at = recorded_at",
        'data = \'{"request": [null, "Скидку"]}\'',
        "salt = 'no salt at all'",
        "data = 'null'",
    ],
)
def test_a_rewritten_entry_is_found(session, client, by_hand, change):
    an_interaction(client=a_client())
    by_hand(f"UPDATE journal_entry SET {change} WHERE chain = :chain AND number = 3", chain=client.id)

    (fault,) = journal_check.faults(session)

    assert (fault.chain, fault.number) == (client.id, 3)


def test_a_rewritten_hash_breaks_it_and_the_next(session, client, by_hand):
    by_hand(f"UPDATE journal_entry SET hash = '{'ab' * 32}' WHERE chain = :c AND number = 3", c=client.id)

    assert [fault.number for fault in journal_check.faults(session)] == [3, 4]


def test_a_removed_entry_leaves_a_gap(session, client, by_hand):
    by_hand("DELETE FROM journal_entry WHERE chain = :chain AND number = 3", chain=client.id)

    assert any("3" in line for line in said(session, client.id))
    assert {fault.number for fault in journal_check.faults(session)} == {4}


def test_a_cut_end_is_told_by_the_head(session, client, by_hand):
    by_hand("DELETE FROM journal_entry WHERE chain = :chain AND number >= 4", chain=client.id)

    (fault,) = journal_check.faults(session)

    assert (fault.chain, fault.number) == (client.id, None)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM journal_head WHERE chain = :chain",
        f"UPDATE journal_head SET hash = '{'ab' * 32}' WHERE chain = :chain",
        "DELETE FROM journal_entry WHERE chain = :chain",
    ],
)
def test_a_head_or_a_whole_chain_cannot_vanish(session, client, by_hand, statement):
    a_client()
    by_hand(statement, chain=client.id)

    assert [fault.chain for fault in journal_check.faults(session)] == [client.id]


def test_a_client_past_the_journal_is_found(session, client, by_hand):
    by_hand("DELETE FROM journal_entry WHERE chain = :chain", chain=client.id)
    by_hand("DELETE FROM journal_head WHERE chain = :chain", chain=client.id)

    assert [fault.chain for fault in journal_check.faults(session)] == [client.id]


def test_an_entry_shown_at_another_client_is_found(session, client, by_hand):
    other = a_client()
    by_hand(
        "UPDATE journal_entry SET client_id = :other WHERE chain = :chain AND number = 3",
        other=other.id,
        chain=client.id,
    )

    assert [(fault.chain, fault.number) for fault in journal_check.faults(session)] == [(client.id, 3)]


def test_one_client_is_checked_alone(session, client, by_hand):
    other = a_client()
    by_hand("UPDATE journal_entry SET kind = 'x' WHERE chain = :chain", chain=other.id)

    assert said(session, client.id) == []
    assert said(session, other.id)


def test_every_entry_is_counted_as_it_is_read(session, client):
    seen: list[int] = []
    assert not list(journal_check.faults(session, read=lambda: seen.append(1)))
    assert len(seen) == len(session.scalars(select(JournalEntry.id)).all())
