"""Rules of groups as values: the first that holds, wider bounds inside, and nobody to and fro."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from crmadmin.rules.grouping import (
    Decision,
    Point,
    Rule,
    Standing,
    Stays,
    conditions_of,
    decide,
    facts_of,
    holds,
    judge,
    told,
    weighed,
)
from models.kinds import Axis

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEY, PLAIN, REST = 1, 2, 3


def when(fact, word, value, stay=None):
    return {"fact": fact, "is": word, "value": value, **({} if stay is None else {"stay": stay})}


OFTEN = when("contacts", "at_least", 6, stay=4)


def rule(number, group, conditions, **more):
    return Rule(number, f"Правило {number}", 1, group, conditions, **more)


def decided(rules, facts, group, standing=None, at=NOW):
    return decide(judged(rules), lambda _group: facts, group, standing, at)


def judged(rules):
    return [(each, judge(each.conditions)) for each in rules]


@pytest.mark.parametrize(
    ("condition", "value", "answer"),
    [
        (when("a", "at_least", 3), 3, True),
        (when("a", "at_least", 3), 2, False),
        (when("a", "at_most", 3), 3, True),
        (when("a", "at_most", 3), 4, False),
        (when("a", "at_most", 3), None, False),
        (when("a", "one_of", [1, 2]), frozenset({2, 9}), True),
        (when("a", "one_of", [1, 2]), frozenset(), False),
        (when("a", "none_of", [1, 2]), frozenset({3}), True),
        (when("a", "none_of", [1, 2]), frozenset({1}), False),
        (when("a", "none_of", [1, 2]), frozenset(), True),
        (when("a", "one_of", [1]), None, False),
    ],
)
def test_a_condition_compares(condition, value, answer):
    assert holds(condition, {"a": value}) is answer


def test_all_and_any_are_of_each_other():
    tree = {"any": [{"all": [when("a", "at_least", 1), when("b", "at_least", 1)]}, when("c", "at_least", 1)]}
    assert holds(tree, {"a": 1, "b": 1, "c": 0})
    assert holds(tree, {"a": 0, "b": 1, "c": 1})
    assert not holds(tree, {"a": 0, "b": 1, "c": 0})
    assert facts_of(tree) == {"a", "b", "c"}
    assert len(conditions_of(tree)) == 3


def test_a_rule_without_conditions_is_of_everybody():
    assert holds({"all": []}, {})


def test_the_bound_to_stay_counts_for_whoever_is_inside():
    assert holds(OFTEN, {"contacts": 4}, inside=True)
    assert not holds(OFTEN, {"contacts": 4})


def test_the_first_rule_that_holds_decides():
    rules = [rule(1, KEY, OFTEN), rule(2, PLAIN, when("contacts", "at_least", 1))]
    assert decided(rules, {"contacts": 7}, REST).rule == rules[0]
    assert decided(rules, {"contacts": 2}, REST).rule == rules[1]
    assert decided(rules, {"contacts": 0}, REST) == Decision(stays=Stays.unnamed)
    assert decided(rules, {"contacts": 5}, KEY) == Decision(stays=Stays.fits)


def test_whoever_holds_by_hand_has_the_last_word_until_its_end():
    rules = [rule(1, KEY, {"all": []})]
    held = Standing(NOW - timedelta(days=400), by_hand=True, held_until=NOW + timedelta(days=1))
    assert decided(rules, {}, REST, held) == Decision(stays=Stays.held)
    assert decided(rules, {}, REST, replace(held, held_until=None)) == Decision(stays=Stays.held)
    assert decided(rules, {}, REST, replace(held, held_until=NOW)).rule == rules[0]


def test_nobody_moves_on_before_its_days_are_over():
    rules, since = [rule(1, KEY, {"all": []})], NOW - timedelta(days=29)
    assert decided(rules, {}, REST, Standing(since, stay_days=30)) == Decision(stays=Stays.waits)
    assert decided(rules, {}, REST, Standing(since, stay_days=29)).rule == rules[0]


def test_a_way_in_steps_is_gone_at_once_and_a_circle_not_at_all():
    def of(group):
        return {"group": frozenset({group})}

    steps = [rule(1, PLAIN, when("group", "one_of", [KEY])), rule(2, REST, when("group", "one_of", [PLAIN]))]
    assert decide(judged(steps), of, KEY, None, NOW).rule == steps[1]
    circle = [*steps, rule(3, KEY, when("group", "one_of", [REST]))]
    assert decide(judged(circle), of, KEY, None, NOW) == Decision(stays=Stays.disputed)


def test_what_is_told_is_what_was_decided_by():
    said = told({"all": [{"any": [OFTEN, when("b", "at_most", 1)]}]}, {"contacts": 4, "b": 3}, inside=True)
    (block,) = said.parts
    assert [(each.fact, each.bound, each.value, each.holds) for each in block.parts] == [
        ("contacts", 4, 4, True),
        ("b", 1, 3, False),
    ]
    assert said.holds


def test_points_are_summed_on_each_axis():
    points = [
        Point(Axis.potential, when("a", "at_least", 1), 2),
        Point(Axis.potential, when("a", "at_least", 5), 3),
        Point(Axis.intensity, when("b", "at_least", 1), 4),
    ]
    given = [(each, judge(each.condition)) for each in points]
    assert weighed(given, {"a": 5, "b": 0}) == {"potential": 5, "intensity": 0}


def _tree(rng):
    def bound():
        start = rng.randrange(9)
        return when(rng.choice("abc"), rng.choice(["at_least", "at_most"]), start, rng.randrange(9))

    kinds = [{"fact": "group", "is": "one_of", "value": [rng.randrange(1, 5)]}, bound(), bound()]
    return {rng.choice(["all", "any"]): rng.sample(kinds, rng.randrange(4))}


@pytest.mark.parametrize("seed", range(300))
def test_deciding_a_second_time_moves_nobody(seed):
    """Whatever the rules, though facts hang on the group one is in."""
    rng = Random(seed)
    rules = [rule(number, rng.randrange(1, 5), _tree(rng)) for number in range(rng.randrange(1, 6))]
    table = {group: {each: rng.randrange(9) for each in "abc"} for group in range(1, 5)}

    def of(group):
        return {**table[group], "group": frozenset({group})}

    group = rng.randrange(1, 5)
    first = decide(judged(rules), of, group, None, NOW)
    if first.rule:
        group = first.rule.group_id
    again = decide(judged(rules), of, group, Standing(NOW, stay_days=0) if first.rule else None, NOW)
    assert again.rule is None


@pytest.mark.parametrize("seed", range(60))
def test_nobody_flaps(seed):
    """Over any course of a number two moves are as far apart as the rules ask."""
    rng = Random(seed)
    rules = [rule(1, KEY, OFTEN, stay_days=14), rule(2, PLAIN, {"all": []}, stay_days=7)]
    group, standing, contacts, moved = PLAIN, None, 5, list[tuple[datetime, int]]()
    for day in range(365):
        at = NOW + timedelta(days=day)
        contacts = max(0, min(9, contacts + rng.choice([-1, 0, 0, 1])))
        decision = decided(rules, {"contacts": contacts}, group, standing, at)
        if decision.rule:
            group = decision.rule.group_id
            standing = Standing(at, stay_days=decision.rule.stay_days)
            moved.append((at, group))
    for (at, into), (later, _next) in pairwise(moved):
        assert later - at >= timedelta(days=14 if into == KEY else 7)


@pytest.mark.parametrize("seed", range(20))
def test_a_number_that_trembles_between_both_bounds_moves_a_client_once_at_most(seed):
    rng = Random(seed)
    rules = [rule(1, KEY, OFTEN), rule(2, PLAIN, {"all": []})]
    group, moves = PLAIN, 0
    for _day in range(200):
        decision = decided(rules, {"contacts": rng.randrange(4, 7)}, group)
        if decision.rule:
            group, moves = decision.rule.group_id, moves + 1
    assert moves <= 1
