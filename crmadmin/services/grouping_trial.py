"""What the rules of groups would do, before they do it: who moves, why, and what it does to each curator."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from crmadmin.core.db import db
from crmadmin.queries import grouping
from crmadmin.queries.facts import names_of
from crmadmin.rules.grouping import Part, Rule, Stays, told
from crmadmin.services.grouping import Decided, Sorter, everybody
from models import ClientGroup

SHOWN = 100


class Way(NamedTuple):
    """From one group to another, by a rule."""

    from_id: int
    to_id: int
    rule_id: int


class Load(NamedTuple):
    """How many clients a curator has in each group, now and then; nobody's clients are a line, too."""

    curator_id: int | None
    name: str
    before: Counter[int]
    after: Counter[int]

    @property
    def changes(self) -> bool:
        return self.before != self.after


@dataclass
class Mover:
    """A client that would move: by which rule, and how each of its conditions turned out."""

    client_id: int
    from_id: int
    rule: Rule
    why: Part
    name: str = ""
    curator: str = ""


@dataclass
class Trial:
    mark: str
    has_rules: bool
    total: int = 0
    ways: Counter[Way] = field(default_factory=Counter[Way])
    stays: Counter[Stays] = field(default_factory=Counter[Stays])
    movers: list[Mover] = field(default_factory=list[Mover])
    loads: list[Load] = field(default_factory=list[Load])
    groups: dict[int, ClientGroup] = field(default_factory=dict[int, ClientGroup])
    rules: dict[int, Rule] = field(default_factory=dict[int, Rule])

    @property
    def moving(self) -> int:
        return self.ways.total()


def trial() -> Trial:
    """Everybody is looked at; the first so many who would move are named. Nothing is changed."""
    sorter = Sorter.now(of_everybody=True)
    found = Trial(sorter.mark, bool(sorter.rules), rules={rule.id: rule for rule in sorter.rules})
    found.groups = {group.id: group for group in db.scalars(grouping.every_group())}
    moved: dict[int | None, Counter[int]] = defaultdict(Counter)
    for ids in everybody():
        for each in sorter.decide(ids):
            found.total += 1
            _count(found, sorter, each, moved)
    _name(found.movers)
    found.loads = _loads(moved)
    return found


def _count(found: Trial, sorter: Sorter, each: Decided, moved: dict[int | None, Counter[int]]) -> None:
    subject, rule = each.subject, each.decision.rule
    if rule is None:
        found.stays.update([each.decision.stays or Stays.unnamed])
        return
    found.ways[Way(subject.group_id, rule.group_id, rule.id)] += 1
    moved[subject.curator_id][subject.group_id] -= 1
    moved[subject.curator_id][rule.group_id] += 1
    if len(found.movers) < SHOWN:
        why = told(rule.conditions, sorter.facts(subject))
        found.movers.append(Mover(subject.id, subject.group_id, rule, why))


def _name(movers: list[Mover]) -> None:
    rows: dict[int, Any] = {row.id: row for row in db.execute(names_of([each.client_id for each in movers]))}
    for each in movers:
        each.name, each.curator = rows[each.client_id].name, rows[each.client_id].curator or ""


def _loads(moved: dict[int | None, Counter[int]]) -> list[Load]:
    """Of every curator who has clients, in the order of their names; nobody's at the end."""
    before: dict[int | None, Counter[int]] = defaultdict(Counter)
    for curator_id, group_id, number in db.execute(grouping.loads()):
        before[curator_id][group_id] = number
    names: dict[int | None, str] = dict(db.execute(grouping.every_curator()).all())
    whose = [id for id in names if id in before] + ([None] if None in before else [])
    loads: list[Load] = []
    for id in whose:
        after = Counter(before[id])
        after.update(moved.get(id, Counter()))
        loads.append(Load(id, names.get(id, ""), before[id], +after))
    return loads
