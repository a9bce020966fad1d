"""Due phrases, by a corpus: date_phrases.csv says what each line means on Monday, 2 March 2026, at noon."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crmadmin.rules.date_phrases import due, folded, without

MOSCOW = ZoneInfo("Europe/Moscow")
NOON = datetime(2026, 3, 2, 9, tzinfo=UTC)


def corpus():
    lines = Path(__file__).with_name("date_phrases.csv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter=";")
    return [(row["line"], row["due"], row["rest"]) for row in rows]


def said(found):
    """As the corpus writes it: a day, or a day and a time; blank for nothing."""
    if found is None:
        return ""
    there = found.at.astimezone(MOSCOW)
    return f"{there:%Y-%m-%d}" if found.whole_day else f"{there:%Y-%m-%d %H:%M}"


def test_the_corpus_has_at_least_two_hundred_phrases():
    assert sum(1 for _line, when, _rest in corpus() if when) >= 200


@pytest.mark.parametrize(("line", "when", "rest"), corpus())
def test_a_line_says_until_when_and_keeps_its_other_words(line, when, rest):
    found = due(line, NOON, MOSCOW)

    assert said(found) == when
    if found is not None:
        assert without(line, found) == rest


@pytest.mark.parametrize("line", ["до конца недели", "к концу недели", "on this week"])
def test_at_a_weekend_the_week_ends_on_its_sunday(line):
    saturday = datetime(2026, 3, 7, 9, tzinfo=UTC)

    assert said(due(line, saturday, MOSCOW)) == "2026-03-08"


def test_a_month_later_is_the_last_day_where_that_month_is_shorter():
    assert said(due("через месяц", datetime(2026, 1, 31, 9, tzinfo=UTC), MOSCOW)) == "2026-02-28"


def test_the_day_is_that_of_the_zone_and_lasts_to_its_end():
    late = datetime(2026, 3, 2, 22, tzinfo=UTC)  # past midnight in Moscow
    found = due("сегодня", late, MOSCOW)

    assert found.at == datetime(2026, 3, 3, 21, tzinfo=UTC) - timedelta(microseconds=1)
    assert said(due("завтра", late, ZoneInfo("UTC"))) == "2026-03-04"


def test_a_day_on_which_the_clocks_change_ends_at_its_midnight_too():
    berlin = ZoneInfo("Europe/Berlin")
    found = due("29.03.2026", NOON, berlin)

    assert found.at.astimezone(berlin).date() == date(2026, 3, 29)
    assert (found.at + timedelta(microseconds=1)).astimezone(berlin).time() == time()


@given(st.text())
@example("до 99.99.9999")
@example("через 999 лет")
@example("31.12.9999")
@example("к 31 декабря 9999")
@example("İİ до пятницы")
def test_whatever_is_typed_is_read_or_left(line):
    found = due(line, NOON, MOSCOW)

    assert len(folded(line)) == len(line)
    if found is not None:
        assert 0 <= found.start < found.end <= len(line)
        without(line, found)
