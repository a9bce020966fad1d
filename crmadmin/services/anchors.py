"""Daily anchors: made once a day, with what they were made of, and kept in a file beside the database.

How a root is made is said in ``crmadmin.rules.anchors``, what it is good for in decision 18.
"""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.i18n import today
from crmadmin.core.many_rows import insert_rows
from crmadmin.queries import anchors as asked
from crmadmin.rules import anchors as rule
from models import JournalAnchor, JournalAnchorEnd, JournalEntry

_ENDS: Any = JournalAnchorEnd.__table__


@dataclass(frozen=True)
class Proof:
    """That a chain's end was among those an anchor was made of."""

    anchor: JournalAnchor
    number: int
    hash: str
    path: list[rule.Step]


def make() -> JournalAnchor | None:
    """The anchor of today; None where there is one already, or nothing to be anchored.

    Nobody else writes into the journal until the caller's transaction ends, so that ``last_id`` says exactly
    which entries it knows of.
    """
    day = today()
    if db.scalar(asked.anchor_of(day)) is not None:
        return None
    if db.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        db.execute(text("LOCK TABLE journal_entry IN SHARE ROW EXCLUSIVE MODE"))
        if db.scalar(asked.anchor_of(day)) is not None:
            return None
    ends, before = db.execute(asked.ends()).all(), newest()
    if not ends:
        return None
    anchor = JournalAnchor(
        day=day,
        made_at=clock.now(),
        root=_tree(ends).root.hex(),
        chains=len(ends),
        entries=sum(end.number for end in ends),
        last_id=db.scalar(select(func.max(JournalEntry.id))) or 0,
    )
    db.add(anchor)
    db.flush()
    _keep_ends(anchor, ends, before)
    return anchor


def _keep_ends(anchor: JournalAnchor, ends: Any, before: JournalAnchor | None) -> None:
    """Of the chains that went on since the anchor before; of all where none are kept yet."""
    if before is not None and db.scalar(asked.any_end()) is not None:
        changed = set(db.scalars(asked.went_on_since(before)))
        ends = [end for end in ends if end.chain in changed]
    rows = [{"anchor_id": anchor.id, **end._mapping} for end in ends]
    insert_rows(db(), _ENDS, rows)


def newest() -> JournalAnchor | None:
    return db.scalar(asked.newest_first().limit(1))


def proof_of(chain: int, anchor: JournalAnchor) -> Proof | None:
    """The chain's path in an anchor's tree; None where the chain was begun later."""
    ends = db.execute(asked.ends_at(anchor)).all()
    place = next((at for at, (each, *_end) in enumerate(ends) if each == chain), None)
    if place is None:
        return None
    return Proof(anchor, ends[place].number, ends[place].hash, _tree(ends).path(place))


def _tree(ends: Any) -> rule.Tree:
    return rule.Tree(rule.leaf(chain, number, last) for chain, number, last in ends)


# The file


def line(anchor: JournalAnchor) -> str:
    return f"{anchor.day.isoformat()} {anchor.root} {anchor.chains} {anchor.entries}"


def keep(file: Path) -> None:
    """Append the anchors that the file does not have yet; readable by its owner only."""
    known = set(kept(file))
    newest = max(known, default=None)
    fresh = select(JournalAnchor).order_by(JournalAnchor.day)
    rows = db.scalars(fresh if newest is None else fresh.where(JournalAnchor.day > newest)).all()
    if not rows:
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write("".join(f"{line(row)}\n" for row in rows))


def kept(file: Path) -> dict[date, list[str]]:
    """The file's lines by their day; a line without a day is of none."""
    if not file.exists():
        return {}
    found: dict[date, list[str]] = {}
    for said in file.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            found.setdefault(date.fromisoformat(said[:10]), []).append(said.strip())
        except ValueError:
            continue
    return found
