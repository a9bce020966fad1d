"""How each of the letters with numbers stands: who gets none and why, what became of the last ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crmadmin.core.db import db
from crmadmin.core.i18n import today
from crmadmin.queries import report_letters as asked
from crmadmin.rules import periods
from crmadmin.rules import report_times as rule
from crmadmin.rules.periods import Period
from crmadmin.rules.report_times import About
from crmadmin.services import report_letters
from models import Letter, ReportLetter, User


@dataclass(frozen=True)
class Standing:
    """``letters`` are those of the last period of which any were written; ``next_on`` is when the next go.

    ``hindered``: readers who would get none now, each with the reason.
    """

    row: ReportLetter
    hindered: Sequence[tuple[User, str]]
    period: Period | None
    letters: Sequence[Letter]
    next_on: date


def everyone() -> list[Standing]:
    """Those that go first. A constant number of questions."""
    rows = db.scalars(asked.every()).all()
    readers = {reader.id for row in rows for reader in row.readers}
    keys = {_key(row, period): (row.id, period) for row in rows for period in _lately(row)}
    found: dict[tuple[int, Period], list[Letter]] = {}
    for letter in db.scalars(asked.letters(readers, keys)):
        found.setdefault(keys[letter.key], []).append(letter)
    return [_of(row, found) for row in rows]


def _of(row: ReportLetter, found: dict[tuple[int, Period], list[Letter]]) -> Standing:
    last = next((period for period in _lately(row) if (row.id, period) in found), None)
    hindered = [(each, why) for each in row.readers if (why := report_letters.hindrance(row, each))]
    next_one = periods.around(rule.UNITS[row.every], report_letters.since(row))
    return Standing(row, hindered, last, found[row.id, last] if last else (), next_one.end)


def _lately(row: ReportLetter) -> list[Period]:
    """The last two that are over, the later one first: early on a Monday the last one is still to come."""
    last = rule.last_whole(row.every, today())
    return [last, periods.before(last)]


def _key(row: ReportLetter, period: Period) -> str:
    return rule.key_of(About(row.id, period.end))
