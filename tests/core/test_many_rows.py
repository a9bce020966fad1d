"""Many rows in one statement: every type of column arrives, and nothing of it outlives the transaction."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from crmadmin.core import clock
from crmadmin.core.db import transaction
from crmadmin.core.many_rows import expect_many, insert_rows, sort_in, update_rows
from models import BulkAct, BulkRow, Client
from models.kinds import BulkKind, BulkVerdict
from tests.factories import a_client

ACTS, ROWS, CLIENTS = BulkAct.__table__, BulkRow.__table__, Client.__table__


def an_act(key, parameters):
    return {
        "kind": BulkKind.tag, "target_id": None, "parameters": parameters, "key": key, "at": clock.now(),
        "by_id": 7, "total": 1, "left": 1, "counts": {},
    }  # fmt: skip


def test_rows_keep_words_moments_objects_and_nothing_at_all(session):
    said = [{"note": 'кавычки " и {скобки}', "list": [1, None]}, {}]

    insert_rows(session(), ACTS, [an_act("one", said[0]), an_act("two", said[1])])

    acts = session.scalars(select(BulkAct).order_by(BulkAct.key)).all()
    assert [act.parameters for act in acts] == said
    assert {(act.kind, act.target_id, act.at, act.by_name) for act in acts} == {
        (BulkKind.tag, None, acts[0].at, "")
    }
    assert clock.now() - acts[0].at < timedelta(minutes=1)


def test_each_row_gets_its_own_values_and_others_none(session):
    insert_rows(session(), ACTS, [an_act("one", {})])
    act = session.scalars(select(BulkAct)).one()
    clients = [a_client() for _n in range(3)]
    waiting = BulkVerdict.waiting
    insert_rows(
        session(), ROWS, [{"act_id": act.id, "client_id": row.id, "verdict": waiting} for row in clients]
    )
    first, second, third = session.scalars(select(BulkRow).order_by(BulkRow.client_id)).all()
    now = clock.now()

    update_rows(
        session(), ROWS, "id",
        [
            {"id": first.id, "verdict": BulkVerdict.done, "before_id": 5, "archived_at": None},
            {"id": second.id, "verdict": BulkVerdict.same, "before_id": None, "archived_at": now},
        ],
    )  # fmt: skip

    session.expire_all()
    assert (first.verdict, first.before_id, first.archived_at) == (BulkVerdict.done, 5, None)
    assert (second.verdict, second.before_id, second.archived_at) == (BulkVerdict.same, None, now)
    assert (third.verdict, third.before_id) == (waiting, None)


def test_no_rows_are_no_statement(session):
    insert_rows(session(), ROWS, [])
    update_rows(session(), ROWS, "id", [])


def setting(session, name):
    return session.scalar(text(f"SHOW {name}"))


@pytest.mark.only_on("postgresql", why="SQLite has no such settings")
def test_what_an_act_on_many_asks_of_postgresql_ends_with_its_transaction(engine):
    with transaction() as session:
        expect_many(session())
        assert setting(session, "plan_cache_mode") == "auto"
        assert setting(session, "gin_pending_list_limit") == "16MB"
    with transaction() as session:
        assert setting(session, "plan_cache_mode") == "force_custom_plan"
        assert setting(session, "gin_pending_list_limit") == "256kB"


@pytest.mark.only_on("postgresql", why="SQLite's index has no such list")
def test_what_many_rows_are_found_by_does_not_wait_in_a_list(session):
    a_client(name="Ромашка")
    waits = text("SELECT gin_clean_pending_list('ix_client_search_text_trgm')")

    sort_in(session(), CLIENTS)

    assert session.scalar(waits) == 0
    a_client(name="Василёк")
    assert session.scalar(waits) > 0
