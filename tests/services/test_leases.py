"""A job has one holder, whoever else comes at the same moment, and is free again after a crash."""

from datetime import timedelta

import pytest

from crmadmin.core import clock
from crmadmin.core.db import db, transaction
from crmadmin.services import leases
from models import JobRun
from tests.conftest import NOON
from tests.in_turn import in_turn

MINUTE = timedelta(minutes=1)


def taken(holder="one", due=NOON):
    with transaction():
        return leases.take("due", holder, due)


def test_of_two_at_the_same_moment_one_gets_it(engine):
    def first(pause):
        with transaction():
            lease = leases.take("due", "one", NOON)
            pause()
        return lease

    mine, theirs = in_turn(first, lambda: taken("two"))

    assert mine.holder == "one"
    assert theirs is None


def test_also_where_it_was_done_before(engine):
    with transaction():
        leases.done(leases.take("due", "before", NOON))
    with clock.stopped_at(NOON + MINUTE):
        test_of_two_at_the_same_moment_one_gets_it(engine)


def test_what_is_done_is_not_due_until_then(session):
    leases.done(taken())

    assert taken("two", due=NOON - MINUTE) is None
    with clock.stopped_at(NOON + MINUTE):
        again = taken("two", due=NOON)
    assert again.since == NOON
    assert again.at == NOON + MINUTE


def test_a_crash_frees_it_after_the_lease_and_not_before(session):
    crashed = taken()
    with clock.stopped_at(NOON + leases.LENGTH - MINUTE):
        assert taken("two") is None
    with clock.stopped_at(NOON + leases.LENGTH):
        again = taken("two")
        assert again.since is None, "nothing was done"
        with pytest.raises(leases.Lost):
            leases.done(crashed)
        with pytest.raises(leases.Lost):
            leases.hold(crashed)
        leases.done(again)


def test_whoever_takes_longer_says_so(session):
    lease = taken()
    with clock.stopped_at(NOON + leases.LENGTH - MINUTE):
        leases.hold(lease)
    with clock.stopped_at(NOON + leases.LENGTH + MINUTE):
        assert taken("two") is None


def test_a_failure_is_kept_with_its_reason_and_tried_again_after_a_pause(session):
    leases.failed(taken(), "no route to host" * 100)
    row = db.query(JobRun).one()

    assert row.error.startswith("no route")
    assert taken("two") is None
    with clock.stopped_at(NOON + leases.PAUSE):
        leases.done(taken("two"))
    db.refresh(row)
    assert row.error == ""
