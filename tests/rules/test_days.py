"""Days as people name them."""

from datetime import date

import pytest

from crmadmin.rules.days import anniversaries, span

TUESDAY = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("word", "first", "end"),
    [
        ("today", date(2026, 3, 3), date(2026, 3, 4)),
        ("yesterday", date(2026, 3, 2), date(2026, 3, 3)),
        ("tomorrow", date(2026, 3, 4), date(2026, 3, 5)),
        ("this_week", date(2026, 3, 2), date(2026, 3, 9)),
        ("last_week", date(2026, 2, 23), date(2026, 3, 2)),
        ("next_week", date(2026, 3, 9), date(2026, 3, 16)),
        ("this_month", date(2026, 3, 1), date(2026, 4, 1)),
        ("last_month", date(2026, 2, 1), date(2026, 3, 1)),
        ("next_month", date(2026, 4, 1), date(2026, 5, 1)),
        ("last_1", date(2026, 3, 3), date(2026, 3, 4)),
        ("last_7", date(2026, 2, 25), date(2026, 3, 4)),
        ("next_7", date(2026, 3, 3), date(2026, 3, 10)),
        ("older_than_1", None, date(2026, 3, 3)),
        ("older_than_30", None, date(2026, 2, 2)),
    ],
)
def test_a_word_means_these_days(word, first, end):
    assert span(word, TUESDAY) == (first, end)


@pytest.mark.parametrize("day", [date(2026, 12, 31), date(2027, 1, 1)])
def test_months_go_on_after_december(day):
    assert span("next_month", day)[1] == date(day.year + (day.month == 12), 2 if day.month == 12 else 3, 1)
    assert span("last_month", day)[0] == date(2026, 11 if day.month == 12 else 12, 1)


@pytest.mark.parametrize(
    "word", [f"{which}_{n}" for which in ("last", "older_than") for n in (1, 7, 30, 365)]
)
def test_the_last_days_and_what_is_older_are_all_there_was(word):
    which, _, number = word.rpartition("_")
    assert span(f"older_than_{number}", TUESDAY)[1] == span(f"last_{number}", TUESDAY)[0]
    assert which


@pytest.mark.parametrize(
    "word", ["", "soon", "last_", "last_0", "last_07", "last_99999", "next_-1", "last_٣", "older_than_9999"]
)
def test_what_is_no_word_means_nothing(word):
    with pytest.raises(ValueError, match="no such days"):
        span(word, TUESDAY)


@pytest.mark.parametrize(
    ("first", "end", "found"),
    [
        (date(2026, 3, 2), date(2026, 3, 9), [(302, 308)]),
        (date(2026, 12, 28), date(2027, 1, 4), [(1228, 1231), (101, 103)]),
        (date(2026, 2, 28), date(2026, 3, 1), [(228, 229)]),
        (date(2028, 2, 28), date(2028, 2, 29), [(228, 228)]),
        (date(2028, 2, 29), date(2028, 3, 1), [(229, 229)]),
        (date(2026, 1, 1), date(2027, 1, 1), [(101, 1231)]),
        (None, date(2026, 3, 1), [(101, 1231)]),
    ],
)
def test_an_anniversary_is_a_day_of_any_year(first, end, found):
    assert anniversaries((first, end)) == found
