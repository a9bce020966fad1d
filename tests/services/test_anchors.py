"""Anchors: one a day, borne out by the journal as it was, kept in a file."""

import os
import stat
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from crmadmin.core import clock
from crmadmin.rules import anchors as rule
from crmadmin.services import anchor_check, anchors
from models import JournalAnchor, JournalAnchorEnd, JournalHead
from tests.conftest import NOON
from tests.factories import a_client, an_interaction


def anchored(session, days: int = 0) -> JournalAnchor:
    with clock.stopped_at(NOON + timedelta(days=days)):
        made = anchors.make()
    session.commit()
    assert made is not None
    return made


def said(session, file=None, chain=None) -> list[str]:
    return list(anchor_check.faults(session, file, chain))


@pytest.fixture
def by_hand(session):
    """SQL past the triggers of journal and anchors."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    for table in ("journal_entry", "journal_anchor", "journal_anchor_end"):
        for act in ("update", "delete") if sqlite else ("change",):
            session.execute(text(f"DROP TRIGGER {table}_no_{act}{'' if sqlite else f' ON {table}'}"))

    def run(statement: str, **values: object) -> None:
        assert session.execute(text(statement), values).rowcount > 0, "nothing was broken"

    return run


def test_a_day_has_one_anchor_whoever_comes(session):
    a_client()
    first = anchored(session)

    assert anchors.make() is None
    assert anchored(session, days=1).day == first.day + timedelta(days=1)


def test_an_empty_journal_has_none(session):
    assert anchors.make() is None


def test_the_root_is_over_the_ends_of_all_chains(session):
    for _ in range(5):
        a_client()
    made = anchored(session)

    heads = session.execute(
        select(JournalHead.chain, JournalHead.number, JournalHead.hash).order_by(JournalHead.chain)
    ).all()
    assert made.root == rule.Tree(rule.leaf(*head) for head in heads).root.hex()
    assert (made.chains, made.entries) == (len(heads), sum(head.number for head in heads))


def test_a_chain_is_proven_in_an_old_anchor_though_all_went_on_since(session):
    client, others = a_client(), [a_client() for _ in range(4)]
    old = anchored(session)
    for each in (client, *others):
        an_interaction(client=each)
    new = a_client()

    proof = anchors.proof_of(client.id, old)

    assert proof is not None
    assert rule.led_up(rule.leaf(client.id, proof.number, proof.hash), proof.path).hex() == old.root
    assert anchors.proof_of(new.id, old) is None


def test_an_honest_journal_bears_out_every_anchor(session, tmp_path):
    file = tmp_path / "anchors.txt"
    late_comer = a_client()
    for days in range(4):
        an_interaction(client=late_comer)
        a_client()
        anchored(session, days)
        anchors.keep(file)
    an_interaction(client=late_comer)

    assert said(session, file) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal_entry SET hash = :hash WHERE chain = :chain AND number = 2",
        "DELETE FROM journal_entry WHERE chain = :chain AND number = 2",
        "UPDATE journal_anchor SET root = :hash WHERE id = (SELECT min(id) FROM journal_anchor)",
        "UPDATE journal_anchor SET entries = entries + 1 WHERE id = (SELECT min(id) FROM journal_anchor)",
    ],
)
def test_a_change_of_what_was_anchored_is_told_by_its_day(session, by_hand, change):
    client = a_client()
    an_interaction(client=client)
    anchored(session)
    values = {"chain": client.id, "hash": "ab" * 32}
    by_hand(change, **{name: value for name, value in values.items() if f":{name}" in change})

    assert len(said(session)) == 1
    assert "2026-03-02" in said(session)[0]


def test_a_chain_rewritten_with_its_head_is_told_by_the_anchor_alone(session, by_hand):
    """Whoever cuts the end off and mends the head leaves a chain that holds by itself."""
    client = a_client()
    an_interaction(client=client)
    anchored(session)
    by_hand("DELETE FROM journal_entry WHERE chain = :chain AND number = 2", chain=client.id)
    by_hand(
        "UPDATE journal_head SET number = 1, hash = (SELECT hash FROM journal_entry WHERE chain = :chain)"
        " WHERE chain = :chain",
        chain=client.id,
    )

    for told in (said(session), said(session, chain=client.id)):
        assert len(told) == 1
        assert f"client {client.id}, entry 2" in told[0]
        assert "2026-03-02" in told[0]


def test_only_chains_that_went_on_have_their_ends_kept_again(session):
    first, second = a_client(), a_client()
    one = anchored(session)
    an_interaction(client=second)
    two = anchored(session, days=1)

    kept = session.execute(select(JournalAnchorEnd.anchor_id, JournalAnchorEnd.chain)).all()
    assert {(one.id, first.id), (one.id, second.id), (two.id, second.id)} <= set(kept)
    assert (two.id, first.id) not in kept
    assert said(session) == said(session, chain=first.id) == said(session, chain=second.id) == []


def test_a_chain_made_anew_from_an_entry_on_is_named_and_the_others_are_not(session, by_hand):
    first, second = a_client(), a_client()
    anchored(session)
    an_interaction(client=first)
    an_interaction(client=second)
    anchored(session, days=1)
    an_interaction(client=first)
    anchored(session, days=2)
    by_hand("UPDATE journal_entry SET hash = :hash WHERE chain = :chain AND number = 2", hash="ab" * 32,
            chain=first.id)  # fmt: skip

    for told in (said(session), said(session, chain=first.id)):
        assert len(told) == 1
        assert f"client {first.id}, entry 2: it, or one from entry 2 on" in told[0]
        assert "2026-03-03" in told[0]
    assert said(session, chain=second.id) == []


def test_an_entry_put_into_the_past_is_named(session, by_hand):
    client = a_client()
    an_interaction(client=client)
    late = anchored(session)
    by_hand("UPDATE journal_anchor_end SET number = 1 WHERE chain = :chain", chain=client.id)
    assert "the ends kept with it" in said(session)[0]
    assert "the ends kept with it" in said(session, chain=client.id)[0]
    assert late.day.isoformat() in said(session)[0]


def test_an_anchor_without_ends_tells_which_clients_it_may_be(session, by_hand):
    client, other = a_client(), a_client()
    anchored(session)
    an_interaction(client=client)
    anchored(session, days=1)
    by_hand("DELETE FROM journal_anchor_end")
    assert said(session) == said(session, chain=client.id) == []
    by_hand("UPDATE journal_entry SET hash = :hash WHERE chain = :chain AND number = 2", hash="ab" * 32,
            chain=client.id)  # fmt: skip
    by_hand("UPDATE journal_head SET hash = :hash WHERE chain = :chain", hash="ab" * 32, chain=client.id)

    assert said(session)[0].endswith(f"clients no client, {client.id}")
    assert len(said(session, chain=other.id)) == 1, "of one client alone it can only be said that it is one"


@pytest.mark.parametrize("table", ["journal_anchor", "journal_anchor_end"])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_nothing_updates_or_deletes_an_anchor_nor_what_it_was_made_of(session, table, act):
    a_client()
    anchored(session)
    with pytest.raises(DBAPIError, match=r"(?i)anchor|foreign key"), session.begin_nested():
        session.execute(text(act.format(table)))


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("table", ["journal_anchor", "journal_anchor_end"])
def test_nothing_empties_them_at_one_stroke(session, table):
    with pytest.raises(DBAPIError, match="anchor"), session.begin_nested():
        session.execute(text(f"TRUNCATE {table} CASCADE"))


def test_the_file_is_its_owner_s_and_has_a_line_a_day(session, tmp_path):
    file = tmp_path / "anchors.txt"
    a_client()
    first = anchored(session)
    anchors.keep(file)
    anchors.keep(file)
    second = anchored(session, days=1)
    anchors.keep(file)

    assert file.read_text().splitlines() == [anchors.line(first), anchors.line(second)]
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_file_tells_of_anchors_rewritten_or_lost(session, tmp_path, by_hand):
    file = tmp_path / "anchors.txt"
    a_client()
    anchored(session)
    anchors.keep(file)
    honest = file.read_text()
    line_of_before = f"2020-01-01 {'ab' * 32} 1 1"

    file.write_text(honest.replace(honest.split()[1], "cd" * 32))
    assert len(said(session, file)) == 1
    for shortened in ("", f"{line_of_before}\n"):
        file.write_text(shortened)
        assert "the database has it, the file does not" in said(session, file)[0]
    file.unlink()
    assert said(session, file) == [], "a copy of the database has none"
    file.write_text(honest)
    by_hand("DELETE FROM journal_anchor_end")
    by_hand("DELETE FROM journal_anchor")
    assert len(said(session, file)) == 1
