"""What forms and filters offer: rows in use, in the order people expect."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from crmadmin.core.db import db
from crmadmin.core.permissions import Permission, roles_with
from models import Region, User
from models.base import Reference

CURATING = roles_with(Permission.clients_change)


@cache
def in_use(entity: type[Reference]) -> Callable[[User], Select[Any]]:
    """The rows of a reference list that are not switched off; always the same question of the same list."""
    return lambda _viewer: select(entity).where(entity.active).order_by(entity.position, entity.name_ru)


@cache
def every(entity: type[Reference]) -> Callable[[User], Select[Any]]:
    """Those switched off too: what bears them is still looked for."""
    return lambda _viewer: select(entity).order_by(entity.position, entity.name_ru)


def colleagues(_viewer: User) -> Select[User]:
    """Everybody who is with us."""
    return select(User).where(User.active).order_by(User.name, User.id)


def curators(_viewer: User) -> Select[User]:
    """Whoever may have clients of his own."""
    return select(User).where(User.active, User.role.in_(CURATING)).order_by(User.name, User.id)


def everybody(_viewer: User) -> Select[User]:
    """Leavers too: what they did is still looked for."""
    return select(User).order_by(User.active.desc(), User.name, User.id)


def within_region(column: Any, *region_ids: int) -> ColumnElement[bool]:
    """The column points at one of these regions, or at one that lies in them, however deep.

    Their ids are asked for at once: a database that is told how few they are takes the right index.
    """
    below: dict[int | None, list[int]] = {}
    for id, parent in db.execute(select(Region.id, Region.parent_id).order_by(Region.id)):
        below.setdefault(parent, []).append(id)
    found, waiting = dict.fromkeys(region_ids), list(region_ids)
    while waiting:
        fresh = [id for id in below.get(waiting.pop(), ()) if id not in found]
        found.update(dict.fromkeys(fresh))
        waiting += fresh
    return column == region_ids[0] if len(found) == 1 else column.in_(list(found))


def in_tree(regions: Sequence[Region]) -> list[tuple[str, str]]:
    """Id and name of each region, those that lie in another one after it and set in."""
    known = {region.id for region in regions}
    below: dict[int | None, list[Region]] = {}
    for region in regions:
        below.setdefault(region.parent_id if region.parent_id in known else None, []).append(region)
    listed: list[tuple[str, str]] = []
    waiting = [(region, 0) for region in reversed(below.get(None, []))]
    while waiting:
        region, depth = waiting.pop()
        listed.append((str(region.id), "\u2003" * depth + region.name))
        waiting += [(each, depth + 1) for each in reversed(below.get(region.id, []))]
    return listed
