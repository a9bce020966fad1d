"""Hears every event of the journal, whatever door it came by, and touches the marks it may have changed.

In the event's own transaction, once at its end: whoever counts meanwhile finds out that what he counted does
not hold.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, any_, event, func, or_, select, update
from sqlalchemy.orm import Session

from crmadmin.core import clock
from crmadmin.core.sql import among
from crmadmin.services import journal
from models import CuratorPeriod, Interaction, KpiMark
from models.kinds import KpiPart

_MARK: Any = KpiMark.__table__


@dataclass
class _Heard:
    """Whose marks events may have changed, and from when on."""

    records: set[int] = field(default_factory=set[int])
    people: set[int] = field(default_factory=set[int])
    moments: list[datetime] = field(default_factory=list[datetime])
    clients: set[int] = field(default_factory=set[int])
    clients_since: list[datetime] = field(default_factory=list[datetime])
    from_ever: set[int] = field(default_factory=set[int])
    everybody: set[KpiPart] = field(default_factory=set[KpiPart])


_PENDING = "kpi_heard"
_OF_A_KIND = {"contact", "usual_minutes", "code"}
_OF_A_CLIENT = {"group_id", "rhythm_days", "archived_at"}


def heard(session: Session, events: Sequence[journal.Event]) -> None:
    """Remember, until the transaction ends, whose marks these events may have changed."""
    said: _Heard = session.info.setdefault(_PENDING, _Heard())
    for told in events:
        _hear(said, told)


def settle(session: Session) -> None:
    """Touch the marks that what was heard may have changed. Before a commit it happens by itself."""
    said: _Heard | None = session.info.pop(_PENDING, None)
    if said is None:
        return
    if said.records:
        _hear_records(session, said)
    if which := list(_which(said)):
        _touch(session, which)


def _which(said: _Heard) -> Iterator[ColumnElement[bool]]:
    if said.everybody:
        yield _MARK.c.part.in_(said.everybody)
    if said.people:
        own = (_MARK.c.person_id.in_(said.people), _MARK.c.part == KpiPart.work)
        yield and_(*own, *_since(said.moments), _until(said.moments))
    if said.clients - said.from_ever:
        yield and_(*_curators_of(said.clients - said.from_ever), *_since(said.clients_since))
    if said.from_ever:
        yield and_(*_curators_of(said.from_ever))


@event.listens_for(Session, "before_commit")
def _before_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        session.flush()  # what it changes is heard, too
        settle(session)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_PENDING, None)


def _hear(said: _Heard, told: journal.Event) -> None:
    if told.subject == "interaction" and told.subject_id:
        _hear_record(said, told, told.subject_id)
    elif told.client_id and told.subject == "curator_period":
        said.clients.add(told.client_id)
        said.clients_since.append(told.happened_at or _when(told))
    elif told.client_id and told.subject == "client" and _OF_A_CLIENT & told.data.keys():
        said.from_ever.add(told.client_id)
    elif told.subject == "interaction_kind" and _OF_A_KIND & told.data.keys():
        said.everybody |= {KpiPart.work, KpiPart.clients}
    elif told.subject == "client_group" and "rhythm_days" in told.data:
        said.everybody.add(KpiPart.clients)


def _hear_record(said: _Heard, told: journal.Event, id: int) -> None:
    said.records |= {id, *_ids(told.data.get("follows_id", ()))}
    said.people |= _ids(told.data.get("person_id", ()))
    moments = [*(told.data.get("happened_at") or ()), told.happened_at]
    said.moments += [at for at in moments if isinstance(at, datetime)]
    if told.client_id:
        said.clients.add(told.client_id)
        said.clients_since += [at for at in moments if isinstance(at, datetime)]


def _hear_records(session: Session, said: _Heard) -> None:
    """Who spoke, and when, in rows that the events do not tell whole, and in those that they follow."""
    asked = select(Interaction.person_id, Interaction.happened_at)
    for person_id, at in session.execute(asked.where(among(Interaction.id, sorted(said.records)))):
        said.people.add(person_id)
        said.moments.append(at)


def _ids(pair: Iterable[Any]) -> set[int]:
    """Of pointers, whether their names are known yet or not."""
    return {id for each in pair if isinstance(id := _id_of(each), int)}


def _id_of(pointer: Any) -> Any:
    return cast(Any, pointer)["id"] if isinstance(pointer, dict) else getattr(pointer, "id", pointer)


def _when(told: journal.Event) -> datetime:
    return told.signature[0] if told.signature else clock.now()


def _since(moments: Sequence[datetime]) -> list[Any]:
    return [_MARK.c.ends_at > min(moments)] if moments else []


def _until(moments: Sequence[datetime]) -> Any:
    return _MARK.c.starts_at <= max(moments)


def _curators_of(client_ids: Collection[int]) -> tuple[Any, Any]:
    curators = select(CuratorPeriod.curator_id).where(among(CuratorPeriod.client_id, sorted(client_ids)))
    return _MARK.c.person_id.in_(curators), _MARK.c.part == KpiPart.clients


def first_contact_changed(session: Session, told: Iterable[tuple[int | None, datetime | None]]) -> None:
    """Whose first contact with a client it was, or is now, and when."""
    said: _Heard = session.info.setdefault(_PENDING, _Heard())
    for person_id, at in told:
        if person_id is not None and at is not None:
            said.people.add(person_id)
            said.moments.append(at)


def _touch(session: Session, which: Sequence[ColumnElement[bool]]) -> None:
    """In one order, so that no two wait for each other.

    PostgreSQL finds and locks them once, as a list: a table in which it believes there is next to nothing it
    would go through again for each row.
    """
    these: Any = select(_MARK.c.id).where(or_(*which)).order_by(_MARK.c.id).with_for_update()
    if session.get_bind().dialect.name == "postgresql":
        is_one = _MARK.c.id == any_(func.array(these.scalar_subquery()))
    else:
        is_one = _MARK.c.id.in_(these)
    change = update(_MARK).where(is_one).values(touched=_MARK.c.touched + 1)
    session.connection().execute(change)


journal.LISTENERS.append(heard)
