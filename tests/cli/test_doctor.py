from datetime import timedelta

from sqlalchemy import select, text

from crmadmin.app import create_app
from crmadmin.core.db import db
from crmadmin.services import kpi_marks
from models import KpiMark
from models.kinds import KpiPart
from tests.conftest import NOON
from tests.factories import a_client, an_interaction, an_interaction_kind
from tests.support import a_database, settings_for

DAY = timedelta(days=1)


def ask(app, *words: str):
    return app.test_cli_runner().invoke(args=["doctor", *words])


def test_a_healthy_base_is_exit_code_0(app, session):
    a_client()

    assert ask(app).exit_code == 0


def test_a_fault_is_one_line_and_exit_code_1_until_it_is_mended(app, session):
    a_client()
    session.execute(text("UPDATE client SET name_fold = 'x'"))
    session.commit()

    answer = ask(app)
    assert (answer.exit_code, len(answer.stdout.splitlines())) == (1, 1)

    ask(app, "--repair")
    assert ask(app).exit_code == 0


def test_a_number_kept_of_somebody_is_counted_again(app, session):
    """What was rewritten is told by whose it is and of when, and mended; the others are left alone."""
    said = an_interaction(kind=an_interaction_kind(contact=True))
    week = [kpi_marks.work(said.person_id, NOON - 7 * DAY, NOON), kpi_marks.clients(said.person_id, NOON)]
    true = kpi_marks.figures(week)
    rewritten = session.scalars(select(KpiMark).where(KpiMark.part == KpiPart.work)).one()
    rewritten.figures = {**rewritten.figures, "contacts": 1000}
    session.commit()
    assert kpi_marks.figures(week) != true

    answer = ask(app)
    assert (answer.exit_code, len(answer.stdout.splitlines())) == (1, 1)
    assert str(said.person_id) in answer.stdout
    assert ask(app, "--repair").exit_code == 1
    assert ask(app).exit_code == 0
    session.expire_all()
    assert kpi_marks.figures(week) == true


def test_an_empty_database_is_told_to_be_brought_up(app, session, tmp_path):
    """The other app leaves the sessions pointing at its database: they are given back."""
    bind = db.get_bind()
    try:
        empty = create_app(settings_for(a_database("empty", tmp_path)), testing=True)
        answer = ask(empty)
    finally:
        opened = db.get_bind()
        db.remove()
        opened.dispose()
        db.configure(bind=bind)

    assert answer.exit_code == 1
    assert "db upgrade" in answer.stdout
