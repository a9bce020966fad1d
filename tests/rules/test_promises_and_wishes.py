from datetime import UTC, date, datetime, timedelta

import pytest

from crmadmin.rules.promises import outcome
from crmadmin.rules.wishes import come_back_on
from models.kinds import PromiseState

DUE = datetime(2026, 3, 5, 20, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("late_by", "state"),
    [(timedelta(days=-1), PromiseState.kept), (timedelta(), PromiseState.kept),
     (timedelta(microseconds=1), PromiseState.kept_late)],
)  # fmt: skip
def test_a_promise_is_kept_in_time_up_to_its_last_moment(late_by, state):
    assert outcome(DUE, DUE + late_by) is state


@pytest.mark.parametrize(
    ("season", "lead", "today", "when"),
    [
        (6, 30, date(2026, 3, 2), date(2026, 5, 2)),
        (6, 0, date(2026, 3, 2), date(2026, 6, 1)),
        (3, 30, date(2026, 3, 2), date(2027, 1, 30)),  # this March has begun: it is about the next
        (4, 60, date(2026, 3, 2), date(2026, 3, 2)),  # late already: at once
        (1, 30, date(2026, 12, 31), date(2026, 12, 31)),
        (2, 400, date(2026, 3, 2), date(2026, 3, 2)),
        (None, 30, date(2026, 3, 2), date(2026, 4, 1)),
        (None, 0, date(2026, 3, 2), date(2026, 3, 2)),
    ],
)
def test_one_comes_back_so_many_days_before_the_season(season, lead, today, when):
    assert come_back_on(season, lead, today) == when
