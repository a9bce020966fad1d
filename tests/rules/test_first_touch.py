"""The rule of the first touch, against an oracle that looks at every moment by itself."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmadmin.rules import first_touch as rule
from crmadmin.rules.first_touch import Touch
from models.kinds import FirstTouch

START = datetime(2026, 1, 1, tzinfo=UTC)
ANNA, BORIS = 1, 2


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def touch(person: int, hours: float, *, written: float = 0) -> Touch:
    return Touch(person, at(hours), at(hours + written))


def day(person: int, days: float, **more: float) -> Touch:
    return touch(person, 24 * days, **more)


def oracle(touches: list[Touch], days: int, moment: datetime) -> set[int]:
    """Who holds then, by the words of the rule: whoever spoke last when nobody held, unless it ran out."""
    lasts = timedelta(days=days)
    for since in sorted({one.happened_at for one in touches if one.happened_at <= moment}, reverse=True):
        if oracle([one for one in touches if one.happened_at < since], days, since):
            continue  # somebody held: nothing was to be taken
        takers = {one.person for one in touches if one.happened_at == since}
        own = [one.happened_at for one in touches if one.person in takers]
        last = max(when for when in own if since <= when <= moment)
        return takers if moment - last < lasts else set()
    return set()


histories = st.lists(
    st.builds(
        lambda person, hours, written: touch(person, hours, written=written),
        st.integers(1, 3),
        st.integers(0, 240),
        st.sampled_from([0, 1, 23, 24, 25, 60]),
    ),
    max_size=9,
)


@given(histories, st.integers(1, 4), st.integers(0, 300))
def test_the_rule_agrees_with_a_brute_force_oracle(touches, days, hours):
    found = rule.hold_at(touches, days, at(hours))

    assert (found.persons if found else set()) == oracle(touches, days, at(hours))


@given(histories, st.integers(1, 4), st.integers(0, 300))
def test_the_verdict_names_a_person_only_where_nothing_speaks_against_it(touches, days, hours):
    verdict = rule.verdict(touches, days, at(hours))
    everything = oracle(touches, days, at(hours))
    in_time = oracle([one for one in touches if not one.late], days, at(hours))

    if everything != in_time:
        assert verdict.says is FirstTouch.late
    elif not [one for one in touches if one.happened_at <= at(hours)]:
        assert verdict.says is FirstTouch.nobody
    else:
        expected = {0: FirstTouch.lapsed, 1: FirstTouch.holds}.get(len(everything), FirstTouch.tie)
        assert verdict.says is expected
    assert verdict.person == (next(iter(everything)) if verdict.says is FirstTouch.holds else None)


@given(histories, st.integers(1, 4))
def test_holds_follow_one_another_and_never_overlap(touches, days):
    found = rule.holds(touches, days)

    for before, after in pairwise(found):
        assert before.since <= before.last < before.until <= after.since


def test_others_who_speak_meanwhile_take_nothing():
    found = rule.verdict([day(ANNA, 0), day(BORIS, 5), day(ANNA, 9)], 10, at(24 * 18))

    assert (found.says, found.person) == (FirstTouch.holds, ANNA)


def test_a_hold_ends_when_its_days_are_over_and_the_next_contact_takes_it():
    touches = [day(ANNA, 0), day(BORIS, 5), day(BORIS, 10)]

    assert rule.verdict(touches[:2], 10, at(240 - 1)).person == ANNA
    assert rule.verdict(touches[:2], 10, at(240)).says is FirstTouch.lapsed
    assert rule.verdict(touches, 10, at(240)).person == BORIS


def test_a_late_record_that_decides_leaves_it_to_the_head():
    backdated, honest = day(BORIS, 0, written=25), day(ANNA, 1)

    assert rule.verdict([backdated, honest], 10, at(48)).says is FirstTouch.late
    assert rule.verdict([day(BORIS, 0, written=24), honest], 10, at(48)).person == BORIS


def test_a_late_record_that_changes_nothing_hinders_nobody():
    assert rule.verdict([day(ANNA, 0), day(BORIS, 1, written=90)], 10, at(48)).person == ANNA


@pytest.mark.parametrize("people", [(ANNA, BORIS), (BORIS, ANNA)])
def test_two_at_the_same_moment_are_for_the_head(people):
    assert rule.verdict([day(one, 0) for one in people], 10, at(1)).says is FirstTouch.tie


def test_nobody_has_spoken_yet():
    assert rule.verdict([day(ANNA, 5)], 10, at(0)).says is FirstTouch.nobody
