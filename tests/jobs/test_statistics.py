"""Each night SQLite looks how its rows lie; PostgreSQL does so by itself."""

import pytest
from sqlalchemy import text

from crmadmin.core import clock
from crmadmin.core.db import let_go, reading, transaction
from crmadmin.jobs import statistics
from crmadmin.jobs.catalogue import JOBS
from crmadmin.jobs.ticks import Place, Work
from tests import factories as make


def test_it_is_done_once_a_day():
    (job,) = (each for each in JOBS if each.act is statistics.gather)
    assert job.minute is not None


@pytest.mark.only_on("sqlite", why="PostgreSQL gathers its statistics unasked")
def test_what_it_found_is_kept_and_nobody_is_kept_from_writing_afterwards(app, engine, tmp_path):
    with make.together():
        for _n in range(3):
            group = make.a_client_group()
            for _k in range(4):
                make.a_client(group=group)
    place = Place(app.config["CRM"], tmp_path)
    with let_go():
        statistics.gather(Work(place, clock.now(), None, lambda: None))
    with reading(engine) as connection:
        asked = text("SELECT stat FROM sqlite_stat1 WHERE idx = 'ix_client_group_id_name_fold'")
        found = connection.scalar(asked)
    assert found.split()[:2] == ["12", "4"]
    with transaction():
        make.a_client()
