"""The check every door runs before reference data or a group is kept."""

import re
from typing import Any

from sqlalchemy import select

from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.rules import codes
from models import Region, Tag, User
from models.base import Reference


def check(row: Reference, *, by: User, is_new: bool = False) -> None:
    """A stable code, a name, and no circle in a tree."""
    if not allows(by.role, Permission.reference_change):
        raise NotAllowed(_("Only the admin changes reference data."))
    row.name_ru = " ".join((row.name_ru or "").split())
    row.name_en = " ".join((row.name_en or "").split())
    if not row.name_ru:
        raise DomainError(_("Give it a name."), field="name_ru")
    row.code = (row.code or "").strip().lower() or _code_for(row)
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,39}", row.code):
        raise DomainError(_("A code is of Latin letters, digits, dots and dashes."), field="code")
    if isinstance(row, Region):
        _check_tree(row)
    if isinstance(row, Tag):
        _check_separator(row)


def _check_separator(tag: Tag) -> None:
    """In a file the tags of a client stand in one cell."""
    for field in ("name_ru", "name_en"):
        if ";" in getattr(tag, field):
            raise DomainError(_("No semicolon here: files part the tags of a client by it."), field=field)


def _code_for(row: Reference) -> str:
    """Of its name, and unlike the others; a word for what it is where the name has no letters to spell."""
    table: Any = type(row)
    with db.no_autoflush:
        taken = set(db.scalars(select(table.code)))
    return codes.unlike(codes.of_name(row.name_en or row.name_ru) or table.__tablename__, taken)


def _check_tree(region: Region) -> None:
    above, seen = region.parent, 0
    while above is not None:
        seen += 1
        if above is region or seen > 10:
            raise DomainError(_("A region cannot lie within itself."), field="parent")
        above = above.parent
