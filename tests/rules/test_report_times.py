"""When pages of numbers go out by themselves."""

from datetime import date

import pytest

from crmadmin.rules import report_times as rule
from crmadmin.rules.report_times import About
from models.kinds import Every

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("every", "day", "first", "last"),
    [
        (Every.week, MONDAY, date(2026, 2, 23), date(2026, 3, 1)),
        (Every.week, date(2026, 3, 8), date(2026, 2, 23), date(2026, 3, 1)),
        (Every.month, date(2026, 3, 1), date(2026, 2, 1), date(2026, 2, 28)),
        (Every.month, date(2026, 1, 31), date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_what_is_told_is_the_last_whole_period(every, day, first, last):
    period = rule.last_whole(every, day)

    assert (period.start, period.last) == (first, last)
    assert rule.ending(every, period.end) == period


@pytest.mark.parametrize(
    ("every", "since", "day", "ends"),
    [
        (Every.week, MONDAY, date(2026, 3, 8), []),
        (Every.week, MONDAY, date(2026, 3, 9), [date(2026, 3, 9)]),
        (Every.week, date(2026, 3, 4), date(2026, 3, 9), [date(2026, 3, 9)]),
        (Every.week, MONDAY, date(2026, 3, 24), [date(2026, 3, 9), date(2026, 3, 16), date(2026, 3, 23)]),
        (Every.month, date(2026, 1, 1), date(2026, 3, 31), [date(2026, 2, 1), date(2026, 3, 1)]),
    ],
)
def test_each_period_that_is_over_is_due_by_itself(every, since, day, ends):
    assert [period.end for period in rule.due(every, since, day)] == ends


def test_of_a_long_time_without_ticks_the_latest_are_sent():
    found = rule.due(Every.week, date(2024, 1, 1), MONDAY)

    assert len(found) == rule.MOST
    assert found[-1].end == MONDAY


@pytest.mark.parametrize("about", [About(12, MONDAY), About(7, date(2026, 4, 1), True)])
def test_a_letter_s_key_says_what_it_is_about(about):
    mark = "-202603020915" if about.is_trial else ""

    assert rule.about(rule.key_of(about, mark)) == about


@pytest.mark.parametrize("key", ["", "digest-2026-03-02", "report-x-2026-03-02", "report-1-2026-13-40"])
def test_another_key_is_not_understood(key):
    with pytest.raises(ValueError, match=r".*"):
        rule.about(key)
