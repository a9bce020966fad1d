"""The client's task: one is open, its solution is a proposal, and it ends in words."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from crmadmin.core import clock
from crmadmin.core.errors import DomainError
from crmadmin.services import tasks
from models import ClientTask, JournalEntry
from models.kinds import TaskState
from tests import factories as make


@pytest.fixture
def client(session):
    return make.a_client()


def events(session, client):
    asked = select(JournalEntry.kind).where(JournalEntry.client_id == client.id).order_by(JournalEntry.number)
    return [kind for kind in session.scalars(asked) if "task" in kind]


def test_a_task_is_proposed_and_accepted_and_each_step_is_in_the_journal(session, client):
    me = make.a_user()
    task = tasks.begin(client, problem=" Нужен насос к марту ", by=me)
    assert (task.problem, task.state, task.proposed_at) == ("Нужен насос к марту", TaskState.open, None)
    tasks.reword(task, problem="Нужен насос к апрелю", solution="", by=me)
    session.flush()
    tasks.reword(task, problem=task.problem, solution="Н-200, 40 дней", by=me)
    session.flush()
    proposed = task.proposed_at
    assert (task.state, proposed) == (TaskState.proposed, clock.now()) or proposed is not None
    tasks.reword(task, problem=task.problem, solution="Н-300", by=me)
    session.flush()
    assert task.proposed_at == proposed
    tasks.close(task, state=TaskState.accepted, outcome="", by=me)
    session.flush()

    assert tasks.open_task(client) is None
    assert events(session, client) == [
        "client_task_created", "client_task_changed", "client_task_proposed", "client_task_changed",
        "client_task_accepted",
    ]  # fmt: skip


def refused(field, act, *args, **given):
    with pytest.raises(DomainError) as refusal:
        act(*args, **given)
    assert refusal.value.field == field


def test_what_makes_no_sense_is_refused_at_its_field(session, client):
    me = make.a_user()
    refused("problem", tasks.begin, client, problem=" \x00 ", by=me)
    refused("problem", tasks.begin, client, problem="x" * 4_001, by=me)
    task = tasks.begin(client, problem="x", by=me)
    refused("problem", tasks.begin, client, problem="another", by=me)
    refused("solution", tasks.close, task, state=TaskState.accepted, outcome="", by=me)
    refused("outcome", tasks.close, task, state=TaskState.dropped, outcome=" ", by=me)
    tasks.reword(task, problem="x", solution="y", by=me)
    refused("solution", tasks.reword, task, problem="x", solution="", by=me)
    tasks.close(task, state=TaskState.dropped, outcome="передумали", by=me)
    refused(None, tasks.reword, task, problem="x", solution="z", by=me)
    put_away = make.a_client(archived_at=clock.now() - timedelta(days=1))
    refused("problem", tasks.begin, put_away, problem="x", by=me)


def test_the_database_keeps_one_open_task_a_client(session, client):
    make.a_client_task(client=client)
    with pytest.raises(IntegrityError):
        make.a_client_task(client=client)
    session.rollback()
    assert len(session.scalars(select(ClientTask)).all()) <= 1
