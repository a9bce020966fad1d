"""Managers who are not there, week by week: what each would have done, drawn by chance with a fixed seed.

Each contact is drawn by itself: its kind, its client, its minutes, its delay and how well it was recorded.
From week to week a manager's pace varies by itself, too: people are no machines.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp
from random import Random
from statistics import median
from typing import Any

from crmadmin.reports.outliers import Worked
from crmadmin.rules.corridor import WEEK

KINDS = {"calls": (0.6, 10), "letters": (0.22, 5), "meetings": (0.12, 60), "negotiations": (0.06, 50)}
PARTS = ("with_result", "with_next", "with_words")

Pace = Callable[[int], float]


def steady(_week: int) -> float:
    return 1.0


@dataclass
class Manager:
    """``contacts`` of a usual week; ``pace`` of a week, 1 the usual one; ``days`` that he works of it.

    ``care`` is how often each part of a record is filled; ``loses``: a contact brings a result less often the
    more of them there are.
    """

    seed: int
    contacts: float = 30
    varies: float = 0.15
    clients: int = 40
    care: float = 0.9
    pace: Pace = steady
    days: Callable[[int], int] = lambda _week: WEEK
    loses: bool = False

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)
        self.likes = [exp(self.dice.gauss(0, 0.6)) for _each in range(self.clients)]

    def weeks(self, number: int) -> list[Worked]:
        """The oldest first."""
        return [Worked(self._figures(week), self.days(week)) for week in range(number)]

    def _figures(self, week: int) -> dict[str, Any]:
        part, dice = self.days(week) / WEEK, self.dice
        mood = dice.gammavariate(1 / self.varies**2, self.varies**2)
        many = poisson(dice, self.contacts * self.pace(week) * mood * part)
        found = dict.fromkeys((*KINDS, *PARTS, "complete", "same_day", "minutes"), 0)
        minutes, delays = dict[int, int](), list[float]()
        for _contact in range(many):
            spent = self._contact(found, week)
            client = dice.choices(range(self.clients), self.likes)[0]
            minutes[client] = minutes.get(client, 0) + spent
            delays.append(3 * exp(dice.gauss(0, 1.2)))
        return found | {
            "contacts": many,
            "minutes": sum(minutes.values()),
            "same_day": sum(delay < 8 for delay in delays),
            "lag": median(delays) if delays else None,
            "clients_touched": len(minutes),
            "top_minutes": max(minutes.values(), default=0),
            "proposals": poisson(dice, 0.08 * self.contacts * self.pace(week) * part),
            "new_clients": poisson(dice, 0.7 * self.pace(week) * part),
        }

    def _contact(self, found: dict[str, int], week: int) -> int:
        dice = self.dice
        kind = dice.choices(list(KINDS), [share for share, _minutes in KINDS.values()])[0]
        found[kind] += 1
        care = dict.fromkeys(PARTS, self.care)
        if self.loses:
            care["with_result"] /= max(1.0, self.pace(week))
        filled = [part for part in PARTS if dice.random() < care[part]]
        for part in filled:
            found[part] += 1
        found["complete"] += len(filled) == len(PARTS)
        return max(1, round(KINDS[kind][1] * exp(dice.gauss(-0.1, 0.5))))


def poisson(dice: Random, mean: float) -> int:
    """How many of what happens by itself so often."""
    many, left = 0, exp(-mean) if mean < 500 else 0.0
    product = dice.random()
    while product > left:
        many, product = many + 1, product * dice.random()
    return many
