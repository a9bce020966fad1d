"""Alarms as the program raises them: whoever leads and whoever they are about are told at the same moment.

While an alarm is open the same does not come again, and after its decision not before the day that named, or
the department's days of rest (rules.alarms).
"""

from collections.abc import Iterator, Sequence

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.i18n import local, today
from crmadmin.queries import alarms as asked
from crmadmin.rules.alarms import Last, may_come
from crmadmin.services import alarm_neglect, alarm_numbers, department, notices
from crmadmin.services.alarm_found import Found
from crmadmin.services.notices import Telling
from models import Alarm, User
from models.kinds import AlarmState, NoticeKind

AT_ONCE = 500  # keys that one question asks for


def found() -> list[Found]:
    """What is an alarm now, whether or not it was raised already.

    Never within a transaction that has begun to write: the figures behind it may have to be counted first.
    """
    return [*alarm_numbers.found(), *alarm_neglect.found()]


def raise_those(found: Sequence[Found]) -> int:
    """Those that may come now, and nothing twice; how many came."""
    known, rest = _latest(found), department.value_of(department.REST_DAYS)
    once = {each.key: each for each in reversed(found)}
    fresh = [_row(each) for each in once.values() if _may_come(each, known.get(each.key), rest)]
    db.add_all(fresh)
    db.flush()
    _tell(fresh)
    return len(fresh)


def _latest(found: Sequence[Found]) -> dict[str, Alarm]:
    keys = [each.key for each in found]
    parts = (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))
    return {row.key: row for some in parts for row in db.scalars(asked.latest(some))}


def _may_come(found: Found, last: Alarm | None, rest: int) -> bool:
    if last is None:
        return True
    decided = local(last.decided_at).date() if last.decided_at else None
    is_another = found.more is None or found.more > last.facts.get("more", found.more - 1)
    return is_another and may_come(Last(decided, last.act_on), today(), rest)


def _row(found: Found) -> Alarm:
    return Alarm(
        kind=found.kind,
        key=found.key,
        person_id=found.person_id,
        client_id=found.client_id,
        indicator=found.indicator,
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        facts={**found.facts, "more": found.more},
        raised_at=clock.now(),
        state=AlarmState.new,
    )


def _tell(fresh: Sequence[Alarm]) -> None:
    """Each of what is about him; who leads of all of them at once, or his bell would ring all morning."""
    if not fresh:
        return
    heads = db.scalars(asked.heads()).all()
    notices.tell_each(_tellings(fresh, heads))


def _tellings(fresh: Sequence[Alarm], heads: Sequence[User]) -> Iterator[Telling]:
    for each in fresh:
        data = {"alarm": about(each)}
        yield Telling(each.person_id, NoticeKind.alarm_raised, f"alarm-{each.id}", each.client_id,
                      "alarm", each.id, data)  # fmt: skip
    many = {"number": len(fresh), "people": sorted({each.person.name for each in fresh})}
    only = fresh[0] if len(fresh) == 1 else None
    data = {**many, "alarm": about(only)} if only else many
    for head in heads:
        if {each.person_id for each in fresh} != {head.id}:
            yield Telling(head.id, NoticeKind.alarms_raised, f"alarms-{fresh[0].id}", None,
                          "alarm", only.id if only else None, data)  # fmt: skip


def about(alarm: Alarm) -> dict[str, object]:
    """What a sentence about it is made of."""
    return {
        "kind": alarm.kind.value,
        "indicator": alarm.indicator,
        "facts": dict(alarm.facts),
        "person": alarm.person.name,
        "client": alarm.client.name if alarm.client else "",
    }
