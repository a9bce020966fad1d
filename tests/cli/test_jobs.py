"""``jobs run``, alone and beside the server."""

import subprocess
import time

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from crmadmin.jobs.catalogue import JOBS
from models import JobRun, Letter, User
from models.kinds import LetterKind
from tests.cli.test_serve import a_free_port, fetched, run_to_its_end, running, started
from tests.conftest import NOON
from tests.factories import a_client, a_job_run
from tests.mail_server import mail_server
from tests.support import a_database


@pytest.fixture(autouse=True)
def anchors(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "ANCHORS_FILE", tmp_path / "anchors.txt")


def once(app):
    return app.test_cli_runner().invoke(args=["jobs", "run", "--once"])


def test_one_tick_has_a_line_for_each_job(app, session):
    a_client()
    answer = once(app)

    assert answer.exit_code == 0, answer.output
    assert [line.partition(":")[0] for line in answer.stdout.splitlines()] == [job.name for job in JOBS]
    assert "due: done" in answer.stdout
    assert "due: not due yet" in once(app).stdout


def test_one_that_fails_is_exit_code_1(app, session, tmp_path):
    a_client()
    (tmp_path / "anchors.txt").mkdir()
    answer = once(app)

    assert answer.exit_code == 1
    assert "anchor: failed (" in answer.stdout
    assert "anchor: failed lately, tried again soon" in once(app).stdout


def test_what_somebody_else_has_is_left_to_him(app, session, noon):
    a_job_run(name="due", holder="somebody", held_until=noon.replace(year=2030))

    assert "due: somebody else has it" in once(app).stdout


def test_an_old_schema_is_one_clear_line(tmp_path):
    answer = run_to_its_end("jobs", "run", "--once", port=1, database_url=a_database("jobs", tmp_path))

    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert "db upgrade" in answer.stderr


def test_it_runs_until_it_is_ended_politely(tmp_path):
    url = a_database("jobs", tmp_path)
    port = a_free_port()
    assert run_to_its_end("db", "upgrade", port=port, database_url=url).returncode == 0
    with running("jobs", "run", port=port, database_url=url, locale="en") as process:
        assert process.stdout.readline().startswith("A tick a minute")


def test_several_processes_send_each_letter_once(tmp_path):
    """Three at the same moment, on the same database, with the same letters waiting."""
    url, port = a_database("jobs", tmp_path), a_free_port()
    with mail_server() as box:
        told = {"database_url": url, "mail_url": box.url, "mail_from": "crm@example.ru"}
        assert run_to_its_end("db", "upgrade", port=port, **told).returncode == 0
        fill(url, letters=20)
        begun = [subprocess.Popen(**started(("jobs", "run", "--once"), port, told)) for _n in range(3)]
        said = [each.communicate(timeout=90)[0] for each in begun]

        assert [each.returncode for each in begun] == [0, 0, 0], said
        assert sorted(letter["Subject"] for letter in box.letters) == sorted(f"{n}" for n in range(20))
    assert "".join(said).count("post: ") == 3
    assert "".join(said).count("(20)") == 1


def fill(url, letters):
    """Somebody, and letters to him; past the program, which is not running."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with Session(engine) as session:
        person = User(name="Анна", login="anna", email="anna@example.ru", created_at=NOON)
        about = {"person": person, "kind": LetterKind.trial, "to": person.email, "text": "x", "html": "x"}
        for number in range(letters):
            mark = {"key": f"key-{number}", "subject": f"{number}", "made_at": NOON, "next_try_at": NOON}
            session.add(Letter(**about | mark))
        session.commit()
    engine.dispose()


def test_the_server_does_the_jobs_beside_its_pages(tmp_path):
    url, port = a_database("jobs", tmp_path), a_free_port()
    with running("serve", port=port, database_url=url):
        fetched(f"http://127.0.0.1:{port}/healthz", patience=60)
        engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.connect() as connection:
            asked = select(JobRun.done_at).where(JobRun.name == JOBS[-1].name)
            for _n in range(600):
                connection.rollback()
                if connection.scalar(asked) is not None:
                    break
                time.sleep(0.1)
            else:
                raise AssertionError("nobody did the jobs within a minute")
        engine.dispose()
