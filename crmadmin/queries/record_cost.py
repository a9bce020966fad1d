"""What recording cost people, by week. None of it runs.

Weeks follow one another, the earliest first; a row tells its own by its place among them. ``by`` are columns
of ``RecordCost`` that the rows of a week are told apart by: person_id, door.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Float, case, cast, func, select

from crmadmin.core.db import Rows
from crmadmin.rules.periods import Period
from models import RecordCost
from models.kinds import Saving

seconds: ColumnElement[int] = RecordCost.__table__.c.seconds
keys: ColumnElement[int] = RecordCost.__table__.c["keys"]


def forms(weeks: Sequence[Period], *by: str) -> Rows:
    """(week, by…, how many were opened, how many of them were left)."""
    of = _of(weeks, by, RecordCost.saving).subquery().c
    few = [of.week, *(of[name] for name in by)]
    left = func.count().filter(of.saving == Saving.abandoned)
    return select(*few, func.count().label("forms"), left.label("left")).group_by(*few)


def middle(measured: ColumnElement[int], weeks: Sequence[Period], *by: str) -> Rows:
    """(week, by…, median) of ``seconds`` or ``keys`` of those that were saved.

    Of alike ones only their number is put in order: most of many forms are.
    """
    each = _of(weeks, by, measured.label("value")).where(RecordCost.saving == Saving.saved).subquery().c
    of = [each.week, *(each[name] for name in by)]
    many = func.count().label("many")
    alike = select(*of, each.value, many).group_by(*of, each.value).subquery().c
    few = [alike.week, *(alike[name] for name in by)]
    upto = func.sum(alike.many).over(partition_by=few, order_by=alike.value).label("upto")
    whole = func.sum(alike.many).over(partition_by=few).label("whole")
    ordered = select(*few, alike.value, alike.many, upto, whole).subquery().c
    few = [ordered.week, *(ordered[name] for name in by)]
    in_the_middle = (ordered.upto * 2 >= ordered.whole, (ordered.upto - ordered.many) * 2 <= ordered.whole)
    asked = select(*few, func.avg(cast(ordered.value, Float)).label("median"))
    return asked.where(*in_the_middle).group_by(*few)


def _of(weeks: Sequence[Period], by: Sequence[str], *columns: Any) -> Rows:
    ends = [(RecordCost.on_day < week.end, place) for place, week in enumerate(weeks)]
    told_by = (RecordCost.__table__.c[name] for name in by)
    asked = select(case(*ends).label("week"), *told_by, *columns)
    return asked.where(RecordCost.on_day >= weeks[0].start, RecordCost.on_day < weeks[-1].end)
