"""What one can reach next."""

from datetime import date, timedelta

import pytest

from crmadmin.rules.reach import Goal, Mark, Streak, Way, next_mark, round_mark, streak, way


@pytest.mark.parametrize(
    ("value", "shown", "is_more", "mark"),
    [
        (0, "number", True, 1),
        (7, "number", True, 8),
        (9, "number", True, 10),
        (10, "number", True, 15),
        (23, "number", True, 25),
        (25, "number", True, 30),
        (97, "number", True, 100),
        (100, "number", True, 150),
        (1234, "number", True, 1300),
        (12, "number", False, 10),
        (10, "number", False, 9),
        (1, "number", False, 0),
        (0, "number", False, None),
        (0.834, "share", True, 0.85),
        (0.85, "share", True, 0.9),
        (1.0, "share", True, None),
        (0.31, "share", False, 0.3),
        (0.0, "share", False, None),
        (125, "minutes", True, 180),
        (1200, "minutes", True, 1500),
        (30.5, "hours", False, 24),
        (12, "hours", False, 8),
        (2.4, "hours", False, 2),
        (0.4, "hours", False, 0),
    ],
)
def test_round_numbers_are_as_far_apart_as_their_size_asks(value, shown, is_more, mark):
    assert round_mark(value, shown, is_more=is_more) == (None if mark is None else pytest.approx(mark))


@pytest.mark.parametrize(
    ("value", "own", "team", "mark"),
    [
        (12, 31, 18, Mark(18, Goal.team)),
        (20, 31, 18, Mark(31, Goal.own)),
        (20, 25, 28, Mark(25, Goal.own)),
        (31, 31, 18, Mark(35, Goal.round)),  # reached is reached
        (40, 31, 18, Mark(45, Goal.round)),
        (3, None, None, Mark(4, Goal.round)),
        (None, 31, 18, None),
    ],
)
def test_the_next_mark_is_the_nearest_that_is_not_reached(value, own, team, mark):
    assert next_mark(value, own, team, "number", is_more=True) == mark


def test_of_what_is_better_the_less_there_is_of_it_the_mark_lies_below():
    assert next_mark(9, 2, 6, "number", is_more=False) == Mark(6, Goal.team)
    assert next_mark(2, 2, 6, "number", is_more=False) == Mark(1, Goal.round)
    assert next_mark(0, 0, 6, "number", is_more=False) is None


def test_a_share_that_differs_in_its_last_digits_is_reached():
    assert next_mark(1 / 3, 0.1 + 0.2 + 1 / 30, None, "share", is_more=True) == Mark(0.35, Goal.round)


@pytest.mark.parametrize(
    ("line", "is_more", "where"),
    [
        ([10, 10, 10, 10, 12, 12, 13, 12], True, Way.better),
        ([10, 10, 10, 10, 12, 12, 13, 12], False, Way.worse),
        ([10, 11, 10, 9, 10, 10, 11, 10], True, Way.same),
        ([None, 10, 10, None, 10, 10, 5, 5, 5, 5], True, Way.worse),
        ([10, 10, 10, 5, 5, 5, 5], True, None),
        ([], True, None),
        ([0, 0, 0, 0, 0, 0, 0, 0], True, Way.same),
    ],
)
def test_the_way_is_that_of_the_last_four_periods_against_those_before(line, is_more, where):
    assert way(line, is_more=is_more) == where


def test_days_in_a_row_are_counted_to_the_end_and_at_most():
    days = [date(2026, 3, 2) + timedelta(days=n) for n in range(7)]
    assert streak(zip(days, [True, True, True, False, True, True, True], strict=True)) == Streak(3, 3)
    assert streak(zip(days, [True, True, True, True, False, True, False], strict=True)) == Streak(0, 4)
    assert streak([]) == Streak(0, 0)
