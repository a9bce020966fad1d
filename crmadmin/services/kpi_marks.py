"""Keeps what was counted of people, so that a page of many people and long periods counts little anew.

What happens touches the marks it may have changed, as ``kpi_touches`` hears; one touched since it was counted
is counted again before it is shown.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, type_coerce, update
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from crmadmin.core import clock, sql
from crmadmin.core.db import apart, db
from crmadmin.core.sql import among
from crmadmin.queries import kpi, kpi_clients
from crmadmin.reports import promises_kept
from models import KpiMark
from models.base import UtcDateTime
from models.kinds import KpiPart

_MARK: Any = KpiMark.__table__
_SPAN = (_MARK.c.person_id, _MARK.c.part, _MARK.c.starts_at, _MARK.c.ends_at)
AT_ONCE = 2_000  # marks that one statement counts

Figures = dict[str, Any]


class Span(NamedTuple):
    """Of one person, what part of his numbers, from when until when; of ``clients`` only the end counts."""

    person_id: int
    part: KpiPart
    starts_at: datetime
    ends_at: datetime


def work(person_id: int, starts_at: datetime, ends_at: datetime) -> Span:
    return Span(person_id, KpiPart.work, starts_at, ends_at)


def clients(person_id: int, ends_at: datetime) -> Span:
    return Span(person_id, KpiPart.clients, ends_at, ends_at)


# Reading


def figures(wanted: Iterable[Span]) -> dict[Span, Figures]:
    """What was counted of each, counting what is missing; that is kept for whoever asks next.

    With them what changes by time alone: ``promises_due`` and ``promises_kept_on_time``, by now.
    """
    spans = list(dict.fromkeys(wanted))
    kept = {span: mark for span, mark in _kept(db(), spans).items() if mark.counted == mark.touched}
    missing = [span for span in spans if span not in kept]
    marks = {mark.id: (span, mark.figures) for span, mark in kept.items()}
    marks |= count(missing) if missing else {}
    found = {span: {**_BY_NOW[span.part], **said} for span, said in marks.values()}
    with apart(writes=False) as connection:
        ids = [id for id, (span, _said) in marks.items() if span.part is KpiPart.work]
        for row in connection.execute(promises_kept.of_marks(ids, clock.now())).mappings():
            span, _said = marks[row["mark"]]
            found[span] |= {key: row[key] for key in row if key != "mark"}
    return found


def count(spans: Sequence[Span]) -> dict[int, tuple[Span, Figures]]:
    """By the ids of their marks. Whatever is kept, they are counted; and kept, unless something touches them
    meanwhile."""
    with apart() as connection:
        _place(connection, spans)
    with apart(writes=False) as connection:
        marks = _kept(connection, spans)
        counted = counted_of(connection, {mark.id: span.part for span, mark in marks.items()})
    seen = {mark.id: mark.touched for mark in marks.values()}
    with apart() as connection:
        free = [{"mark": id, "was": seen[id], "said": counted[id]} for id in _free(connection, seen)]
        keep = update(_MARK).where(_MARK.c.id == bindparam("mark"))
        keep = keep.values(counted=bindparam("was"), figures=bindparam("said"))
        if free:
            connection.execute(keep, free)
    return {mark.id: (span, counted[mark.id]) for span, mark in marks.items()}


def _free(connection: Connection, seen: Mapping[int, int]) -> list[int]:
    """Those that nobody has touched since, nor is touching now: whoever counts waits for nobody.

    Who records holds several marks, in no order that could be ours; of two who wait for each other one fails.
    """
    rows = connection.execute(
        select(_MARK.c.id, _MARK.c.touched).where(among(_MARK.c.id, seen)).with_for_update(skip_locked=True)
    )
    return [id for id, touched in rows if touched == seen[id]]


class _Kept(NamedTuple):
    """A mark as a row of thousands that are read at once."""

    id: int
    touched: int
    counted: int | None
    figures: Figures


def _kept(session: Session | Connection, spans: Sequence[Span]) -> dict[Span, _Kept]:
    """The rows of those that were counted once.

    Moments and words are compared as the database keeps them: to make them anew of each row takes longer
    than to read it.
    """
    if not spans:
        return {}
    stored = _as_stored({moment for span in spans for moment in span[2:]})
    wanted = {(span[0], span[1].value, stored[span[2]], stored[span[3]]): span for span in spans}
    columns = (_MARK.c.person_id, _raw(_MARK.c.part), _raw(_MARK.c.starts_at), _raw(_MARK.c.ends_at))
    asked = select(
        *columns, _MARK.c.id, _MARK.c.touched, _MARK.c.counted, _raw(_MARK.c.figures).label("figures")
    ).where(
        _MARK.c.person_id.in_({span.person_id for span in spans}),
        _MARK.c.ends_at.in_({span.ends_at for span in spans}),
        _MARK.c.starts_at.in_({span.starts_at for span in spans}),
    )
    found: dict[Span, _Kept] = {}
    for row in session.execute(asked).all():
        span = wanted.get(row[:4])
        if span is not None:
            said = json.loads(row[7]) if isinstance(row[7], str) else row[7]
            found[span] = _Kept(row[4], row[5], row[6], said)
    return found


def _raw(column: Any) -> Any:
    return type_coerce(column, NullType())


def _as_stored(moments: Iterable[datetime]) -> dict[datetime, Any]:
    dialect = db.get_bind().dialect
    stored = UtcDateTime().dialect_impl(dialect).bind_processor(dialect)
    return {moment: stored(moment) if stored else moment for moment in moments}


def _place(connection: Connection, spans: Sequence[Span]) -> None:
    """A row for each, so that whatever happens while it is counted can touch it."""
    rows: list[dict[str, Any]] = [{**span._asdict(), "figures": {}} for span in sorted(spans)]
    connection.execute(sql.insert(connection, KpiMark).on_conflict_do_nothing(), rows)


def counted_of(connection: Session | Connection, marks: Mapping[int, KpiPart]) -> dict[int, Figures]:
    """The figures of marks, by their ids, counted from the rows themselves."""
    found: dict[int, Figures] = {}
    for part, asked in (
        (KpiPart.work, (kpi.counts, kpi.clients, kpi.lags, kpi.new_clients)),
        (KpiPart.clients, (kpi_clients.standing,)),
    ):
        ids = sorted(id for id, of in marks.items() if of is part)
        empty = {**dict.fromkeys(NOTHING[part], 0), **_UNSAID[part]}
        found |= {id: dict(empty) for id in ids}
        for start in range(0, len(ids), AT_ONCE):
            for question in asked:
                for row in connection.execute(question(ids[start : start + AT_ONCE])).mappings():
                    found[row["mark"]] |= {key: _plain(row[key]) for key in row if key != "mark"}
    return found


def _plain(value: Any) -> int | float | None:
    """PostgreSQL sums to decimals, which no JSON has."""
    if value is None or isinstance(value, int | float):
        return value
    return int(value) if value == int(value) else float(value)


NOTHING: dict[KpiPart, Sequence[str]] = {
    KpiPart.work: (
        *kpi.COUNTED,
        *("minutes", "estimated_minutes", "clients_touched", "top_minutes", "top_contacts", "squares"),
        "new_clients",
    ),
    KpiPart.clients: ("with_rhythm", "within", "silent", "alarming"),
}


_BY_NOW: dict[KpiPart, Figures] = {
    KpiPart.work: {"promises_due": 0, "promises_kept_on_time": 0},
    KpiPart.clients: {},
}
_UNSAID: dict[KpiPart, Figures] = {KpiPart.work: {"lag": None, "top_client": None}, KpiPart.clients: {}}


# Looking after them


def wrong(session: Session, *, repair: bool = False) -> Iterator[KpiMark]:
    """Marks that hold and say something else than the rows; mended where wanted."""
    last = 0
    while marks := session.scalars(
        select(KpiMark)
        .where(KpiMark.id > last, KpiMark.counted == KpiMark.touched)
        .order_by(KpiMark.id)
        .limit(AT_ONCE)
    ).all():
        last = marks[-1].id
        true = counted_of(session, {mark.id: mark.part for mark in marks})
        for mark in marks:
            if not _alike(mark.figures, true[mark.id]) and _still_holds(session, mark):
                yield mark
                if repair:
                    mark.figures = true[mark.id]


def _still_holds(session: Session, mark: KpiMark) -> bool:
    """Nothing was recorded between reading it and counting it again."""
    session.refresh(mark)
    return mark.counted == mark.touched


def _alike(kept: Figures, true: Figures) -> bool:
    """Sums of broken numbers differ in their last digits by the order in which they were added."""
    return kept.keys() == true.keys() and all(
        kept[key] == true[key]
        or (kept[key] is not None and true[key] is not None and abs(kept[key] - true[key]) < 1e-6)
        for key in true
    )


def behind(session: Session) -> list[Span]:
    """Those that were never counted, or hold no longer; what ended last comes first."""
    asked = select(*_SPAN).where(_MARK.c.counted.is_distinct_from(_MARK.c.touched))
    return [Span(*row) for row in session.execute(asked.order_by(_MARK.c.ends_at.desc(), _MARK.c.id))]


def differing(session: Session, wanted: Collection[Span]) -> tuple[list[Span], list[int]]:
    """Which of these have no mark, and the marks of what is not among them."""
    known = {Span(*row[1:]): row.id for row in session.execute(select(_MARK.c.id, *_SPAN))}
    return sorted(set(wanted) - known.keys()), sorted(id for span, id in known.items() if span not in wanted)


def prepare(spans: Sequence[Span]) -> None:
    """Make a place for each: it is ``behind`` until it is counted."""
    with apart() as connection:
        _place(connection, spans)


def forget(marks: Sequence[int]) -> None:
    """What they say is counted anew when somebody asks for it."""
    with apart() as connection:
        free = select(_MARK.c.id).where(among(_MARK.c.id, marks)).with_for_update(skip_locked=True)
        connection.execute(delete(_MARK).where(_MARK.c.id.in_(free)))
