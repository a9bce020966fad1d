"""The lists a sales department starts with: regions, industries, kinds, results…; and its numbers.

A row is matched by its code. What is there already is left as it is, so that loading again, on every
deploy, never undoes what an admin has renamed, reordered, recoloured or hidden.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from crmadmin.core.db import Database
from crmadmin.services.department import RULES
from models import Channel, ClientGroup, DepartmentRule, Industry, InteractionKind, Region, Result, Tag
from models.kinds import Tone
from seeds import group_rules

DATA = Path(__file__).parent / "data"
STEP = 10  # between positions, so that an admin can put a row in between

Cells = dict[str, str]
Known = dict[str, Any]  # code → row of the same table
More = Callable[[Cells, Known], dict[str, Any]]


def load(session: Database, language: str | None = None) -> int:
    """Add the rows that are not there yet; returns how many. The caller commits.

    ``language``: of what is named in one only; as the installation speaks, where nothing is said.
    """
    return sum(
        (
            _add(session, ClientGroup, "groups", _group),
            _add(session, Industry, "industries"),
            _add(session, InteractionKind, "kinds", _kind),
            _add(session, Result, "results"),
            _add(session, Channel, "channels"),
            _add(session, Region, "regions", _region),
            _add(session, Tag, "tags", _tag),
            _agree(session),
            group_rules.load(session, language),
        )
    )


def _add(session: Database, table: type[Any], name: str, more: More = lambda _cells, _known: {}) -> int:
    known: Known = {row.code: row for row in session.scalars(select(table))}
    before = len(known)
    for place, cells in enumerate(_rows(name), 1):
        if cells["code"] in known:
            continue
        names = {key: cells[key] for key in ("code", "name_ru", "name_en")}
        known[cells["code"]] = row = table(**names, position=place * STEP, **more(cells, known))
        session.add(row)
    session.flush()
    return len(known) - before


def _agree(session: Database) -> int:
    """The numbers a department starts with; those agreed on stay."""
    known = set(session.scalars(select(DepartmentRule.code)))
    lacking = [code for code in RULES if code not in known]
    session.add_all(DepartmentRule(code=code, value=RULES[code].start) for code in lacking)
    session.flush()
    return len(lacking)


def _rows(name: str) -> Iterator[Cells]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _group(cells: Cells, _known: Known) -> dict[str, Any]:
    return {"tone": Tone(cells["tone"]), "rhythm_days": int(cells["rhythm_days"] or 0) or None}


def _kind(cells: Cells, _known: Known) -> dict[str, Any]:
    minutes = int(cells["usual_minutes"])
    known = {"contact": cells["contact"] == "1", "usual_minutes": minutes, "icon": cells["icon"]}
    return known | {"minute_choices": cells["minute_choices"], "internal": cells["internal"] == "1"}


def _tag(cells: Cells, _known: Known) -> dict[str, Any]:
    return {"tone": Tone(cells["tone"])}


def _region(cells: Cells, known: Known) -> dict[str, Any]:
    """A region stands in the file after the one it lies in."""
    return {"parent": known[cells["parent"]] if cells["parent"] else None}
