"""Working days, as the production calendar of Russia has them."""

from datetime import date, timedelta

import pytest

from crmadmin.rules.working_days import IN_A_YEAR, is_working, working_day


@pytest.mark.parametrize(
    ("start", "number", "day"),
    [
        ("2026-03-02", 0, "2026-03-02"),
        ("2026-03-02", 5, "2026-03-10"),  # the ninth is a day off for the eighth, a Sunday
        ("2026-03-07", 0, "2026-03-10"),
        ("2026-03-07", 1, "2026-03-11"),
        ("2026-12-30", 1, "2027-01-11"),
        ("2026-12-31", 0, "2027-01-11"),
    ],
)
def test_working_days_leave_weekends_and_holidays_out(start, number, day):
    assert working_day(date.fromisoformat(start), number) == date.fromisoformat(day)


def test_a_saturday_that_is_worked_for_another_day_is_a_working_day():
    assert is_working(date(2025, 11, 1))
    assert not is_working(date(2025, 11, 3))


@pytest.mark.parametrize("year", range(2021, 2028))
def test_no_year_has_fewer_working_days_than_is_said(year):
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]

    assert sum(map(is_working, days)) >= IN_A_YEAR
