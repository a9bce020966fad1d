import os
import stat
import threading

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from crmadmin.core import clock, db
from crmadmin.core.db import going_to_write
from models import Client
from tests.factories import a_client


def test_a_naive_moment_never_reaches_the_database(session, noon):
    client = a_client()
    client.archived_at = noon.replace(tzinfo=None)
    with pytest.raises(Exception, match="naive"):
        session.flush()


def test_a_moment_comes_back_as_it_went(session, noon):
    client = a_client(archived_at=noon)
    session.expire_all()
    assert session.get(Client, client.id).archived_at == noon


def test_foreign_keys_hold(session):
    a_client()
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text("UPDATE client SET group_id = 999999"))


def test_two_writers_that_read_first_wait_for_each_other_on_sqlite(tmp_path):
    """Without BEGIN IMMEDIATE the second is refused at once: it has read what the first then changed."""
    engine = create_engine(f"sqlite:///{tmp_path}/two.db", connect_args={"timeout": 30})
    db.event.listen(engine, "connect", db._teach_sqlite)
    db.event.listen(engine, "begin", db._begin)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (n INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))

    def count_up():
        going_to_write(True)
        for _ in range(20):
            with engine.begin() as connection:
                n = connection.scalar(text("SELECT n FROM counter"))
                connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with engine.connect() as connection:
        assert connection.scalar(text("SELECT n FROM counter")) == 80
    engine.dispose()


def test_the_clock_can_be_stopped(noon):
    assert clock.now() == noon


def test_the_journal_can_be_read_with_an_sql_console(session):
    client = a_client(name="Ёлка «Мост»")

    told = text(
        "SELECT CAST(data AS TEXT) FROM journal_entry WHERE client_id = :id AND kind = 'client_created'"
    )

    assert "Ёлка «Мост»" in session.scalar(told, {"id": client.id})


@pytest.mark.skipif(os.name == "nt", reason="Windows has rights of its own")
def test_what_sqlite_keeps_is_the_owners_only(app, tmp_path):
    """The log and its index, which SQLite keeps beside the file, have the rights of the file."""
    before, umask = db.db.get_bind(), os.umask(0o022)
    engine = db.connect(f"sqlite:///{tmp_path}/own.db")
    try:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE counter (n INTEGER)"))
            rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    finally:
        os.umask(umask)
        engine.dispose()
        db.db.remove()
        db.db.configure(bind=before)
    assert rights == dict.fromkeys(("own.db", "own.db-wal", "own.db-shm"), 0o600)


def test_a_folder_that_is_not_there_is_told_by_sqlite_itself(app, tmp_path):
    before = db.db.get_bind()
    engine = db.connect(f"sqlite:///{tmp_path}/nowhere/own.db")
    try:
        with pytest.raises(DBAPIError, match="unable to open"):
            engine.connect()
    finally:
        db.db.configure(bind=before)
