"""The corridor that a norm gives: the person's own, else his role's, as it was in force on each day."""

from collections.abc import Iterable, Sequence
from datetime import date

from crmadmin.core.i18n import today
from crmadmin.reports.indicators import Indicator
from crmadmin.rules import corridor as rule
from crmadmin.rules.corridor import Corridor, Source
from crmadmin.rules.periods import Period
from crmadmin.services.working_time import Days, WorkingTime
from models import Norm, User
from models.kinds import Role


class Norms:
    """Those in force in a period, the latest first, looked up by whose they are."""

    def __init__(self, norms: Iterable[Norm], period: Period) -> None:
        self.period = period
        self.by: dict[tuple[str, int | Role | None], list[Norm]] = {}
        for norm in norms:
            whose = norm.role if norm.person_id is None else norm.person_id
            self.by.setdefault((norm.indicator, whose), []).append(norm)

    def corridor(self, person: User, each: Indicator, days: Days, time: WorkingTime) -> Corridor | None:
        """Each day by the norm in force on it, where there is one on every day he worked."""
        mine = [*self.by.get((each.key, person.id), ()), *self.by.get((each.key, person.role), ())]
        if not mine:
            return None
        if not each.adds_up:
            last = min(self.period.last, max(today(), self.period.start))
            norm = next((norm for norm in mine if _is_in_force(norm, last)), None)
            return norm and Corridor(norm.low, norm.high, _source(norm))
        if all(_is_in_force(mine[0], day) for day in (self.period.start, self.period.last)):
            low = rule.scaled(mine[0].low, None, days.done, _source(mine[0])).low
            return rule.scaled(None, mine[0].high, days.with_today, _source(mine[0]))._replace(low=low)
        return _day_by_day(mine, time.days_of(person, self.period))


def _day_by_day(mine: Sequence[Norm], days: Sequence[date]) -> Corridor | None:
    in_force = [next((norm for norm in mine if _is_in_force(norm, day)), None) for day in days]
    if not in_force or None in in_force:
        return None
    low = [norm.low for norm, day in zip(in_force, days, strict=True) if norm and day < today()]
    high = [norm.high for norm in in_force if norm]
    source = _source(next(norm for norm in in_force if norm))
    return Corridor(_week(low), _week(high), source)


def _is_in_force(norm: Norm, day: date) -> bool:
    return norm.valid_from <= day and (norm.valid_until is None or day < norm.valid_until)


def _source(norm: Norm) -> Source:
    return Source.role if norm.person_id is None else Source.person


def _week(bounds: Sequence[float | None]) -> float | None:
    """Of days' bounds of a week: their sum for those days; open where one of them is."""
    if any(bound is None for bound in bounds):
        return None
    return sum(bound or 0.0 for bound in bounds) / rule.WEEK
