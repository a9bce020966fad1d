"""Acts on many clients while others are at the same rows: each waits for his turn, and nothing is lost."""

import threading
from contextvars import copy_context

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crmadmin.core.db import db, going_to_write, transaction
from crmadmin.core.errors import DomainError
from crmadmin.formats import layouts
from crmadmin.formats.tables import Row
from crmadmin.services import bulk, bulk_undo, imports, journal_check
from models import BulkAct, Client, JournalEntry, User
from models.kinds import BulkKind, Role
from tests.factories import a_client, a_client_group, a_user
from tests.services.bulking import act_of, done, finished, of


@pytest.fixture(autouse=True)
def small_slices(monkeypatch):
    monkeypatch.setattr(bulk, "SLICE", 10)


def together(*parts):
    """Each in a thread and a session of its own, by the test's clock; whatever one raises fails the test."""
    wrong: list[BaseException] = []

    def guarded(part):
        try:
            going_to_write(True)
            part()
        except BaseException as error:
            wrong.append(error)
        finally:
            db.remove()

    threads = [threading.Thread(target=copy_context().run, args=(guarded, part)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert wrong == []


def soon(event):
    """Set in a moment, when the other one has had time to begin and to wait."""
    threading.Timer(0.5, event.set).start()


def kept(engine, act_id):
    with Session(engine) as session:
        return session.get_one(BulkAct, act_id)


def entries(engine, kind):
    with Session(engine) as session:
        return session.scalar(select(func.count()).where(JournalEntry.kind == kind))


def faults(engine):
    with Session(engine) as session:
        return list(journal_check.faults(session))


def test_an_undo_begun_while_a_slice_runs_undoes_that_slice_too(engine):
    head, group, rows = a_user(Role.head), a_client_group(), [a_client() for _n in range(40)]
    with transaction(by=head):
        act = bulk.begin(act_of(BulkKind.group, group, reason="x"), of(rows), by=head)
        bulk.go_on(act.id, by=head)
    act_id, head_id, group_id = act.id, head.id, group.id
    db.remove()
    inside, finish = threading.Event(), threading.Event()

    def next_slice():
        by = db.get_one(User, head_id)
        with transaction(by=by):
            bulk.go_on(act_id, by=by)
            inside.set()
            finish.wait(20)

    def undo():
        inside.wait(20)
        soon(finish)
        by, act = db.get_one(User, head_id), db.get_one(BulkAct, act_id)
        db.commit()
        with transaction(by=by):
            bulk_undo.begin(act, by=by)
        finished(act, by)

    together(next_slice, undo)

    with Session(engine) as session:
        assert session.scalar(select(func.count()).where(Client.group_id == group_id)) == 0
    assert kept(engine, act_id).counts == {"undone": 20, "waiting": 20}
    assert faults(engine) == []


def test_an_undo_sent_twice_is_told_once(engine):
    head, other, rows = a_user(Role.head), a_user(Role.admin), [a_client() for _n in range(5)]
    act_id = done(act_of(BulkKind.archive), of(rows), head).id
    ids = head.id, other.id
    db.remove()
    inside, finish = threading.Event(), threading.Event()

    def first():
        by, act = db.get_one(User, ids[0]), db.get_one(BulkAct, act_id)
        with transaction(by=by):
            bulk_undo.begin(act, by=by)
            inside.set()
            finish.wait(20)
            bulk.go_on(act_id, by=by)

    def second():
        inside.wait(20)
        soon(finish)
        by, act = db.get_one(User, ids[1]), db.get_one(BulkAct, act_id)
        db.commit()
        with pytest.raises(DomainError), transaction(by=by):
            bulk_undo.begin(act, by=by)

    together(first, second)

    assert entries(engine, "bulk_undone") == 1
    assert (kept(engine, act_id).undo_by_id, kept(engine, act_id).counts) == (ids[0], {"undone": 5})
    assert faults(engine) == []


def test_an_act_and_an_import_wait_for_each_other_in_one_order(engine):
    """Neither holds the chain of what belongs to no client while it waits for one."""
    a_client_group(code="potential")
    head, group = a_user(Role.head), a_client_group()
    row = a_client(name="Ромашка", inn="7707083893")
    client_id, group_id, head_id = row.id, group.id, head.id
    act = act_of(BulkKind.group, group, reason="x")
    db.remove()
    inside, finish = threading.Event(), threading.Event()

    def lines():
        yield Row(2, {"Название": "Ромашка", "ИНН": "7707083893", "Город": "Омск"})
        inside.set()
        finish.wait(20)
        yield Row(3, {"Название": "Лютик", "ИНН": "", "Город": "Томск"})

    def bring_in():
        by, layout = db.get_one(User, head_id), layouts.named("own_ru").among(["Название", "ИНН", "Город"])
        with transaction(by=by):
            imports.run(db, lines(), layout, by=by, at_once=1)

    def move():
        inside.wait(20)
        soon(finish)
        by = db.get_one(User, head_id)
        with transaction(by=by):
            begun = bulk.begin(act, [Client.id == client_id], by=by)
            bulk.go_on(begun.id, by=by)

    together(bring_in, move)

    with Session(engine) as session:
        client = session.get_one(Client, client_id)
        assert (client.city, client.group_id) == ("Омск", group_id)
    assert (entries(engine, "import"), entries(engine, "bulk_begun")) == (1, 1)
    assert faults(engine) == []
