"""The forms of a rule of groups and of the points of an axis: rows of fact, comparison, value.

Whatever was typed is kept. A button adds or takes off a row; nothing is saved but by its own button.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from crmadmin.core.i18n import _
from crmadmin.queries.facts import FACTS
from crmadmin.rules.grouping import ALL, ANY, FactKind, Tree
from crmadmin.services.grouping_rules import LONGEST_NAME, MOST_CONDITIONS, OFFERS, Wanted, points_mark
from models import AxisPoint, GroupRule
from models.kinds import Axis, Comparison
from views.admin.filters import row_id
from views.fields import plain_text
from views.grouping_words import Choices
from views.labels import label

_ROW = re.compile(r"b(\d{1,2})\.r(\d{1,2})\.")
_STEP = re.compile(r"(add|drop)-(\d{1,2})(?:-(\d{1,2}))?")


@dataclass
class Row:
    """One condition as it was typed."""

    fact: str = ""
    word: str = ""
    values: list[str] = field(default_factory=list)
    stay: str = ""
    points: str = ""
    error: str = ""

    @property
    def kind(self) -> FactKind:
        return FACTS[self.fact].kind if self.fact in FACTS else FactKind.number

    @property
    def is_choice(self) -> bool:
        return self.kind is FactKind.choice

    @property
    def words(self) -> list[tuple[str, Any]]:
        return [(each.value, label(each)) for each in OFFERS[self.kind]]

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def is_blank(self) -> bool:
        return not self.fact and not "".join(self.values).strip()

    @classmethod
    def typed(cls, form: MultiDict[str, str], name: str) -> Row:
        said = {each: str(plain_text(form.get(name + each, ""))) for each in ("fact", "is", "stay", "points")}
        values = [str(plain_text(each)) for each in form.getlist(f"{name}value")]
        return cls(said["fact"], said["is"], values, said["stay"], said["points"])

    @classmethod
    def of(cls, condition: Tree, points: int | None = None) -> Row:
        value, stay = condition["value"], condition.get("stay")
        listed = [str(each) for each in value] if isinstance(value, list) else [f"{value:g}"]
        given = "" if points is None else str(points)
        return cls(condition["fact"], condition["is"], listed, "" if stay is None else f"{stay:g}", given)

    def tree(self, offered: Choices) -> Tree | None:
        """The condition; None, and the error, where it is none."""
        try:
            return self._tree(offered)
        except ValueError as error:
            self.error = str(error)
            return None

    def _tree(self, offered: Choices) -> Tree:
        if self.fact not in FACTS:
            raise ValueError(_("Choose what it is about."))
        word = self.word if self.word in OFFERS[self.kind] else OFFERS[self.kind][0].value
        told: dict[str, Any] = {"fact": self.fact, "is": Comparison(word).value}
        if self.is_choice:
            chosen = [offered.value(self.fact, each) for each in self.values]
            known = [each for each in chosen if each is not None]
            if not known:
                raise ValueError(_("Choose one at least."))
            return {**told, "value": sorted(known)}
        told["value"] = _number(self.value)
        if self.stay:
            told["stay"] = _number(self.stay)
        return told


def _number(text: str) -> float | int:
    """As people write it, with a comma or a point."""
    typed = text.replace(",", ".").replace("\u2212", "-").strip()
    if not re.fullmatch(r"-?\d{1,7}(\.\d{1,4})?", typed, re.ASCII):
        raise ValueError(_("This is no number."))
    number = float(typed)
    return int(number) if number.is_integer() else number


@dataclass
class Block:
    """Conditions that stand together: all of them, or any."""

    join: str = ALL
    rows: list[Row] = field(default_factory=list)


class RuleForm:
    """A rule as it stands in the form; ``errors`` by the name of the field."""

    def __init__(self, rule: GroupRule | None = None) -> None:
        self.errors: dict[str, str] = {}
        self.offered = Choices()
        self.name, self.group, self.stay_days = "", "", "30"
        self.version, self.join = "", ALL
        self.blocks = [Block(rows=[Row()])]
        if rule is not None:
            self.name, self.group, self.stay_days = rule.name, str(rule.group_id), str(rule.stay_days)
            self.version = str(rule.version)
            self.join, self.blocks = _blocks(rule.conditions)

    def read(self, form: MultiDict[str, str]) -> None:
        said = {
            name: str(plain_text(form.get(name, ""))) for name in ("name", "group", "stay_days", "version")
        }
        self.name, self.group = said["name"], said["group"]
        self.stay_days, self.version = said["stay_days"], said["version"]
        self.join = _join(form.get("join"))
        found: dict[int, dict[int, Row]] = {}
        for block, number in _places(form):
            found.setdefault(block, {})[number] = Row.typed(form, f"b{block}.r{number}.")
        self.blocks = [
            Block(_join(form.get(f"b{block}.join")), [rows[each] for each in sorted(rows)])
            for block, rows in sorted(found.items())
        ]

    def step(self, word: str) -> None:
        """A button that changes the form alone: a row or a block more, or less."""
        if word == "block":
            self.blocks.append(Block(rows=[Row()]))
        elif told := _STEP.fullmatch(word):
            block = int(told[2])
            if block >= len(self.blocks):
                return
            rows = self.blocks[block].rows
            if told[1] == "add" and len(rows) < MOST_CONDITIONS:
                rows.append(Row())
            elif told[1] == "drop" and told[3] and int(told[3]) < len(rows):
                del rows[int(told[3])]
                self.blocks = [each for each in self.blocks if each.rows]
        self.blocks = self.blocks or [Block(rows=[Row()])]

    def wanted(self) -> Wanted | None:
        """What is to be saved; None where something typed cannot be."""
        parts: list[Tree] = []
        for block in self.blocks:
            rows = [row for row in block.rows if not row.is_blank]
            trees = [row.tree(self.offered) for row in rows]
            if trees:
                parts.append({block.join: trees})
        if any(row.error for block in self.blocks for row in block.rows):
            self.errors["conditions"] = _("Not every condition can be read.")
        days = self.stay_days
        if not (days.isascii() and days.isdecimal() and len(days) < 5):
            self.errors["stay_days"] = _("This is no whole number.")
        if self.errors:
            return None
        return Wanted(self.name[: LONGEST_NAME + 1], _id(self.group), {self.join: parts}, int(days))

    @property
    def seen(self) -> int:
        return int(self.version) if self.version.isascii() and self.version.isdecimal() else 0


class PointsForm:
    """The points of both axes, each axis its rows."""

    def __init__(self, points: list[AxisPoint]) -> None:
        self.offered = Choices()
        self.errors: dict[str, str] = {}
        self.mark = points_mark(points)
        self.axes = {
            axis: [Row.of(each.condition, each.points) for each in points if each.axis is axis]
            for axis in Axis
        }

    def read(self, form: MultiDict[str, str]) -> None:
        self.mark = form.get("mark", "")
        places = _places(form)
        for at, axis in enumerate(Axis):
            numbers = sorted(number for block, number in places if block == at)
            self.axes[axis] = [Row.typed(form, f"b{at}.r{number}.") for number in numbers]

    def step(self, word: str) -> None:
        if told := _STEP.fullmatch(word):
            at = int(told[2])
            rows = self.axes[list(Axis)[at]] if at < len(Axis) else []
            if told[1] == "add" and len(rows) < MOST_CONDITIONS:
                rows.append(Row(points="1"))
            elif told[3] and int(told[3]) < len(rows):
                del rows[int(told[3])]

    def wanted(self) -> list[tuple[Axis, Tree, int]] | None:
        found: list[tuple[Axis, Tree, int]] = []
        for axis, rows in self.axes.items():
            for row in rows:
                if row.is_blank:
                    continue
                tree = row.tree(self.offered)
                if not re.fullmatch(r"-?\d{1,5}", row.points, re.ASCII):
                    row.error = row.error or _("Points are a whole number.")
                elif tree is not None:
                    found.append((axis, tree, int(row.points)))
        is_wrong = any(row.error for rows in self.axes.values() for row in rows)
        return None if is_wrong else found


def _places(form: Mapping[str, Any]) -> set[tuple[int, int]]:
    """Which rows stand in what was sent: (block, row)."""
    return {(int(told[1]), int(told[2])) for name in form if (told := _ROW.match(name))}


def _blocks(tree: Tree) -> tuple[str, list[Block]]:
    join = ANY if ANY in tree else ALL
    blocks: list[Block] = []
    for part in tree[join]:
        if "fact" in part:
            blocks.append(Block(rows=[Row.of(part)]))
            continue
        inner = ANY if ANY in part else ALL
        blocks.append(Block(inner, [Row.of(each) for each in part[inner]]))
    return join, blocks or [Block(rows=[Row()])]


def _join(text: str | None) -> str:
    return ANY if text == ANY else ALL


def _id(text: str) -> int | None:
    try:
        return row_id(text)
    except ValueError:
        return None
