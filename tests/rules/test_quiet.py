from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from crmadmin.rules.quiet import clock_time, first_loud, is_quiet, minute

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("at", "start", "end", "quiet"),
    [
        ("22:30", "22:00", "08:00", True),
        ("03:00", "22:00", "08:00", True),
        ("08:00", "22:00", "08:00", False),
        ("21:59", "22:00", "08:00", False),
        ("13:15", "13:00", "14:00", True),
        ("14:00", "13:00", "14:00", False),
        ("12:00", "12:00", "12:00", False),
        ("00:00", "22:00", "00:00", False),
        ("23:59", "22:00", "00:00", True),
    ],
)
def test_a_quiet_time_may_go_over_midnight(at, start, end, quiet):
    assert is_quiet(minute(at), minute(start), minute(end)) is quiet


def test_without_quiet_hours_nothing_is_quiet():
    assert not is_quiet(0, None, None)
    at = datetime(2026, 3, 2, 3, tzinfo=BERLIN)
    assert first_loud(at, None, None) == at


@pytest.mark.parametrize(
    ("at", "waits_until"),
    [
        ("2026-03-02T23:15+03:00", "2026-03-03T08:00+03:00"),
        ("2026-03-03T02:00+03:00", "2026-03-03T08:00+03:00"),
        ("2026-03-03T08:00+03:00", "2026-03-03T08:00+03:00"),
        ("2026-03-03T12:00+03:00", "2026-03-03T12:00+03:00"),
    ],
)
def test_a_letter_waits_for_the_morning(at, waits_until):
    found = first_loud(datetime.fromisoformat(at), minute("22:00"), minute("08:00"))
    assert found == datetime.fromisoformat(waits_until)


def test_the_morning_is_the_clock_s_where_clocks_are_changed():
    """In the night of March 29 an hour is left out."""
    at = datetime(2026, 3, 28, 23, tzinfo=BERLIN)
    found = first_loud(at, minute("22:00"), minute("08:00"))
    assert (found.hour, found.utcoffset().total_seconds()) == (8, 7200)


@pytest.mark.parametrize("typed", ["", "24:00", "7", "7:5", "07:60", "a:b", "-1:00", "٣:٠٠", "1:2:3", "8:0x"])
def test_what_is_no_time_of_the_day_is_none(typed):
    assert minute(typed) is None


def test_a_time_is_written_as_it_is_read():
    assert minute("7:05") == 425
    assert clock_time(425) == "07:05"
    assert clock_time(None) == ""
