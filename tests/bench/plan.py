"""What happens to whom, and when: three years of a department as one list in order of time.

The list is the same on every machine, and every row's id follows from it, so that several processes can make
rows at once, and the rows lie in the database as they would in life: by time, not by client.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from itertools import accumulate
from random import Random
from typing import NamedTuple

BEGINNING = datetime(2023, 6, 5, tzinfo=UTC)  # a Monday
DAYS = 3 * 364
NOW = BEGINNING + timedelta(days=DAYS, hours=9)  # noon in Moscow, a Monday: the server's clock stands here
DAY = 86_400
OPENS, CLOSES = 6 * 3_600, 15 * 3_600  # the working day, in UTC
LONGEST = 20_000  # entries of the client that has most
GROUPS = (("key", 5, 90), ("promising", 20, 30), ("potential", 55, 10), ("archive", 20, 6))
WINDOWS = 400


@dataclass(frozen=True)
class Size:
    clients: int = 100_000
    interactions: int = 2_000_000
    people: int = 60


class Act(IntEnum):
    """In order of what may happen within one second."""

    created = 0
    handed_over = 1
    spoken = 2
    archived = 3


class Planned(NamedTuple):
    second: int  # since the beginning
    client: int
    act: Act


class Plan:
    """The acts in order, and where each client's rows of the other tables begin."""

    def __init__(self, size: Size) -> None:
        self.size = size
        dice = Random(7)
        weights = [weight for _code, weight, _talks in GROUPS]
        self.groups = array("b", dice.choices(range(len(GROUPS)), weights, k=size.clients))
        self.born = array("I", (_born(k / size.clients) for k in range(size.clients)))
        self.persons = _sums(k * 7_919 % 4 for k in range(size.clients))  # one and a half on the average
        self.telephones = _sums(_telephones(k, self.persons) for k in range(size.clients))
        self.emails = _sums(_emails(k, self.persons) for k in range(size.clients))
        self.acts = self._acts(dice)

    def _acts(self, dice: Random) -> array[int]:
        clients, born = self.size.clients, self.born
        acts = [_packed(born[k], k, Act.created) for k in range(clients)]
        for k in range(clients):
            if has_curator(k) and k % 5 == 0:
                acts.append(_packed(_after(dice, born[k]), k, Act.handed_over))
            if has_archived(k):
                late = DAYS * DAY - dice.randrange(1, 90 * DAY)
                acts.append(_packed(max(late, born[k] + 120), k, Act.archived))
        longest = min(LONGEST, self.size.interactions // 10)
        spoken = [0] * longest
        talks = list(accumulate(GROUPS[group][2] for group in self.groups))
        spoken += dice.choices(range(clients), cum_weights=talks, k=self.size.interactions - longest)
        acts += [_packed(_after(dice, born[k]), k, Act.spoken) for k in spoken]
        acts.sort()
        return array("Q", acts)

    def window(self, number: int) -> Iterator[Planned]:
        """One of the parts of the three years, of equally many acts."""
        first, last = (len(self.acts) * each // WINDOWS for each in (number, number + 1))
        for act in self.acts[first:last]:
            yield Planned(act >> 22, act >> 2 & 0xFFFFF, Act(act & 3))


def _packed(second: int, client: int, act: Act) -> int:
    return second << 22 | client << 2 | act


def _sums(counts: Iterable[int]) -> array[int]:
    """How many there are before each client, and at the end of all."""
    return array("I", accumulate(counts, initial=0))


def _born(share: float) -> int:
    """The first third of the clients is there from the first morning; the others come by and by."""
    late = max(0.0, share - 1 / 3) * 1.5
    return int(late * (DAYS - 20)) * DAY + OPENS


def _after(dice: Random, born: int) -> int:
    """A moment of a working day between the client's beginning and now."""
    day = born // DAY + int(dice.random() * (DAYS - born // DAY))
    day -= max(0, day % 7 - 4)  # of the week-end it was Friday
    return max(day * DAY + OPENS + int(dice.random() * (CLOSES - OPENS)), born + 60)


def has_curator(client: int) -> bool:
    return client % 50 != 49


def has_email(client: int) -> bool:
    return client % 2 == 0


def has_archived(client: int) -> bool:
    return client % 33 == 32


def own_telephones(client: int) -> int:
    return 2 if client % 7 == 0 else 1


def _telephones(client: int, persons: array[int]) -> int:
    return own_telephones(client) + (persons[client + 1] - persons[client])


def _emails(client: int, persons: array[int]) -> int:
    here = range(persons[client], persons[client + 1])
    return has_email(client) + sum(person % 4 == 0 for person in here)
