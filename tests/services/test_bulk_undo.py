"""Undoing an act on many clients: what is put back, what stays, who may."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from crmadmin.core import clock
from crmadmin.core.db import transaction
from crmadmin.core.errors import NotAllowed
from crmadmin.services import bulk, bulk_undo, clients, journal_check
from models import BulkAct, Client
from models.kinds import BulkKind, Role
from tests.factories import (
    a_client,
    a_tag,
    a_user,
)
from tests.services.bulking import (
    NOTHING_WRONG,
    act_of,
    acts,
    done,
    everything,
    of,
    undone,
)  # fmt: skip


@pytest.fixture(autouse=True)
def small_slices(monkeypatch):
    monkeypatch.setattr(bulk, "SLICE", 3)


def test_what_was_changed_since_is_left_unless_it_is_picked(session):
    head, other = a_user(Role.head), a_user(Role.head)
    rows = [a_client(), a_client()]
    act = done(act_of(BulkKind.archive), of(rows), head)
    with transaction(by=other):
        clients.restore(session.get_one(Client, rows[0].id), by=other)

    (touched,) = bulk_undo.touched(act, by=head)
    undone(act, head)

    assert (touched.client.id, touched.by_name, touched.at) == (rows[0].id, other.name, clock.now())
    assert act.counts == {"touched": 1, "undone": 1}


def test_an_act_is_undone_by_whoever_did_it_or_the_head(session):
    me, head = a_user(), a_user(Role.head)
    row = a_client(curator=me)
    act = done(act_of(BulkKind.tag, a_tag()), of([row]), me)

    with pytest.raises(NotAllowed):
        undone(act, a_user())
    undone(act, head)

    session.expire_all()
    assert row.tags == []


def test_a_client_that_is_no_longer_ones_own_stays_as_it_is(session):
    me = a_user()
    row = a_client(curator=me)
    act = done(act_of(BulkKind.tag, a_tag()), of([row]), me)
    done(act_of(BulkKind.curator, a_user(), reason="x"), of([row]), a_user(Role.head))

    undone(act, me)

    assert act.counts == {"stays": 1}
    session.expire_all()
    assert len(row.tags) == 1


def test_an_interrupted_act_is_undone_as_far_as_it_went(session):
    head, rows = a_user(Role.head), [a_client() for _n in range(5)]
    with transaction(by=head):
        act = bulk.begin(act_of(BulkKind.archive), of(rows), by=head)
    with transaction(by=head):
        bulk.go_on(act.id, by=head)

    undone(act, head)

    session.expire_all()
    assert act.counts == {"undone": 3, "waiting": 2}
    assert not any(row.archived for row in rows)


_KINDS = some.lists(some.sampled_from([*acts(), BulkKind.restore, BulkKind.untag]), min_size=1, max_size=4)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kinds=_KINDS, ticked=some.sets(some.integers(0, 5), min_size=1))
def test_acts_undone_in_turn_leave_every_client_as_it_was(session, kinds, ticked):
    head, tag = a_user(Role.head), a_tag()
    rows = [
        a_client(
            curator=a_user() if n % 2 else None,
            archived_at=clock.now() - timedelta(days=n) if n % 3 == 0 else None,
            tags=[tag] if n % 2 else [],
        )
        for n in range(6)
    ]
    before = [everything(row) for row in rows]
    makers = acts() | {
        BulkKind.restore: lambda: act_of(BulkKind.restore),
        BulkKind.untag: lambda: act_of(BulkKind.untag, tag),
    }

    did: list[BulkAct] = []
    for number, kind in enumerate(kinds):
        act = makers[kind]()
        act.key = f"{head.id}-{number}"
        did.append(done(act, of([rows[n] for n in ticked]), head))
    for act in reversed(did):
        if act.counts.get("done"):
            undone(act, head)

    session.expire_all()
    assert [everything(row) for row in rows] == before
    assert list(journal_check.faults(session)) == NOTHING_WRONG
