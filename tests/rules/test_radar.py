"""The picture of silence: farther out is longer silent, and no point lies outside of it."""

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crmadmin.rules.radar import ALARMING, RADIUS, distance, points, size

QUIETS = some.lists(
    some.tuples(some.floats(0, 1_000), some.none() | some.integers(1, 3650)), min_size=1, max_size=50
)


@given(QUIETS)
def test_a_point_lies_as_far_out_as_its_client_is_silent(clients):
    for (silence, rhythm), point in zip(clients, points(clients), strict=True):
        assert hypot(point.x, point.y) == pytest.approx(distance(silence), abs=0.2)
        assert hypot(point.x, point.y) <= RADIUS + 0.2
        assert point.size == size(rhythm)


def test_the_longer_the_farther_up_to_the_rim():
    far = [distance(silence) for silence in (0, 1, ALARMING, 3, 4, 400)]
    assert far == sorted(far)
    assert far[0] == 0
    assert far[-1] == far[-2] == RADIUS


def test_a_short_rhythm_makes_a_large_point():
    assert size(14) > size(30) > size(60) == size(365)
