"""The first row of a table, made into names by which the other rows' cells can be asked for."""

import re
from collections.abc import Sequence

from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _

MOST_HEADERS = 1_000

# What stands in rows and never in headers: addresses, telephones, INNs, sums, dates.
_DATA = re.compile(r"[^\s@]+@[^\s@]+\.\w+|[+(]?\d[\d\s().+\-]{4,}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|[\d\s.,]+")


def of_first_row(cells: Sequence[str]) -> list[str]:
    """Headers without blanks around them and each one different: "Phone", "Phone (2)", "Column 3".

    Raises DomainError when the row has no names, or looks like data.
    """
    names = [" ".join(cell.split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_HEADERS:
        raise DomainError(_("The table has %(count)s columns: this is no list of clients.", count=len(names)))
    named = [name for name in names if name]
    if not named:
        raise DomainError(_("The first row must hold the names of the columns; here it is blank."))
    if sum(bool(_DATA.fullmatch(name)) for name in named) * 2 > len(named):
        raise DomainError(_("The first row must hold the names of the columns; here it holds data."))
    return _distinct([name or _("Column %(number)s", number=n) for n, name in enumerate(names, 1)])


def _distinct(names: Sequence[str]) -> list[str]:
    taken = set(names)
    seen: set[str] = set()
    headers: list[str] = []
    for name in names:
        header, number = name, 1
        while header in seen or (number > 1 and header in taken):
            number += 1
            header = f"{name} ({number})"
        seen.add(header)
        headers.append(header)
    return headers
