"""What recording costs the team, week by week: of everybody, and shown to everybody."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import select

from crmadmin.core.db import db
from crmadmin.core.i18n import start_of, today
from crmadmin.queries import kpi_people, record_cost
from crmadmin.reports.record_cost import Cost
from crmadmin.rules import periods
from crmadmin.rules.periods import Period, Unit
from crmadmin.rules.recording import RecordDoor
from crmadmin.services import kpi_marks
from models import User

WEEKS = 13  # this one, and twelve before


OfPeople = Mapping[Period, Sequence[tuple[User, Cost]]]


@dataclass(frozen=True)
class Told:
    """``week`` is the chosen one. ``team`` is by week, the earliest first; ``people`` and ``doors`` are of
    the chosen one, people in the order of their names."""

    week: Period
    team: Mapping[Period, Cost]
    people: Sequence[tuple[User, Cost]]
    doors: Mapping[RecordDoor, Cost]


def told(week: Period | None = None) -> Told:
    """Without a week, the last one of which anything is known."""
    weeks = line(week)
    team = of_team(weeks)
    chosen = week or next((each for each in reversed(weeks) if team[each] != Cost()), weeks[-1])
    by_door = _read([chosen], "door")
    doors = {door: by_door[0, door.value] for door in RecordDoor if (0, door.value) in by_door}
    return Told(chosen, team, of_people([chosen])[chosen], doors)


def line(week: Period | None) -> list[Period]:
    """The weeks up to this one; up to the one that is asked for, where it is none of these."""
    this = periods.around(Unit.week, today())
    last = week if week and week.start < periods.before(this, WEEKS - 1).start else this
    return [*periods.all_before(last, WEEKS - 1), last]


def of_team(weeks: Sequence[Period]) -> dict[Period, Cost]:
    """Of all forms of a week; its hours are the median of those of its people."""
    rows, hours = _read(weeks), _hours(weeks, _measured(weeks))
    found: dict[Period, Cost] = {}
    for place, week in enumerate(weeks):
        known = [said for (of, _person), said in hours.items() if of == place]
        found[week] = rows.get((place,), Cost())._replace(hours=median(known) if known else None)
    return found


def of_people(weeks: Sequence[Period]) -> OfPeople:
    """Whoever has recorded anything in a week, or has had anything to record."""
    rows = _read(weeks, "person_id")
    hours = _hours(weeks, _measured(weeks))
    ids = {person_id for _week, person_id in [*rows, *hours]}
    people = db.scalars(select(User).where(User.id.in_(ids)).order_by(User.name, User.id)).all()
    found: dict[Period, list[tuple[User, Cost]]] = {week: [] for week in weeks}
    for place, week in enumerate(weeks):
        for key, person in (((place, person.id), person) for person in people):
            if key in rows or key in hours:
                found[week].append((person, rows.get(key, Cost())._replace(hours=hours.get(key))))
    return found


def _read(weeks: Sequence[Period], *by: str) -> dict[tuple[Any, ...], Cost]:
    """By the place of the week, and by what else it is asked for."""
    many = 1 + len(by)
    of_forms = {tuple(row[:many]): row for row in db.execute(record_cost.forms(weeks, *by))}
    seconds, keys = (
        {tuple(row[:many]): row.median for row in db.execute(record_cost.middle(measured, weeks, *by))}
        for measured in (record_cost.seconds, record_cost.keys)
    )
    return {key: Cost(row.forms, row.left, seconds.get(key), keys.get(key)) for key, row in of_forms.items()}


def _measured(weeks: Sequence[Period]) -> Sequence[int]:
    """Whose delays the indicator tells."""
    asked = kpi_people.measured(start_of(weeks[0].start), start_of(weeks[-1].end))
    return db.scalars(asked.with_only_columns(User.id)).all()


def _hours(weeks: Sequence[Period], people: Collection[int]) -> dict[tuple[int, int], float]:
    """Of each week and person, as the indicator counts them, where it can say any."""
    spans = {
        (place, person_id): kpi_marks.work(person_id, start_of(week.start), start_of(week.end))
        for place, week in enumerate(weeks)
        for person_id in people
    }
    figures = kpi_marks.figures(spans.values())
    return {key: lag for key, span in spans.items() if (lag := figures[span]["lag"]) is not None}
