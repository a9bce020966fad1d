"""How many of each are shown: as many as fit, the same of each, and one at least."""

from random import Random

import pytest

from crmadmin.rules.room import of_each


@pytest.mark.parametrize(
    ("counts", "room", "most", "shown"),
    [
        ([], 10, 5, 1),
        ([3, 1], 10, 5, 3),
        ([30, 1], 10, 5, 5),
        ([30, 1], 10, 50, 9),
        ([30, 30], 10, 50, 5),
        ([30] * 20, 10, 50, 1),
        ([0, 0], 10, 5, 1),
    ],
)
def test_all_that_fits_is_shown_else_as_much_of_each(counts, room, most, shown):
    assert of_each(counts, room, most) == shown


def test_it_is_the_largest_number_that_fits():
    chance = Random(3)
    for _ in range(200):
        counts = [chance.randrange(60) for _ in range(chance.randrange(1, 40))]
        room, most = chance.randrange(1, 400), chance.randrange(1, 70)
        fits = [n for n in range(1, most + 1) if sum(min(count, n) for count in counts) <= room]
        expected = min(max(fits, default=1), max(1, max(counts)))
        assert of_each(counts, room, most) == expected
