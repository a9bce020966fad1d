"""Saving filters by name, sharing them, and remembering how somebody wants a list."""

from collections.abc import Sequence

from sqlalchemy import delete, inspect, select
from sqlalchemy.exc import IntegrityError

from crmadmin.core import clock, sql
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from models import ListLayout, SavedFilter, User

MOST = 50  # saved filters of one person in one list
LONGEST = 60  # signs of a name
LONGEST_QUERY = 4_000


def check(saved: SavedFilter, *, by: User, is_new: bool = False) -> None:
    """What must hold whoever keeps a saved filter: a name of its own among the owner's in this list."""
    with db.no_autoflush:
        if not is_new:
            _may(saved, by)
        saved.name = " ".join((saved.name or "").replace("\x00", "").split())
        if not saved.name:
            raise DomainError(_("Give it a name."), field="name")
        if len(saved.name) > LONGEST:
            raise DomainError(_("A name is of %(most)s letters at most.", most=LONGEST), field="name")
        if len(saved.query) > LONGEST_QUERY:
            raise DomainError(_("These filters are too many to be saved."), field="name")
        _check_others(saved)


def may_change(saved: SavedFilter, by: User) -> bool:
    """One's own always; what is shared, until this change, head and admin keep in order too."""
    history = inspect(saved).attrs.shared.history
    shared = history.deleted[0] if history.deleted else saved.shared
    return saved.person_id == by.id or (shared and allows(by.role, Permission.every_row))


def save(name: str, *, list: str, query: str, shared: bool, by: User) -> SavedFilter:
    """Keep a list under a name; everybody may share one."""
    saved = SavedFilter(
        person_id=by.id, list=list, name=name, query=query, shared=shared, created_at=clock.now()
    )
    check(saved, by=by, is_new=True)
    _keep(saved)
    return saved


def change(saved: SavedFilter, *, name: str, shared: bool, by: User) -> None:
    """Rename it, share it, or keep it to oneself again."""
    saved.name, saved.shared = name, shared
    check(saved, by=by)
    _keep(saved)


def _keep(saved: SavedFilter) -> None:
    """The other click may have come first, though nothing was there to be seen when this one looked."""
    try:
        with db.begin_nested():
            db.add(saved)
    except IntegrityError as error:
        raise DomainError(_taken(), field="name") from error


def remove(saved: SavedFilter, *, by: User) -> None:
    _may(saved, by)
    db.delete(saved)


def lay_out(list: str, *, columns: Sequence[str], page_size: int | None, by: User) -> None:
    """Remember which columns somebody wants, in which order, and how many rows on a page."""
    wanted = {"columns": " ".join(columns), "page_size": page_size}
    put = sql.insert(db.get_bind(), ListLayout).values(person_id=by.id, list=list, **wanted)
    db.execute(put.on_conflict_do_update(index_elements=["person_id", "list"], set_=wanted))


def lay_out_as_usual(list: str, *, by: User) -> None:
    db.execute(delete(ListLayout).where(ListLayout.person_id == by.id, ListLayout.list == list))


def _may(saved: SavedFilter, by: User) -> None:
    if not may_change(saved, by):
        raise NotAllowed(
            _("This list was saved by somebody else: only he, the head and the admin change it.")
        )


def _taken() -> str:
    return _("There is a saved list of this name already.")


def _check_others(saved: SavedFilter) -> None:
    of_his = (SavedFilter.person_id == saved.person_id, SavedFilter.list == saved.list)
    others = db.execute(select(SavedFilter.id, SavedFilter.name).where(*of_his)).all()
    if any(name == saved.name and id != saved.id for id, name in others):
        raise DomainError(_taken(), field="name")
    if len(others) >= MOST and all(id != saved.id for id, _name in others):
        raise DomainError(_("%(most)s saved lists are enough: remove one first.", most=MOST), field="name")
