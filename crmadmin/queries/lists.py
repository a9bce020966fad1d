"""Saved filters and layouts of a list, for one person. None of them runs."""

from sqlalchemy import ColumnElement, Select, or_, select

from models import ListLayout, SavedFilter, User


def saved_for(viewer: User, list: str) -> Select[SavedFilter]:
    """His own first, then those that others share, by name."""
    own = SavedFilter.person_id == viewer.id
    rows = select(SavedFilter).where(SavedFilter.list == list, saved_visible_to(viewer))
    return rows.order_by(own.desc(), SavedFilter.name, SavedFilter.id)


def saved_visible_to(viewer: User) -> ColumnElement[bool]:
    return or_(SavedFilter.person_id == viewer.id, SavedFilter.shared)


def layout_of(viewer: User, list: str) -> Select[ListLayout]:
    return select(ListLayout).where(ListLayout.person_id == viewer.id, ListLayout.list == list)
