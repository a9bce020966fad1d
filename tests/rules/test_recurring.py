"""Rules by which a contact comes again: the days they mean, whatever the start."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crmadmin.rules import recurring

STARTS = some.dates(date(2024, 1, 1), date(2030, 12, 31))


def first_days(rule, start, number=6):
    found = recurring.days(rule, start)
    return [next(found) for _each in range(number)]


@given(STARTS, some.integers(1, 8))
def test_weeks_go_on_from_the_first_day(start, weeks):
    days = first_days(recurring.weekly(weeks, start), start)
    assert days == [start + timedelta(weeks=weeks * n) for n in range(6)]


@given(STARTS, some.integers(1, 4))
def test_a_day_of_the_month_that_is_not_there_is_the_month_s_last(start, months):
    for n, day in enumerate(first_days(recurring.monthly_on_day(months, start), start)):
        number = start.year * 12 + start.month - 1 + n * months
        assert (day.year * 12 + day.month - 1) == number
        is_last = (day + timedelta(days=1)).day == 1
        assert day.day == start.day or (day.day < start.day and is_last)


@given(STARTS)
def test_the_nth_weekday_of_each_month_is_kept_and_a_fifth_is_the_last(start):
    number = (start.day - 1) // 7 + 1
    for day in first_days(recurring.monthly_on_weekday(1, start), start):
        assert day.weekday() == start.weekday()
        if number == 5:
            assert (day + timedelta(days=7)).month != day.month
        else:
            assert (day.day - 1) // 7 + 1 == number


@pytest.mark.parametrize("make", [recurring.weekly, recurring.monthly_on_day, recurring.monthly_on_weekday])
@pytest.mark.parametrize("every", [0, -1, 53])
def test_nonsense_is_no_rule(make, every):
    with pytest.raises(ValueError, match=r"weeks|months"):
        make(every, date(2026, 3, 2))


def test_it_ends_on_its_last_day():
    rule, start, end = recurring.weekly(1, date(2026, 3, 2)), date(2026, 3, 2), date(2026, 3, 16)
    assert list(recurring.days(rule, start, end)) == [date(2026, 3, day) for day in (2, 9, 16)]
    assert recurring.after(rule, start, end, date(2026, 3, 9)) == end
    assert recurring.after(rule, start, end, end) is None
    assert recurring.between(rule, start, end, date(2026, 3, 3), date(2026, 4, 30)) == (date(2026, 3, 9), end)


@given(
    STARTS,
    some.sampled_from([recurring.weekly, recurring.monthly_on_day, recurring.monthly_on_weekday]),
    some.integers(1, 7),
    some.integers(-40, 2_500),
    some.integers(0, 45),
)
def test_the_days_of_a_window_are_those_that_come_one_by_one(start, make, every, ahead, length):
    rule, first = make(every, start), start + timedelta(days=ahead)
    last = first + timedelta(days=length)
    listed = [day for day in recurring.days(rule, start, last) if day >= first]
    assert list(recurring.between(rule, start, None, first, last)) == listed
