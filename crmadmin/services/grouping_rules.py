"""The rules of groups themselves: written, put in order, switched on and off; and the points of both axes.

A rule's version grows with each change of what it says. None is deleted: clients stand where it has put them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select

from crmadmin.core import clock, turns
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed, all_hold
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import grouping
from crmadmin.queries.facts import FACTS
from crmadmin.rules.grouping import ALL, ANY, FactKind, Tree, conditions_of
from crmadmin.services.meanwhile import mark
from models import AxisPoint, ClientGroup, GroupRule, User
from models.kinds import Axis, Comparison

STEP = 10  # between positions
MOST_CONDITIONS = 30
MOST_RULES = 50
MOST_POINTS = 60
LONGEST_NAME = 200
LONGEST_STAY = 3650
LARGEST = 1_000_000
_TURN = "rules of groups"

OFFERS = {
    FactKind.number: (Comparison.at_least, Comparison.at_most),
    FactKind.choice: (Comparison.one_of, Comparison.none_of),
}


@dataclass(frozen=True)
class Wanted:
    """What a rule is to say."""

    name: str
    group_id: int | None
    conditions: Tree
    stay_days: int


def add(wanted: Wanted, *, active: bool = False, by: User) -> GroupRule:
    """A new rule comes last, and decides nothing until it is switched on."""
    _may(by)
    turns.take_turns(_TURN)
    rules = db.scalars(grouping.every_rule()).all()
    if len(rules) >= MOST_RULES:
        raise DomainError(_("No more than %(most)s rules: who would understand them?", most=MOST_RULES))
    rule = GroupRule(position=(rules[-1].position if rules else 0) + STEP, active=active, version=1)
    _put(rule, wanted)
    db.add(rule)
    db.flush()
    return rule


def change(rule: GroupRule, wanted: Wanted, *, seen: int, by: User) -> bool:
    """``seen``: the version the form showed; of another one nothing is overwritten. Whether it changed."""
    _may(by)
    db.refresh(rule, with_for_update=True)
    if rule.version != seen:
        raise DomainError(_changed_meanwhile(rule), field="version")
    before = (rule.name, rule.group_id, rule.conditions, rule.stay_days)
    if before == (wanted.name, wanted.group_id, wanted.conditions, wanted.stay_days):
        return False
    _put(rule, wanted)
    rule.version += 1
    db.flush()
    return True


def _changed_meanwhile(rule: GroupRule) -> str:
    entry = db.scalar(grouping.last_change_of(rule))
    who = entry.by_name if entry else _("somebody")
    return _(
        "%(who)s has changed this rule meanwhile: it is version %(version)s now. "
        "Saved once more, yours takes its place.",
        who=who,
        version=rule.version,
    )


def _put(rule: GroupRule, wanted: Wanted) -> None:
    group = db.get(ClientGroup, wanted.group_id) if wanted.group_id else None
    all_hold(
        partial(_check_name, wanted.name),
        partial(_check_group, group, rule),
        partial(check_conditions, wanted.conditions),
        partial(_check_days, wanted.stay_days),
    )
    if group is not None:
        rule.group = group
    rule.name, rule.conditions, rule.stay_days = wanted.name, dict(wanted.conditions), wanted.stay_days
    rule.changed_at = clock.now()


def switch(rule: GroupRule, active: bool, *, by: User) -> None:
    _may(by)
    rule.active, rule.changed_at = active, clock.now()


def move(rule: GroupRule, up: bool, *, by: User) -> None:
    """One place up, or down: the first rule that holds decides."""
    _may(by)
    turns.take_turns(_TURN)
    rules = list(db.scalars(grouping.every_rule()))
    place = rules.index(rule)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rules):
        return
    rules[place], rules[other] = rules[other], rules[place]
    for number, each in enumerate(rules, 1):
        each.position = number * STEP


def points_mark(rows: Sequence[AxisPoint]) -> str:
    """Another one as soon as any of the points is."""
    return mark([(row.axis.value, row.condition, row.points) for row in rows])


def set_points(wanted: Sequence[tuple[Axis, Tree, int]], *, seen: str, by: User) -> bool:
    """All points of both axes, in order; whether any is another one. ``seen``: the mark of the form's."""
    _may(by)
    turns.take_turns(_TURN)
    rows = list(db.scalars(grouping.every_point()))
    if points_mark(rows) != seen:
        raise DomainError(
            _("Somebody has changed the points meanwhile. Saved once more, yours take their place."),
            field="mark",
        )
    if len(wanted) > MOST_POINTS:
        raise DomainError(_("No more than %(most)s lines.", most=MOST_POINTS))
    for _axis, condition, points in wanted:
        check_conditions(condition, of_points=True)
        if not -LARGEST <= points <= LARGEST:
            raise DomainError(_("From 1 to %(most)s.", most=LARGEST))
    if [(row.axis, row.condition, row.points) for row in rows] == list(wanted):
        return False
    for place, (axis, condition, points) in enumerate(wanted):
        row = rows[place] if place < len(rows) else AxisPoint()
        row.axis, row.condition, row.points = axis, dict(condition), points
        row.position, row.active = (place + 1) * STEP, True
        db.add(row)
    for row in rows[len(wanted) :]:
        db.delete(row)
    db.flush()
    return True


def _may(by: User) -> None:
    if not allows(by.role, Permission.group_rules_change):
        raise NotAllowed(_("Only the head and the admin change the rules of groups."))


def _check_name(name: str) -> None:
    if not name:
        raise DomainError(_("A rule needs a name: it is told why a client is where it is."), field="name")
    if len(name) > LONGEST_NAME:
        raise DomainError(_("No more than %(most)s signs fit in.", most=LONGEST_NAME), field="name")


def _check_group(group: ClientGroup | None, rule: GroupRule) -> None:
    if group is None or (not group.active and group.id != rule.group_id):
        raise DomainError(_("Choose a group."), field="group")


def _check_days(days: int) -> None:
    if not 0 <= days <= LONGEST_STAY:
        raise DomainError(
            _("A whole number from %(least)s to %(most)s.", least=0, most=3650), field="stay_days"
        )


def check_conditions(tree: Tree, *, of_points: bool = False) -> None:
    """Every condition asks for a fact there is, in a way that fits it; two levels, and not too many."""
    found = conditions_of(tree)
    if len(found) > MOST_CONDITIONS:
        raise DomainError(_("No more than %(most)s conditions.", most=MOST_CONDITIONS), field="conditions")
    if not of_points and (_depth(tree) > 2 or not {ALL, ANY} & tree.keys()):
        raise DomainError(_("These conditions are no rule."), field="conditions")
    for each in found:
        _check_condition(each, of_points)


def _depth(tree: Tree) -> int:
    parts = [*tree.get(ALL, ()), *tree.get(ANY, ())]
    return 1 + max((_depth(part) for part in parts), default=0) if {ALL, ANY} & tree.keys() else 0


def _check_condition(each: Tree, of_points: bool) -> None:
    fact = FACTS.get(each.get("fact", ""))
    if fact is None or (of_points and fact.of_points):
        raise DomainError(_("This is not among what you may choose."), field="conditions")
    if each.get("is") not in OFFERS[fact.kind]:
        raise DomainError(_("This is not among what you may choose."), field="conditions")
    bounds: list[Any] = [each.get("value"), *([each["stay"]] if each.get("stay") is not None else [])]
    if fact.kind is FactKind.choice:
        if len(bounds) > 1 or not isinstance(bounds[0], list) or not bounds[0]:
            raise DomainError(_("Choose one."), field="conditions")
        return
    if not all(isinstance(bound, int | float) and abs(bound) <= LARGEST for bound in bounds):
        raise DomainError(_("This is no number."), field="conditions")
    _check_stay(each)


def _check_stay(each: Tree) -> None:
    """A bound for staying that is harder than the one for coming in would throw everybody out at once."""
    stay, value = each.get("stay"), each["value"]
    if stay is None:
        return
    if stay > value if each["is"] == Comparison.at_least else stay < value:
        raise DomainError(
            _("To stay may not be harder than to come in: it would throw out whoever has just come."),
            field="conditions",
        )


def rule_of(rule_id: int) -> GroupRule | None:
    return db.scalar(select(GroupRule).where(GroupRule.id == rule_id))
