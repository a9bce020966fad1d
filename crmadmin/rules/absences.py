"""When an absence cannot be as it was entered: whom it meets, and how."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto


class Clash(StrEnum):
    """Why two absences cannot both be."""

    again = auto()
    circle = auto()
    substitute_away = auto()
    substitutes = auto()


@dataclass(frozen=True)
class Away:
    """Somebody is away, ``[start, end)``, and these act for him."""

    person_id: int
    start: datetime
    end: datetime
    substitutes: frozenset[int]

    def meets(self, other: "Away") -> bool:
        return self.start < other.end and other.start < self.end


def clash(new: Away, other: Away) -> Clash | None:
    """Nobody is away twice at once, and nobody acts for others while he is away himself.

    So whoever acts is there, and a chain of substitutes, or a circle, cannot be.
    """
    if not new.meets(other):
        return None
    acts, is_acted_for = new.person_id in other.substitutes, other.person_id in new.substitutes
    if other.person_id == new.person_id:
        return Clash.again
    if acts and is_acted_for:
        return Clash.circle
    if is_acted_for:
        return Clash.substitute_away
    return Clash.substitutes if acts else None


def clashes(new: Away, others: Iterable[Away]) -> Iterator[tuple[Clash, Away]]:
    for other in others:
        if found := clash(new, other):
            yield found, other
