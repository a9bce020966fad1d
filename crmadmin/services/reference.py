"""The check every door runs before reference data or a group is kept."""

import re
from typing import Any

from sqlalchemy import select

from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.rules import codes
from models import InteractionKind, Region, Tag, User
from models.base import Reference

MOST_CHOICES = 8
MINUTES_OF_A_DAY = 1440


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
    if isinstance(row, InteractionKind):
        _check_minutes(row)


def _check_separator(tag: Tag) -> None:
    """In a file the tags of a client stand in one cell."""
    for field in ("name_ru", "name_en"):
        if ";" in getattr(tag, field):
            raise DomainError(_("No semicolon here: files part the tags of a client by it."), field=field)


def _check_minutes(kind: InteractionKind) -> None:
    """Chips of the quick record: a few whole numbers, the smallest first, each once."""
    typed = re.split(r"[\s,;]+", (kind.minute_choices or "").strip())
    if not all(each.isascii() and each.isdecimal() and len(each) < 5 for each in typed if each):
        raise DomainError(
            _("Whole numbers with blanks between them, like 5 15 30 60."), field="minute_choices"
        )
    numbers = sorted({int(each) for each in typed if each})
    if len(numbers) > MOST_CHOICES or any(not 0 < number <= MINUTES_OF_A_DAY for number in numbers):
        raise DomainError(_("Up to eight numbers of minutes, each within a day."), field="minute_choices")
    kind.minute_choices = " ".join(str(number) for number in numbers)


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
