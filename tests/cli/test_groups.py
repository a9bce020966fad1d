"""The rules of groups from the command line."""

from datetime import timedelta

from sqlalchemy import select

from crmadmin.core import clock
from models import BulkAct, Client, JournalEntry
from tests.factories import a_client, a_client_group, a_group_rule

OLD = {"all": [{"all": [{"fact": "age_days", "is": "at_least", "value": 100}]}]}


def run(app, *words):
    return app.test_cli_runner().invoke(args=["groups", "run", *words])


def test_a_dry_run_says_who_would_move_and_moves_nobody(session, app):
    group = a_client_group(name_ru="старые")
    a_group_rule(name="Давно", group=group, conditions=OLD)
    client = a_client(created_at=clock.now() - timedelta(days=101))
    was = client.group_id

    answer = run(app, "--dry-run")

    assert answer.exit_code == 0
    assert "старые: Давно" in answer.output
    assert session.get(Client, client.id, populate_existing=True).group_id == was


def test_it_is_done_by_the_program_and_the_second_time_leaves_no_trace(session, app):
    rule = a_group_rule(conditions=OLD)
    client = a_client(created_at=clock.now() - timedelta(days=101))

    assert "1 client moved." in run(app).output
    assert "Nobody would move." in run(app).output

    assert session.get(Client, client.id, populate_existing=True).group_id == rule.group_id
    (act,) = session.scalars(select(BulkAct)).all()
    assert act.by_id is None
    told = session.scalars(select(JournalEntry).where(JournalEntry.kind == "group_moved")).one()
    assert (told.by_id, told.by_name) == (None, "crmadmin")


def test_without_rules_there_is_nothing_to_do(session, app):
    a_client()
    assert "Nobody would move." in run(app).output
    assert "No rule is switched on." in run(app, "--dry-run").output
