"""The newcomer's first weeks: which clients he is given, and how he gets to know them, more in each week."""

from collections.abc import Iterator
from datetime import timedelta

from crmadmin.rules.working_days import working_day
from seeds.demo_lives import FORGETFUL, NEWCOMER, QUIET, STEADY, Contact, Life, Times

CALM = timedelta(days=60)  # so long the client had its curator before it was given away
A_WEEK = (2, 3, 4, 5, 6, 7)  # clients he calls for the first time in each of his weeks
AGAIN = timedelta(days=8)


def give(several: list[Life], times: Times) -> None:
    """Calm clients of those who have most of them, on his first day; from then on he speaks to them."""
    before = times.joined - CALM
    fit = [life for life in several if _is_calm(life) and max(life.born, life.curators[-1][0]) < before]
    most = sum(A_WEEK)
    for place, life in enumerate(fit[:: max(1, len(fit) // most)][:most]):
        former = life.curators[-1][1]
        kept = [each for each in life.contacts if each.day < times.joined or each.person != former]
        life.curators.append((times.joined, NEWCOMER))
        life.contacts = sorted([*kept, *_met(place, former, times)], key=lambda each: each.day)


def _is_calm(life: Life) -> bool:
    _since, group = life.groups[-1]
    return not life.fat and group == "potential" and life.curators[-1][1] in (STEADY, QUIET, FORGETFUL)


def _met(place: int, former: str, times: Times) -> Iterator[Contact]:
    """He calls, and once more a week later."""
    day = working_day(times.joined + timedelta(days=7 * _week(place) + 1 + place % 4))
    if day < times.today:
        yield Contact(day, NEWCOMER, "intro", former=former)
    day = working_day(day + AGAIN)
    if day < times.today:
        yield Contact(day, NEWCOMER, "early")


def _week(place: int) -> int:
    for week, number in enumerate(A_WEEK):
        if place < number:
            return week
        place -= number
    return len(A_WEEK)
