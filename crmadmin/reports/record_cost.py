"""What recording costs as a plain table: the page's numbers, by week and person."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from crmadmin.core.i18n import _
from crmadmin.reports.kpi_tables import Sheet, percent
from crmadmin.rules.periods import Period
from crmadmin.rules.recording import AIM
from models import User


class Cost(NamedTuple):
    """Forms that were opened for recording, those that were left, medians of the saved ones, and the median
    hours from happening to recording of contacts."""

    forms: int = 0
    left: int = 0
    seconds: float | None = None
    keys: float | None = None
    hours: float | None = None

    @property
    def left_share(self) -> float | None:
        return self.left / self.forms if self.forms else None

    @property
    def within_aim(self) -> bool | None:
        return None if self.seconds is None else self.seconds <= AIM


def sheet(team: Mapping[Period, Cost], people: Mapping[Period, Sequence[tuple[User, Cost]]]) -> Sheet:
    """Of each week the team, then its people by name."""
    columns = {
        "from": _("Week from"),
        "to": _("Week to"),
        "person": _("Who"),
        "forms": _("Forms opened"),
        "left": _("Left unsaved, %"),
        "seconds": _("Seconds to the saved record"),
        "keys": _("Key presses"),
        "hours": _("Delay of recording, h"),
    }
    rows = [
        [week.start, week.last, name, *_told(cost)]
        for week, of_all in team.items()
        for name, cost in [(_("The whole team"), of_all), *((each.name, cost) for each, cost in people[week])]
    ]
    title = _("What recording costs: the aim is %(aim)s seconds", aim=AIM)
    return Sheet(title, list(columns.values()), rows, list(columns))


def _told(cost: Cost) -> list[Any]:
    return [cost.forms, percent(cost.left_share), placed(cost.seconds), placed(cost.keys), placed(cost.hours)]


def placed(value: float | None) -> float | int | None:
    """To one place, and without it where it says nothing."""
    if value is None:
        return None
    number = round(value, 1)
    return int(number) if number == int(number) else number
