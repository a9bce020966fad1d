"""Which group a client belongs to, by rules: the first that holds decides, and nobody goes to and fro.

Three things keep a client where it is: a hand that holds it, the days that the rule which put it there asks
for, and bounds that are wider for whoever is in a group already. And a rule moves nobody to where another one
would move it on at once: the answer is where all of them leave it alone, so deciding again changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any, NamedTuple

from models.kinds import Axis, Comparison

Facts = Mapping[str, Any]  # by their codes: a number, or a set of ids or words; None where nothing is known
Tree = Mapping[str, Any]
Judge = Callable[..., bool]  # of facts, and of whether the client is in the rule's group already

ALL, ANY = "all", "any"
AXES = tuple(axis.value for axis in Axis)


class FactKind(StrEnum):
    """What a fact of a client is, and so how it is asked for: a number, or one or several of a list."""

    number = auto()
    choice = auto()


@dataclass(frozen=True)
class Rule:
    """A rule as it is decided by; ``conditions`` as ``models.grouping.GroupRule`` says."""

    id: int
    name: str
    version: int
    group_id: int
    conditions: Tree
    stay_days: int = 0


@dataclass(frozen=True)
class Point:
    """So many points on an axis for a client of whom the condition is true."""

    axis: Axis
    condition: Tree
    points: int


@dataclass(frozen=True)
class Standing:
    """Since when and why a client is in its group, as far as it matters for moving it on."""

    since: datetime
    by_hand: bool = False
    held_until: datetime | None = None
    stay_days: int = 0  # that the rule which put it there asks for; none where no rule did


class Stays(StrEnum):
    """Why no rule moves a client."""

    fits = auto()  # the rule that decides is of this very group
    unnamed = auto()  # no rule says anything of it
    held = auto()  # by hand
    waits = auto()  # has not been here for as long as its rule asks
    disputed = auto()  # the rules would move it round in a circle


@dataclass(frozen=True)
class Decision:
    """The rule that moves a client on; else why it stays."""

    rule: Rule | None = None
    stays: Stays | None = None


class Said(NamedTuple):
    """One condition, as it turned out: with the bound that counted, and the value there was."""

    fact: str
    comparison: Comparison
    bound: Any
    value: Any
    holds: bool


class Part(NamedTuple):
    """A piece of a rule with what it is made of, as it turned out."""

    join: str
    parts: "Sequence[Said | Part]"
    holds: bool


def decide(
    rules: Sequence[tuple[Rule, Judge]],
    of: Callable[[int], Facts],
    group_id: int,
    standing: Standing | None,
    at: datetime,
) -> Decision:
    """``of(group)`` is what would be known of the client if it were in that group: its rhythm is another."""
    if standing and is_held(standing, at):
        return Decision(stays=Stays.held)
    if standing and not standing.by_hand and standing.since + timedelta(days=standing.stay_days) > at:
        return Decision(stays=Stays.waits)
    moved: Rule | None = None
    been = {group_id}
    while True:
        rule = first(rules, of(group_id), group_id)
        if rule is None or rule.group_id == group_id:
            stays = None if moved else Stays.fits if rule else Stays.unnamed
            return Decision(moved, stays)
        if rule.group_id in been:
            return Decision(stays=Stays.disputed)
        been.add(rule.group_id)
        moved, group_id = rule, rule.group_id


def is_held(standing: Standing, at: datetime) -> bool:
    """By hand, and not past its end; without an end, for ever."""
    return standing.by_hand and (standing.held_until is None or standing.held_until > at)


def first(rules: Sequence[tuple[Rule, Judge]], facts: Facts, group_id: int) -> Rule | None:
    """The first rule that holds of a client in that group."""
    for rule, holds in rules:
        if holds(facts, rule.group_id == group_id):
            return rule
    return None


def judge(tree: Tree) -> Judge:
    """Whether a tree holds, asked of many: it is read once. A client ``inside`` the rule's group already has
    the wider bounds.
    """
    if ALL in tree or ANY in tree:
        parts = [judge(part) for part in tree[ALL if ALL in tree else ANY]]
        return _of_parts(parts, until=ALL not in tree)
    code, word = tree["fact"], Comparison(tree["is"])
    value, stay = _bound(tree, inside=False), _bound(tree, inside=True)

    def holds(facts: Facts, inside: bool = False) -> bool:
        return _compares(word, facts.get(code), stay if inside else value)

    return holds


def _of_parts(parts: Sequence[Judge], until: bool) -> Judge:
    def holds(facts: Facts, inside: bool = False) -> bool:
        for part in parts:
            if part(facts, inside) is until:
                return until
        return not until

    return holds


def holds(tree: Tree, facts: Facts, inside: bool = False) -> bool:
    return judge(tree)(facts, inside)


def told(tree: Tree, facts: Facts, inside: bool = False) -> Part:
    """The same, with every condition and its value: why it holds, or does not."""
    join = ANY if ANY in tree else ALL
    parts = [
        told(each, facts, inside) if ALL in each or ANY in each else _said(each, facts, inside)
        for each in tree[join]
    ]
    return Part(join, parts, holds(tree, facts, inside))


def _said(condition: Tree, facts: Facts, inside: bool) -> Said:
    word, bound, value = Comparison(condition["is"]), _bound(condition, inside), facts.get(condition["fact"])
    return Said(condition["fact"], word, bound, value, _compares(word, value, bound))


def _bound(condition: Tree, inside: bool) -> Any:
    stay = condition.get("stay")
    return stay if inside and stay is not None else condition["value"]


def _compares(word: Comparison, value: Any, bound: Any) -> bool:
    """Of what is not known nothing is true, but that it is none of those."""
    if word is Comparison.at_least:
        return value is not None and value >= bound
    if word is Comparison.at_most:
        return value is not None and value <= bound
    is_one = bool(value) and not value.isdisjoint(bound)
    return is_one if word is Comparison.one_of else not is_one


def weighed(points: Sequence[tuple[Point, Judge]], facts: Facts) -> dict[str, int]:
    """The points of a client on each axis."""
    sums = dict.fromkeys(AXES, 0)
    for each, holds in points:
        if holds(facts):
            sums[each.axis.value] += each.points
    return sums


def facts_of(tree: Tree) -> set[str]:
    """The facts that a tree asks for."""
    parts = [*tree.get(ALL, ()), *tree.get(ANY, ())]
    if "fact" in tree:
        return {tree["fact"]}
    return set[str]().union(*(facts_of(part) for part in parts))


def conditions_of(tree: Tree) -> list[Tree]:
    """Every condition of a tree, in order."""
    if "fact" in tree:
        return [tree]
    return [each for part in (*tree.get(ALL, ()), *tree.get(ANY, ())) for each in conditions_of(part)]
