"""A tick does what is due, whatever else fails, and tells of the time in which there was none."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import OperationalError

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.i18n import lazy
from crmadmin.jobs import ticks
from crmadmin.jobs.catalogue import JOBS
from crmadmin.jobs.ticks import Job
from models import JobRun, JournalAnchor, Notice
from models.kinds import NoticeKind, Role
from tests.conftest import NOON
from tests.factories import a_client, a_job_run, a_user
from tests.support import settings_for


def job(name, act, **given):
    return Job(name, lazy("Sending letters"), act, **given)


def words(said):
    return [(each.job.name, each.what) for each in said]


def test_one_that_fails_stops_no_other_and_is_tried_again_after_a_pause(place):
    done = []

    def fails(_work):
        raise OSError("no route to host")

    jobs = [job("first", fails), job("second", lambda work: done.append(work.since) or "")]

    assert words(ticks.tick(jobs, place)) == [("first", "failed"), ("second", "done")]
    with clock.stopped_at(NOON + ticks.EVERY):
        assert words(ticks.tick(jobs, place)) == [("first", "pause"), ("second", "done")]
    with clock.stopped_at(NOON + timedelta(minutes=6)):
        assert words(ticks.tick(jobs, place)) == [("first", "failed"), ("second", "done")]
    assert done == [None, NOON, NOON + ticks.EVERY]


def test_a_second_tick_in_the_same_minute_does_nothing(place):
    done = []
    jobs = [job("first", lambda _work: done.append(1) or "")]
    ticks.tick(jobs, place)

    assert words(ticks.tick(jobs, place)) == [("first", "early")]
    assert done == [1]


def test_what_somebody_else_does_is_left_to_him(place):
    a_job_run(name="first", holder="somebody", held_until=NOON + timedelta(minutes=1))

    assert words(ticks.tick([job("first", lambda _work: "")], place)) == [("first", "held")]


def test_what_a_job_has_read_does_not_keep_it_from_being_done_when_others_write(engine, tmp_path):
    def reads(_work):
        db.scalar(select(JobRun.id))
        with engine.begin() as other:
            other.execute(insert(JobRun).values(name="another", holder="", error=""))
        return ""

    place = ticks.Place(settings_for("sqlite://"), tmp_path / "anchors.txt")
    assert words(ticks.tick([job("first", reads)], place)) == [("first", "done")]


def test_a_busy_database_is_no_failure_that_the_admins_hear_of(place, session):
    a_user(Role.admin)

    def busy(_work):
        cause = Exception("locked")
        cause.sqlite_errorcode = 5
        raise OperationalError("x", {}, cause)

    assert words(ticks.tick([job("first", busy)], place)) == [("first", "failed")]
    assert session.scalars(select(Notice)).all() == []


@pytest.mark.parametrize(
    ("done_at", "what"),
    [
        (datetime(2026, 3, 1, 23, 59, tzinfo=UTC), "done"),  # 2:59 in Moscow
        (datetime(2026, 3, 2, 0, 0, tzinfo=UTC), "early"),
        (None, "done"),
    ],
)
def test_once_a_day_from_a_minute_on(place, done_at, what):
    a_job_run(name="chains", done_at=done_at)

    assert words(ticks.tick([job("chains", lambda _work: "", minute=180)], place)) == [("chains", what)]


def test_before_its_minute_a_daily_job_is_yesterday_s(place):
    a_job_run(name="chains", done_at=NOON - timedelta(days=1))
    with clock.stopped_at(NOON - timedelta(hours=11)):  # 1:00 in Moscow
        assert words(ticks.tick([job("chains", lambda _work: "", minute=180)], place)) == [
            ("chains", "early")
        ]


def test_the_admins_are_told_of_the_time_in_which_nothing_was_done(place, session):
    admin = a_user(Role.admin)
    a_user(Role.manager)
    a_job_run(name=ticks.TICK, done_at=NOON - timedelta(days=3))
    for _n in range(2):
        ticks.tick([], place)

    (told,) = session.scalars(select(Notice))
    assert (told.person_id, told.kind) == (admin.id, NoticeKind.job_missed)
    assert told.data["from"].startswith("2026-02-27")


def test_the_admins_are_told_of_a_job_that_fails_once_a_day(place, session):
    a_user(Role.admin)

    def fails(_work):
        raise ValueError

    a_job_run(name="first", done_at=NOON - timedelta(hours=2))
    for minutes in (0, 10):
        with clock.stopped_at(NOON + timedelta(minutes=minutes)):
            ticks.tick([job("first", fails)], place)

    (told,) = session.scalars(select(Notice))
    assert told.data["job"] == "first"


def test_all_the_jobs_of_the_program_are_done(place, session):
    a_client(curator=a_user(email="anna@example.ru"))
    said = ticks.tick(JOBS, place)

    assert [each for each in said if each.what != "done"] == []
    assert session.scalars(select(JournalAnchor.day)).all() == [NOON.date()]
    assert place.anchors.read_text().startswith("2026-03-02")
    assert len(list(session.scalars(select(JobRun)))) == len(JOBS) + 1
    assert [path.suffix for path in (place.anchors.parent / "letters").iterdir()] == [".eml"]


def test_a_tick_that_is_to_end_begins_no_further_job(place):
    assert ticks.tick(JOBS, place, lambda: False) == []
