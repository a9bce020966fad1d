"""Alarms of what was let go: silent clients, broken promises, a problem told again and again, requests.

One alarm a person and a matter, that counts and names what stands behind it, or the inbox would be full of
one curator. Only a silent key client has an alarm of its own, while few of a curator's are: each of them is
worth a talk, and what is said of one is not said of the others.

Nobody is asked while he is away; nor about silences, once he is back, for as long as he was, or two weeks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.i18n import local
from crmadmin.queries import neglect as asked
from crmadmin.queries.told_to import told_their_task
from crmadmin.services import department
from crmadmin.services.alarm_found import Found
from models import ClientTask, User
from models.kinds import AlarmKind

BACK = timedelta(days=14)  # in which silences may be made up for
LONGEST = timedelta(days=30)  # nobody is asked about a promise that broke before that
WORDS = 200  # of a text that is told


def found() -> list[Found]:
    """What is so now; nothing is written."""
    at, agreed, away = clock.now(), department.values(), _Away()
    parts = (
        _silent(at, agreed, away),
        _broken(at, agreed),
        _told_many(agreed),
        _unanswered(at, agreed),
    )
    return [each for part in parts for each in part if each.person_id not in away.now]


class _Away:
    """Who is away, and who is back so lately that he cannot have made up for it."""

    def __init__(self) -> None:
        at = clock.now()
        rows = db.execute(asked.away_lately(at, at - BACK)).all()
        self.now = {person for person, _start, end in rows if end > at}
        self.lately = {person for person, start, end in rows if at - end < min(end - start, BACK)}


def _of_persons(rows: Iterable[Any]) -> Iterator[tuple[int, list[Any]]]:
    for person, his in groupby(rows, key=lambda row: row.person):
        yield person, list(his)


def _silent(at: datetime, agreed: Mapping[str, int], away: _Away) -> Iterator[Found]:
    percent, alone = agreed[department.SILENCE_PERCENT], agreed[department.SILENT_ALONE]
    rows = sorted(db.execute(asked.silent(at, percent, alone)), key=lambda row: (row.person, row.place))
    for person, his in _of_persons(rows):
        if person in away.lately:
            continue
        keys = [row for row in his if row.is_key]
        single = keys if keys and keys[0].many <= alone else []
        rest = [row for row in his if row not in single]
        for row in single:
            facts = {"number": 1, "clients": [_client(row)], "percent": percent}
            yield Found(
                AlarmKind.silence, f"silence-{person}-{row.client}", person, facts, client_id=row.client
            )
        if rest:
            number = sum({row.is_key: row.many for row in rest}.values())
            rest.sort(key=lambda row: (not row.is_key, row.place))
            clients = [_client(row) for row in rest[: asked.SHOWN]]
            facts = {"number": number, "clients": clients, "percent": percent}
            yield Found(AlarmKind.silence, f"silence-{person}", person, facts)


def _client(row: Any) -> dict[str, Any]:
    return {"id": row.client, "name": row.name, "days": row.days, "rhythm": row.rhythm}


def _broken(at: datetime, agreed: Mapping[str, int]) -> Iterator[Found]:
    """What has broken since the last alarm of that: nobody is asked about one promise twice."""
    days, told = agreed[department.OVERDUE_DAYS], dict(db.execute(asked.told_of_promises(at - LONGEST)).all())
    for person, his in _of_persons(db.execute(asked.broken(at, days, at - LONGEST))):
        key = f"promise-{person}"
        since = told.get(key, at - LONGEST)
        fresh = [row for row in his if (row.settled_at or row.due + timedelta(days=days)) > since]
        if len(fresh) < agreed[department.BROKEN]:
            continue
        promises = [
            {"id": row.promise, "text": row.text[:WORDS], "due": row.due.isoformat(), "client": row.name}
            for row in fresh[: asked.SHOWN]
        ]
        facts = {"number": len(fresh), "promises": promises}
        yield Found(AlarmKind.promise, key, person, facts, starts_on=local(fresh[0].due).date())


def _told_many(agreed: Mapping[str, int]) -> Iterator[Found]:
    """Of whoever answers for the client; where nobody does, of whoever wrote its problem down."""
    many = agreed[department.COLLEAGUES]
    for task in db.scalars(asked.told_many(many)).all():
        heard = set(db.scalars(told_their_task(task)))
        person = _answers(task)
        if len(heard) < many or person is None:
            continue
        names = [name for _id, name in db.execute(asked.names(heard))]
        facts = {"number": len(heard), "names": names, "problem": task.problem[:WORDS]}
        yield Found(
            AlarmKind.third_colleague, f"third-{task.id}", person, facts,
            client_id=task.client_id, starts_on=local(task.opened_at).date(), more=len(heard),
        )  # fmt: skip


def _answers(task: ClientTask) -> int | None:
    found: Sequence[User | None] = (task.client.curator, task.opened_by)
    ids = [each.id for each in found if each is not None]
    asked_about = set(db.scalars(asked.of_those_asked(ids)))
    return next((id for id in ids if id in asked_about), None)


def _unanswered(at: datetime, agreed: Mapping[str, int]) -> Iterator[Found]:
    days = agreed[department.UNANSWERED_DAYS]
    for person, his in _of_persons(db.execute(asked.unanswered(at - timedelta(days=days)))):
        requests = [
            {"id": row.record, "text": row.request[:WORDS], "at": row.at.isoformat(), "client": row.name}
            for row in his
        ]
        facts = {"number": his[0].many, "days": days, "requests": requests}
        first = local(his[0].at).date()
        yield Found(AlarmKind.unanswered, f"unanswered-{person}", person, facts, starts_on=first)
