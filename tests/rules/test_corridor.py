"""The corridor, on which side of it a number lies, and where a number goes."""

from statistics import mean, median, pstdev

import pytest

from crmadmin.rules import corridor, dynamics
from crmadmin.rules.corridor import Corridor, Side, Source, Trend
from crmadmin.rules.dynamics import Course, Steadiness

NORM = Corridor(10, 20, Source.person)


@pytest.mark.parametrize(
    ("value", "bounds", "expected"),
    [
        (9.9, NORM, Side.low), (10, NORM, Side.inside), (20, NORM, Side.inside), (20.1, NORM, Side.high),
        (0, Corridor(None, 20, Source.role), Side.inside), (99, Corridor(10, None, Source.role), Side.inside),
        (None, NORM, Side.inside), (5, None, Side.inside),
    ],
)  # fmt: skip
def test_both_bounds_are_within(value, bounds, expected):
    assert corridor.side(value, bounds) is expected


def test_what_is_usual_is_three_sigmas_around_the_median():
    weeks = [20, 22, 19, 21, 60, 20, 18, 23]
    spread = 3 * 1.4826 * median(abs(week - median(weeks)) for week in weeks)
    assert corridor.usual(weeks) == pytest.approx((median(weeks) - spread, median(weeks) + spread))


def test_nothing_is_usual_of_too_short_a_history_and_nothing_is_below_nought():
    assert corridor.usual([20] * 5) is None
    assert corridor.usual([20] * 6) == (20, 20)
    assert corridor.usual([0, 0, 1, 9, 9, 9])[0] == 0


def test_a_norm_of_a_week_is_scaled_by_working_days():
    assert corridor.scaled(10, 20, 3, Source.role) == Corridor(6, 12, Source.role)
    assert corridor.scaled(None, 20, 10, Source.role) == Corridor(None, 40, Source.role)


def test_a_trend_is_the_median_the_change_against_it_and_the_variation():
    before = [10, None, 12, 8, 30]
    known = [each for each in before if each is not None]
    found = corridor.trend(22, before)
    assert found.middle == median(known)
    assert found.change == pytest.approx(22 / median(known) - 1)
    assert found.variation == pytest.approx(pstdev(known) / mean(known))


@pytest.mark.parametrize(
    ("value", "before", "expected"),
    [
        (5, [], Trend(None, None, None)),
        (5, [None, None], Trend(None, None, None)),
        (5, [0, 0, 0], Trend(0, None, None)),
        (None, [4, 4], Trend(4, None, 0)),
        (5, [4], Trend(4, 0.25, None)),
    ],
)
def test_what_cannot_be_said_of_a_trend_is_not_said(value, before, expected):
    assert corridor.trend(value, before) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [(None, None), (0.2, Course.up), (0.1, Course.level), (-0.1, Course.level), (-0.2, Course.down)],
)
def test_a_small_change_is_none(change, expected):
    assert dynamics.course(Trend(10, change, None)) is expected


@pytest.mark.parametrize(
    ("variation", "expected"),
    [(None, None), (0.1, Steadiness.steady), (0.4, Steadiness.uneven), (0.9, Steadiness.erratic)],
)
def test_the_less_it_varies_the_steadier_it_is(variation, expected):
    assert dynamics.steadiness(Trend(10, None, variation)) is expected


@pytest.mark.parametrize(
    ("value", "done", "begun", "expected"),
    [
        (40, 4, 5, 0),  # forty in four days, and the fifth has only begun: as good as fifty
        (10, 4, 5, -0.75),  # whatever today brings, it is far behind
        (90, 4, 5, 0.8),
        (0, 0, 1, None),  # nothing is over yet
    ],
)
def test_a_period_that_goes_on_is_reckoned_at_its_pace(value, done, begun, expected):
    assert dynamics.at_pace(value, 200, done, begun, 20) == (expected and pytest.approx(expected))
