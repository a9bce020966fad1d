"""Which of somebody's numbers ask for a talk, by the weeks before; and which say the same.

By his own weeks (rules.own_weeks) are judged: contacts, calls, meetings, negotiations, proposals, clients
touched, new clients, minutes, quality and delay of recording. Not coverage: it remembers a holiday for weeks,
and the alarm of silent clients tells the same with their names. Not promises kept: a broken promise is an
alarm of its own. Not the share of one client: a week is too short for it, and four are taken elsewhere.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from crmadmin.reports import indicators
from crmadmin.reports.indicators import INDICATORS, Figures, Shown
from crmadmin.rules import own_weeks, periods
from crmadmin.rules.corridor import WEEK, Side
from crmadmin.rules.own_weeks import Chance, Outside, Part, Week

WATCHED = (
    "contacts", "calls", "meetings", "negotiations", "proposals", "clients_touched", "new_clients", "minutes",
    "quality", "lag",
)  # fmt: skip

ABOUT: dict[str, tuple[str, ...]] = {
    "work": (
        "contacts", "clients_touched", "calls", "meetings", "negotiations", "letters", "minutes", "per_day",
    ),
    "gain": ("proposals", "new_clients"),
    "clients": ("coverage", "silent", "top_share", "concentration"),
    "records": ("quality", "with_result", "with_next", "with_words", "lag", "same_day"),
    "promises": ("promises_kept",),
}  # fmt: skip
"""What says the same: who does little has few contacts, few calls and few clients at once."""

LEAST_DELAY = 8.0  # hours: what is written down within a working day is nothing to talk about
WEEKS = own_weeks.TOGETHER + periods.BEFORE + 4  # with some in which somebody may have been away


class Worked(NamedTuple):
    """A week of somebody's: what was counted of it, and how many days he worked."""

    figures: Figures
    days: int


class Outlier(NamedTuple):
    """A number that asks for a talk. ``why``: by a norm, or by his own weeks."""

    indicator: str
    why: Literal["norm", "weeks"]
    said: Outside


def of_own_weeks(weeks: Sequence[Worked], keys: Collection[str] = WATCHED) -> list[Outlier]:
    """Of the last of these weeks, the oldest of which comes first."""
    found = ((key, _looked_at(weeks, key)) for key in WATCHED if key in keys)
    return [Outlier(key, "weeks", said) for key, said in found if said and _is_trouble(key, said)]


def _is_trouble(key: str, said: Outside) -> bool:
    if key == "lag" and said.value < LEAST_DELAY:
        return False
    return indicators.is_trouble(INDICATORS[key], said.side)


def together(outliers: Iterable[Outlier]) -> Iterator[tuple[str, Side, list[Outlier]]]:
    """(what it is about, the side, those that say the same: the first one gives it its name)."""
    known = list(outliers)
    for about, keys in ABOUT.items():
        for side in (Side.low, Side.high):
            same = [each for each in known if each.indicator in keys and each.said.side is side]
            if same:
                yield about, side, sorted(same, key=lambda each: keys.index(each.indicator))


def _looked_at(weeks: Sequence[Worked], key: str) -> Outside | None:
    numbers = [_week(each, key) for each in weeks]
    found = own_weeks.left(numbers, _chance(key))
    if found is None and key == "contacts":
        return _slide(weeks, numbers)
    return found


def _slide(weeks: Sequence[Worked], numbers: Sequence[Week]) -> Outside | None:
    """Fewer contacts for weeks; or more, and less comes of each: whoever grows is left alone."""
    found = own_weeks.slid(numbers)
    if found is None or found.side is Side.low:
        return found
    now, before = weeks[-own_weeks.TOGETHER :], weeks[: -own_weeks.TOGETHER]
    return found if own_weeks.fell(_results(now), _results(before)) else None


def _results(weeks: Iterable[Worked]) -> Part:
    known = [each.figures for each in weeks]
    return Part(sum(each["with_result"] for each in known), sum(each["contacts"] for each in known))


def _week(week: Worked, key: str) -> Week:
    each = INDICATORS[key]
    value = each.value(week.figures)
    if each.adds_up and value is not None:
        value = value * WEEK / week.days if week.days else None
    return Week(value, week.days, week.figures[each.of or "contacts"])


def _chance(key: str) -> Chance:
    kinds = {Shown.share: Chance.share, Shown.minutes: Chance.minutes, Shown.hours: Chance.hours}
    return kinds.get(INDICATORS[key].shown, Chance.number)
