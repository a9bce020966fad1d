"""The order of a timeline, and a place in it as an address says it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmadmin.rules.timeline import EVENT, INTERACTION, Place, newest, place

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
PLACES = st.builds(
    Place,
    st.timedeltas(timedelta(days=-20_000), timedelta(days=20_000)).map(lambda ago: AT + ago),
    st.sampled_from([EVENT, INTERACTION]),
    st.integers(1, 2**31 - 1),
)


@given(PLACES)
def test_an_address_says_a_place_exactly(at):
    assert place(str(at)) == at


@given(st.text())
def test_any_other_text_is_no_place(text):
    assert place(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T09:00:00.000000_i0",
        "2026-03-02T09:00:00.000000_i99999999999",
        "2026-03-02T09:00:00.000000_i2147483648",
        "2026-03-02T09:00:00.000000_x5",
        "2026-03-32T09:00:00.000000_i5",
        "2026-03-02T09:00:00.000000_i٣",
        "_i5",
    ],
)
def test_what_nearly_is_a_place_is_none(text):
    assert place(text) is None


def test_at_one_moment_interactions_stand_above_events_and_later_ones_above_earlier():
    wanted = [Place(AT, INTERACTION, 9), Place(AT, INTERACTION, 1), Place(AT, EVENT, 12), Place(AT, EVENT, 3)]
    assert newest([wanted[2:][::-1], wanted[:2]], 9) == (wanted, False)


def test_one_more_than_a_page_says_that_there_are_more():
    streams = [[Place(AT, INTERACTION, 3), Place(AT, INTERACTION, 2)], [Place(AT, EVENT, 9)]]
    assert newest(streams, 2) == (streams[0], True)
    assert newest(streams, 3)[1] is False
