"""What the rules of groups, as they are now, decide of clients. Nothing is changed by asking.

Only the facts that some rule or point asks for are looked up, for as many clients at once as are given.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, select

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.queries import facts as asked
from crmadmin.queries import grouping
from crmadmin.queries.facts import FACTS, Fact
from crmadmin.rules.grouping import (
    Decision,
    FactKind,
    Facts,
    Judge,
    Point,
    Rule,
    Standing,
    decide,
    facts_of,
    judge,
    weighed,
)
from crmadmin.services.meanwhile import mark
from models import Client, ClientGroup, Region

AT_ONCE = 2_000  # clients looked at together
ONE_BY_ONE = 50
_NOTHING: frozenset[Any] = frozenset()


@dataclass(slots=True)
class Subject:
    """A client as the rules see it: what is known of it, and where it stands."""

    id: int
    group_id: int
    curator_id: int | None
    own_rhythm: int | None
    standing: Standing | None
    known: dict[str, Any]


@dataclass(frozen=True)
class Decided:
    subject: Subject
    decision: Decision


@dataclass
class Sorter:
    """The rules in force at one moment; ``mark`` is another one as soon as anything of them is changed."""

    rules: list[Rule]
    points: list[Point]
    mark: str
    at: datetime
    needed: set[str] = field(default_factory=set[str])
    of_everybody: bool = False
    judges: list[tuple[Rule, Judge]] = field(default_factory=list[tuple[Rule, Judge]])
    weights: list[tuple[Point, Judge]] = field(default_factory=list[tuple[Point, Judge]])
    few: dict[str, Counter[int]] = field(default_factory=dict[str, Counter[int]])
    rhythms: dict[int, int | None] = field(default_factory=dict[int, int | None])
    regions: dict[int, frozenset[int]] = field(default_factory=dict[int, frozenset[int]])

    @classmethod
    def now(cls, *, only: Rule | None = None, of_everybody: bool = False) -> "Sorter":
        """``only``: this rule's facts are looked up, for explaining it, whether it is in force or not."""
        rows, points = db.scalars(grouping.every_rule()).all(), db.scalars(grouping.every_point()).all()
        rules = [
            Rule(row.id, row.name, row.version, row.group_id, row.conditions, row.stay_days)
            for row in rows
            if row.active and row.group.active
        ]
        given = [Point(each.axis, each.condition, each.points) for each in points if each.active]
        sorter = cls(rules, given, mark(rules, given), clock.now(), of_everybody=of_everybody)
        sorter._prepare([*rules, only] if only else rules)
        return sorter

    def _prepare(self, rules: Sequence[Rule]) -> None:
        self.needed = set().union(*(facts_of(rule.conditions) for rule in rules)) if rules else set()
        if any(FACTS[code].of_points for code in self.needed if code in FACTS):
            self.needed |= set().union(*(facts_of(each.condition) for each in self.points))
        self.needed &= FACTS.keys()
        self.judges = [(rule, judge(rule.conditions)) for rule in self.rules]
        if {code for code in self.needed if FACTS[code].of_points}:
            self.weights = [(each, judge(each.condition)) for each in self.points]
        if "silence" in self.needed:
            self.rhythms = dict(db.execute(select(ClientGroup.id, ClientGroup.rhythm_days)).all())
        if "region" in self.needed:
            self.regions = _lying_in()

    def decide(self, client_ids: Sequence[int]) -> Iterator[Decided]:
        """Of these clients, in the order of their numbers; of those put away nothing is said."""
        for subject in self.subjects(client_ids):
            of = partial(self.facts, subject)
            yield Decided(subject, decide(self.judges, of, subject.group_id, subject.standing, self.at))

    def facts(self, subject: Subject, group_id: int | None = None) -> Facts:
        """What is known of a client, were it in that group: its rhythm, and so its silence, is another."""
        inside = subject.group_id if group_id is None else group_id
        known: dict[str, Any] = {**subject.known, "group": frozenset((inside,))}
        if "silence" in known:
            days, rhythm = known["silence"], subject.own_rhythm or self.rhythms.get(inside)
            known["silence"] = round(max(days, 0) / rhythm, 2) if rhythm else None
        return {**known, **weighed(self.weights, known)} if self.weights else known

    def subjects(self, client_ids: Sequence[int]) -> Iterator[Subject]:
        if not client_ids:
            return
        within = Client.id.between(min(client_ids), max(client_ids))
        wanted = set(client_ids)
        columns = {code: make(self.at) for code in self.needed if (make := FACTS[code].column)}
        counts = {code: self._counted(code, client_ids) for code in self.needed if _is_summed(FACTS[code])}
        tags = self._tags(client_ids) if "tag" in self.needed else {}
        row: Any
        for row in db.execute(asked.subjects(columns).where(within)):
            id = row[0]
            if id not in wanted:
                continue
            read = zip(columns, row[asked.BEFORE_FACTS :], strict=True)
            known = {code: self._value(code, value) for code, value in read}
            known |= {code: numbers.get(id, 0) for code, numbers in counts.items()}
            if "tag" in self.needed:
                known["tag"] = tags.get(id, _NOTHING)
            yield Subject(id, row[1], row[2], row[3], _standing(*row[4 : asked.BEFORE_FACTS]), known)

    def _value(self, code: str, value: Any) -> Any:
        if FACTS[code].kind is FactKind.number:
            return value
        if value is None:
            return _NOTHING
        return self.regions.get(value, _NOTHING) if code == "region" else frozenset((value,))

    def _counted(self, code: str, client_ids: Sequence[int]) -> Mapping[int, int]:
        numbers = self._few(code, client_ids)
        if counted := FACTS[code].counted:
            numbers = Counter(numbers)
            rows = counted(self.at)
            whose = rows.selected_columns.client_id
            for client_id, number in db.execute(rows.where(whose.between(min(client_ids), max(client_ids)))):
                numbers[client_id] += number
        return numbers

    def _few(self, code: str, client_ids: Sequence[int]) -> Counter[int]:
        """Read once where everybody is looked at; else those of these clients, by the index of the few."""
        make = FACTS[code].few
        if make is None:
            return Counter()
        rows = make(self.at)
        whose = rows.selected_columns.client_id
        if len(client_ids) <= ONE_BY_ONE:
            return _summed(rows.where(whose.in_(client_ids)))
        if not self.of_everybody:
            return _summed(rows.where((whose + 0).between(min(client_ids), max(client_ids))))
        if code not in self.few:
            self.few[code] = _summed(rows)
        return self.few[code]

    def _tags(self, client_ids: Sequence[int]) -> dict[int, frozenset[int]]:
        rows = asked.tags()
        whose = rows.selected_columns.client_id
        found: dict[int, set[int]] = defaultdict(set)
        for client_id, tag_id in db.execute(rows.where(whose.between(min(client_ids), max(client_ids)))):
            found[client_id].add(tag_id)
        return {client_id: frozenset(ids) for client_id, ids in found.items()}


def everybody() -> Iterator[list[int]]:
    """The numbers of all clients that are not put away, so many at once as are looked at together."""
    reached = 0
    while ids := list(db.scalars(asked.ids_after(reached, AT_ONCE))):
        yield ids
        reached = ids[-1]


def seen(facts: Facts, rule: Rule) -> dict[str, Any]:
    """The values a rule has decided by, as they are kept."""
    return {code: kept(facts.get(code)) for code in sorted(facts_of(rule.conditions))}


def kept(value: Any) -> Any:
    many: Any = value
    return sorted(many) if isinstance(value, frozenset) else value


def _is_summed(fact: Fact) -> bool:
    return fact.counted is not None or fact.few is not None


def _summed(rows: Select[Any, Any]) -> Counter[int]:
    numbers: Counter[int] = Counter()
    for client_id, number in db.execute(rows):
        numbers[client_id] += number
    return numbers


def _standing(since: Any, by_hand: Any, held_until: Any, stay_days: Any) -> Standing | None:
    return None if since is None else Standing(since, by_hand, held_until, stay_days or 0)


def _lying_in() -> dict[int, frozenset[int]]:
    """Each region with those it lies in, however deep."""
    above: dict[int, int | None] = dict(db.execute(select(Region.id, Region.parent_id)).all())
    found: dict[int, frozenset[int]] = {}
    for id in above:
        chain, one = list[int](), id
        while one and one not in chain:
            chain.append(one)
            one = above.get(one) or 0
        found[id] = frozenset(chain)
    return found
