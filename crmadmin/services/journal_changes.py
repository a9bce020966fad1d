"""What changed in a row, as ``{field: [old, new]}``, with the names of whatever the row points at."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from models import Base, Client, ContactPerson, User
from models.base import Reference

if TYPE_CHECKING:
    from crmadmin.services.journal_subjects import Watched

HIDDEN = "•••"  # a secret changed; neither the old nor the new one is anybody's business


@dataclass(frozen=True)
class Pointer:
    """A foreign key's value until its name is known; then it is written as ``{"id": 5, "name": "…"}``."""

    table: str
    id: int


def of(row: Base, action: str, watched: "Watched") -> dict[str, list[Any]]:
    """The fields of a new row that have a value; of a changed row that differ; of a removed row all."""
    state = inspect(row)
    changes: dict[str, list[Any]] = {}
    for key, target in watched.columns.items():
        if action == "changed":
            history = state.attrs[key].history
            if not history.added:
                continue
            pair = [history.deleted[0] if history.deleted else None, history.added[0]]
        else:
            value = state.dict.get(key)
            pair = [None, value] if action == "new" else [value, None]
        if pair[0] == pair[1] or not any(_said(value) for value in pair):
            continue
        if key in watched.hidden:
            changes[key] = [HIDDEN if value else None for value in pair]
        else:
            changes[key] = [_pointed(value, target) for value in pair]
    changes.update(_collections(row, action, watched))
    return changes


def _said(value: Any) -> bool:
    return value is not None and value != ""


def _pointed(value: Any, table: str | None) -> Any:
    return Pointer(table, value) if table and value is not None else value


def _collections(row: Base, action: str, watched: "Watched") -> dict[str, list[Any]]:
    changes: dict[str, list[Any]] = {}
    for key in watched.collections:
        if key not in inspect(row).dict:
            continue
        history = inspect(row).attrs[key].history
        old = [*history.unchanged, *history.deleted] if action != "new" else []
        new = [*history.unchanged, *history.added] if action != "gone" else []
        if history.added or history.deleted:
            changes[key] = [_listed(old), _listed(new)]
    return changes


def _listed(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return sorted(({"id": row.id, "name": _name(row)} for row in rows), key=lambda each: each["id"])


def _name(row: Any) -> str:
    """The same in whatever language somebody looks."""
    return row.name_ru if isinstance(row, Reference) else str(row)


def _name_column(entity: Any) -> Any:
    return entity.name_ru if issubclass(entity, Reference) else entity.name


_NAMED: dict[str, Any] = {
    str(mapper.local_table.description): mapper.class_
    for mapper in Base.registry.mappers
    if issubclass(mapper.class_, Reference | Client | ContactPerson | User)
}


class Names:
    """Asks for the names a flush needs: one question per table, however many rows changed."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def fill(self, datas: Iterable[dict[str, list[Any]]]) -> None:
        """Put ``{"id", "name"}`` in the place of every pointer."""
        found = [(pair, at) for data in datas for pair in data.values() for at in (0, 1)]
        pointers = [(pair, at) for pair, at in found if isinstance(pair[at], Pointer)]
        known = self._known({pair[at] for pair, at in pointers})
        for pair, at in pointers:
            pointer: Pointer = pair[at]
            pair[at] = {"id": pointer.id, "name": known.get(pointer, "")}

    def of(self, table: str, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
        """What ``fill`` puts in the place of pointers at these rows of a table: for many alike at once."""
        known = self._known({Pointer(table, id) for id in ids})
        return {pointer.id: {"id": pointer.id, "name": name} for pointer, name in known.items()}

    def _known(self, pointers: set[Pointer]) -> dict[Pointer, str]:
        known: dict[Pointer, str] = {}
        for table in sorted({pointer.table for pointer in pointers} & _NAMED.keys()):
            ids = sorted({pointer.id for pointer in pointers if pointer.table == table})
            entity = _NAMED[table]
            asked = select(entity.id, _name_column(entity)).where(entity.id.in_(ids))
            known |= {Pointer(table, id): name for id, name in self.session.execute(asked)}
        return known
