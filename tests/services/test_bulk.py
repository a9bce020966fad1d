"""An act on many clients: by whom, on which of them, told how, gone on with after an interruption."""

from contextlib import suppress

import pytest
from sqlalchemy import func, select, text

from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.services import bulk, doctor, journal_check
from models import BulkAct, BulkRow, Client, CuratorPeriod, JournalEntry
from models.kinds import BulkKind, Role
from tests.factories import (
    a_client,
    a_client_group,
    a_tag,
    a_user,
)
from tests.services.bulking import (
    NOTHING_WRONG,
    act_of,
    acts,
    done,
    everything,
    finished,
    last_number,
    of,
    told,
    undone,
)  # fmt: skip


@pytest.fixture(autouse=True)
def small_slices(monkeypatch):
    monkeypatch.setattr(bulk, "SLICE", 3)


@pytest.mark.parametrize("kind", acts())
def test_an_act_changes_each_client_tells_of_it_once_and_is_undone(session, kind):
    head = a_user(Role.head)
    rows = [a_client(curator=a_user() if n % 2 else None, tags=[a_tag()]) for n in range(7)]
    before = {row.id: everything(row) for row in rows}
    numbers = {row.id: last_number(session, row) for row in rows}

    act = done(acts()[kind](), of(rows), head)

    assert act.counts == {"done": 7}
    for row in rows:
        assert everything(row) != before[row.id]
        assert len(told(session, row, since=numbers[row.id])) == 1
    undone(act, head)
    assert act.counts == {"undone": 7}
    session.expire_all()
    assert {row.id: everything(row) for row in rows} == before
    assert list(journal_check.faults(session)) == NOTHING_WRONG
    assert list(doctor.faults(session)) == NOTHING_WRONG


def test_only_what_is_ones_own_is_changed_and_the_rest_is_refused_with_its_reason(session):
    me = a_user()
    rows = [a_client(curator=me), a_client(curator=a_user()), a_client()]
    group = a_client_group()
    session.get_one(Client, rows[0].id)

    act = done(act_of(BulkKind.group, group, reason="Осмотр"), of(rows), me)

    assert act.counts == {"done": 1, "not_yours": 2}
    session.expire_all()
    assert [row.group_id == group.id for row in rows] == [True, False, False]


@pytest.mark.parametrize(
    ("role", "kind", "allowed"),
    [
        (Role.manager, BulkKind.curator, False), (Role.head, BulkKind.curator, True),
        (Role.colleague, BulkKind.plan, False), (Role.colleague, BulkKind.tag, False),
        (Role.manager, BulkKind.tag, True), (Role.admin, BulkKind.archive, True),
    ],
)  # fmt: skip
def test_each_act_needs_its_right(session, role, kind, allowed):
    by = a_user(role)
    rows = [a_client(curator=by if role is Role.manager else None)]
    if allowed:
        assert done(acts()[kind](), of(rows), by).counts == {"done": 1}
    else:
        with pytest.raises(NotAllowed):
            done(acts()[kind](), of(rows), by)


def test_what_stands_so_already_is_left_without_an_entry(session):
    group = a_client_group()
    there, elsewhere = a_client(group=group), a_client()
    number = last_number(session, there)

    act = done(act_of(BulkKind.group, group, reason="Осмотр"), of([there, elsewhere]), a_user(Role.head))

    assert act.counts == {"same": 1, "done": 1}
    assert last_number(session, there) == number


def test_the_entry_says_what_a_form_would_say_and_names_the_act(session):
    head, group, row = a_user(Role.head), a_client_group(), a_client()
    old = row.group

    act = done(act_of(BulkKind.group, group, reason="Осмотр"), of([row]), head)

    (entry,) = [each for each in told(session, row) if each.kind == "group_moved"]
    assert entry.by_name == head.name
    assert entry.data == {
        "group_id": [{"id": old.id, "name": old.name_ru}, {"id": group.id, "name": group.name_ru}],
        "reason": [None, "Осмотр"],
        "bulk_act": [None, act.id],
    }


def test_a_new_curator_ends_one_period_and_begins_another(session):
    head, before, after = a_user(Role.head), a_user(), a_user()
    row = a_client(curator=before)

    act = done(act_of(BulkKind.curator, after, reason="Передача"), of([row]), head)
    undone(act, head)

    asked = select(CuratorPeriod).where(CuratorPeriod.client_id == row.id).order_by(CuratorPeriod.id)
    periods = session.scalars(asked).all()
    assert [period.curator_id for period in periods] == [before.id, after.id, before.id]
    assert [period.ended_at is None for period in periods] == [False, False, True]
    assert periods[1].reason == "Передача"


def test_a_curator_is_taken_off(session):
    head, row = a_user(Role.head), a_client(curator=a_user())

    done(act_of(BulkKind.curator, None, reason="Ушёл", nothing=True), of([row]), head)

    session.expire_all()
    assert row.curator_id is None
    assert told(session, row)[-1].kind == "curator_ended"


def test_nobody_gets_clients_who_has_left(session):
    with pytest.raises(DomainError):
        done(act_of(BulkKind.curator, a_user(active=False), reason="x"), of([a_client()]), a_user(Role.head))


def test_an_act_killed_between_its_slices_goes_on_where_it_was(session):
    head, rows = a_user(Role.head), [a_client() for _n in range(8)]
    with transaction(by=head):
        act = bulk.begin(act_of(BulkKind.archive), of(rows), by=head)
    with transaction(by=head):
        bulk.go_on(act.id, by=head)
    with suppress(KeyboardInterrupt), transaction(by=head):
        bulk.go_on(act.id, by=head)
        raise KeyboardInterrupt  # killed before the slice is kept

    session.expire_all()
    assert sum(row.archived for row in rows) == 3
    finished(session.get_one(BulkAct, act.id), head)

    session.expire_all()
    assert all(row.archived for row in rows)
    entries = select(func.count()).where(JournalEntry.kind == "client_archived")
    assert session.scalar(entries) == len(rows)


def test_two_acts_by_turns_keep_every_chain_whole(session):
    head, other = a_user(Role.head), a_user(Role.head)
    rows = [a_client() for _n in range(7)]
    with transaction(by=head):
        one = bulk.begin(act_of(BulkKind.archive), of(rows), by=head)
        two = bulk.begin(act_of(BulkKind.tag, a_tag()), of(rows), by=other)
    for _turn in range(4):
        for act, by in ((one, head), (two, other)):
            with transaction(by=by):
                bulk.go_on(act.id, by=by)

    assert one.counts == two.counts == {"done": 7}
    assert list(journal_check.faults(session)) == NOTHING_WRONG


def test_only_whoever_began_goes_on(session):
    head = a_user(Role.head)
    with transaction(by=head):
        act = bulk.begin(act_of(BulkKind.archive), of([a_client()]), by=head)

    with pytest.raises(NotAllowed):
        bulk.go_on(act.id, by=a_user(Role.head))


def test_the_same_key_is_one_act_and_nobody_elses(session):
    head, row = a_user(Role.head), a_client()
    first = done(act_of(BulkKind.archive), of([row]), head)

    assert done(act_of(BulkKind.archive), of([row]), head).id == first.id
    with pytest.raises(NotAllowed):
        done(act_of(BulkKind.archive), of([row]), a_user(Role.head))


def test_a_preview_says_what_the_act_then_does_and_changes_nothing(session):
    me = a_user()
    group = a_client_group()
    rows = [a_client(curator=me), a_client(curator=me, group=group), a_client()]
    act = act_of(BulkKind.group, group, reason="Осмотр")
    entries = session.scalar(select(func.count()).select_from(JournalEntry))

    seen = bulk.preview(act, of(rows), by=me)

    assert session.scalar(select(func.count()).select_from(JournalEntry)) == entries
    assert session.scalar(select(func.count()).select_from(BulkRow)) == 0
    assert done(act, of(rows), me).counts == {word.value: number for word, number in seen.items()}


@pytest.mark.only_on("postgresql", why="SQLite's index has no list of rows that wait")
def test_when_an_act_is_over_no_row_waits_for_its_search_index(session):
    waits = text("SELECT gin_clean_pending_list('ix_client_search_text_trgm')")
    rows = [a_client() for _n in range(7)]
    session.flush()
    session.execute(waits)

    done(act_of(BulkKind.archive), of(rows), a_user(Role.head))

    assert session.scalar(waits) == 0
