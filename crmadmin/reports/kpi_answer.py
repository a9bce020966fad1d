"""The shape of an answer about managers' numbers: what page, file, JSON, letter and alarm are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import NamedTuple

from crmadmin.reports import indicators
from crmadmin.reports.indicators import Figures
from crmadmin.rules.corridor import Corridor, Side, Trend
from crmadmin.rules.periods import Period
from models import User


class Compare(StrEnum):
    """What stands beside a number."""

    before = auto()
    year = auto()
    team = auto()


class Cell(NamedTuple):
    """One number of one person. ``line``: the twelve equal periods before, the oldest first."""

    value: float | None
    corridor: Corridor | None
    side: Side
    is_trouble: bool
    compared: float | None
    trend: Trend
    line: Sequence[float | None]


@dataclass(frozen=True)
class OfPerson:
    """``figures`` are what the cells' values are made of. ``days`` he has worked of the period until now,
    today with them, and ``done`` that are over; ``line_days`` of each of the twelve periods before."""

    person: User
    figures: Figures
    days: int
    cells: Mapping[str, Cell]
    line_days: Sequence[int] = ()
    done: int = 0

    def corridors(self, key: str) -> Sequence[Corridor | None]:
        """Of the twelve periods before and of this one: what adds up, by the working days of each."""
        corridor = self.cells[key].corridor
        if corridor is None or not indicators.INDICATORS[key].adds_up:
            return [corridor] * (len(self.line_days) + 1)
        return [*(self._scaled(corridor, days) for days in self.line_days), corridor]

    def _scaled(self, corridor: Corridor, days: int) -> Corridor | None:
        if not self.done:
            return None
        low = None if corridor.low is None else corridor.low * days / self.done
        high = None if corridor.high is None else corridor.high * days / self.days
        return Corridor(low, high, corridor.source)

    @property
    def trouble(self) -> int:
        """How many of the main numbers ask for a talk."""
        return sum(self.cells[key].is_trouble for key in indicators.MAIN)

    @property
    def estimated_share(self) -> float | None:
        """Of the minutes, those that nobody has said."""
        return indicators.estimated_share(self.figures)

    @property
    def result_per_contact(self) -> float | None:
        return indicators.result_per_contact(self.figures)

    @property
    def without_largest(self) -> Mapping[str, float]:
        return indicators.without_largest(self.figures)


@dataclass(frozen=True)
class Answer:
    """People in the order of their trouble; the team's medians, of at least three people, without names.

    ``line`` are the twelve equal periods before, the oldest first.
    """

    period: Period
    compare: Compare
    compared_with: Period | None
    people: Sequence[OfPerson]
    medians: Mapping[str, float | None]
    line: Sequence[Period] = ()

    def of(self, person_id: int) -> OfPerson:
        return next(each for each in self.people if each.person.id == person_id)

    @property
    def totals(self) -> Figures:
        """The figures of all these people together, as far as they add up."""
        return indicators.together([each.figures for each in self.people])
