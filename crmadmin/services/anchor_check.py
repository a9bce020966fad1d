"""The anchors, checked against the journal, the ends kept with them, and the file.

The journal as it was written must give each anchor's root, and so must the ends that are kept with it: where
the journal does not, the ends tell which chain is not what it was, and from which entry on.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmadmin.core.db import Database
from crmadmin.core.i18n import _
from crmadmin.queries import anchors as asked
from crmadmin.rules import anchors as rule
from crmadmin.services.anchors import kept, line
from crmadmin.services.journal_check import Fault
from models import JournalAnchor, JournalAnchorEnd

BATCH = 10_000
NAMED = 10  # clients, where no end tells which of them it is

End = tuple[int, str]  # the number and the hash of a chain's last entry


def faults(session: Session | Database, file: Path | None = None, chain: int | None = None) -> Iterator[str]:
    """Each anchor that the journal, or that of one client, or the file does not bear out, the first first."""
    rows = list(session.scalars(select(JournalAnchor).order_by(JournalAnchor.last_id, JournalAnchor.day)))
    with closing(_Ends(session)) as ends:
        if chain is None:
            yield from _against_journal(session, rows, ends)
        else:
            yield from _of_chain(session, rows, chain, ends)
    if file is not None and file.exists():  # a copy of the database has none
        yield from _against_file({row.day: line(row) for row in rows}, kept(file))


def _against_journal(session: Session | Database, rows: list[JournalAnchor], ends: "_Ends") -> Iterator[str]:
    """One pass over the journal as it was written; an anchor costs the chains that went on since its last."""
    waiting, growing = list(rows), _Growing()
    last = waiting[-1].last_id if waiting else 0
    read = session.execute(asked.ids_in_order(last), execution_options={"yield_per": BATCH})
    for id, chain, number, hash in read:
        while waiting and waiting[0].last_id < id:
            yield from _compared(waiting.pop(0), growing, ends)
        growing.add(chain, number, hash)
    for row in waiting:
        yield from _compared(row, growing, ends)


def _compared(row: JournalAnchor, growing: "_Growing", ends: "_Ends") -> Iterator[str]:
    ends.upto(row)
    if _bears_out(growing, row):
        growing.since.clear()
        if ends.begun and not _bears_out(ends.growing, row):
            yield _("anchor of %(day)s: the ends kept with it give another root", day=_day(row))
        return
    found = list(_differing(row, growing, ends)) if _bears_out(ends.growing, row) else []
    yield from (str(fault) for fault in found)
    if not found:
        yield _suspected(row, growing.since)


def _bears_out(growing: "_Growing", row: JournalAnchor) -> bool:
    return (row.root, row.chains, row.entries) == (
        growing.root().hex(),
        len(growing.ends),
        growing.entries,
    )


def _differing(row: JournalAnchor, growing: "_Growing", ends: "_Ends") -> Iterator[Fault]:
    """Each chain that does not end as it did; told once, for it is then taken for what it was."""
    for chain in sorted(growing.ends.keys() | ends.growing.ends.keys()):
        was, now = ends.growing.ends.get(chain, (0, "")), growing.ends.get(chain, (0, ""))
        if was != now:
            yield _fault(row, chain, was, now, ends.before.get(chain, 0))
            if was[0]:
                growing.add(chain, *was)


def _fault(row: JournalAnchor, chain: int, was: End, now: End, before: int) -> Fault:
    day = _day(row)
    if now[0] < was[0]:
        return Fault(chain, now[0] + 1, _("the anchor of %(day)s knows it, the journal does not", day=day))
    if now[0] > was[0]:
        return Fault(chain, was[0] + 1, _("the anchor of %(day)s does not know it", day=day))
    said = _("it, or one from entry %(first)s on, is not what the anchor of %(day)s knows",
             first=before + 1, day=day)  # fmt: skip
    return Fault(chain, was[0], said)


def _suspected(row: JournalAnchor, chains: set[int]) -> str:
    """No end tells which chain it is: one of those that went on since the last anchor that holds."""
    said = _("anchor of %(day)s: the journal gives another root", day=_day(row))
    if not chains:
        return said
    names = ", ".join(str(chain or _("no client")) for chain in sorted(chains)[:NAMED])
    more = "…" if len(chains) > NAMED else ""
    return f"{said}; " + _("went on since the last one that holds: clients %(names)s", names=names + more)


def _of_chain(
    session: Session | Database, rows: list[JournalAnchor], chain: int, ends: "_Ends"
) -> Iterator[str]:
    """One chain against the end that each anchor knows of it; and those ends against the roots."""
    known = {row.number: row.hash for row in session.execute(asked.hashes_of(chain))}
    checked: End | None = None
    for row in rows:
        ends.upto(row)
        if ends.begun and not _bears_out(ends.growing, row):
            yield _("anchor of %(day)s: the ends kept with it give another root", day=_day(row))
            return
        end = ends.growing.ends.get(chain)
        if end is None or end == checked:
            continue
        checked = end
        if known.get(end[0]) != end[1]:
            yield str(_fault(row, chain, end, _end_of(known, end[0]), ends.before.get(chain, 0)))
            return
    if rows and not ends.begun:
        yield from _newest_alone(session, rows[-1])


def _end_of(known: Mapping[int, str], upto: int) -> End:
    """The last entry of a chain, no further than one."""
    number = max((number for number in known if number <= upto), default=0)
    return number, known.get(number, "")


def _newest_alone(session: Session | Database, row: JournalAnchor) -> Iterator[str]:
    """Of older anchors nothing but the root is kept."""
    now = session.execute(asked.ends_at(row)).all()
    if rule.Tree(rule.leaf(end.chain, end.number, end.hash) for end in now).root.hex() != row.root:
        yield _suspected(row, set())


def _against_file(rows: Mapping[date, str], found: Mapping[date, list[str]]) -> Iterator[str]:
    """What is in one and not in the other, or in both and not the same."""
    for day in sorted(rows.keys() - found.keys()):
        yield _("anchor of %(day)s: the database has it, the file does not", day=day.isoformat())
    for day in sorted(found):
        if day not in rows:
            yield _("anchor of %(day)s: the file has it, the database does not", day=day.isoformat())
        elif any(said != rows[day] for said in found[day]):
            yield _("anchor of %(day)s: the file says another root", day=day.isoformat())


def _day(row: JournalAnchor) -> str:
    return row.day.isoformat()


class _Ends:
    """The ends kept with the anchors, up to one of them; ``before`` is where a chain ended earlier."""

    def __init__(self, session: Session | Database) -> None:
        self.result = session.scalars(asked.kept_ends(), execution_options={"yield_per": BATCH})
        self.read: Iterator[JournalAnchorEnd] = iter(self.result)
        self.next = next(self.read, None)
        self.growing, self.begun = _Growing(), False
        self.before: dict[int, int] = {}

    def close(self) -> None:
        """Before the last was read, too: PostgreSQL keeps them ready."""
        self.result.close()

    def upto(self, anchor: JournalAnchor) -> None:
        while self.next is not None and self.next.anchor_id <= anchor.id:
            end, self.begun = self.next, True
            self.before[end.chain] = self.growing.ends.get(end.chain, (0, ""))[0]
            self.growing.add(end.chain, end.number, end.hash)
            self.next = next(self.read, None)


class _Growing:
    """The tree over the chains while the journal is read."""

    def __init__(self) -> None:
        self.ends: dict[int, tuple[int, str]] = {}
        self.places: dict[int, int] = {}
        self.changed: set[int] = set()
        self.since: set[int] = set()  # what went on since the last anchor that was borne out
        self.entries = 0
        self.tree = rule.Tree([])

    def add(self, chain: int, number: int, hash: str) -> None:
        self.entries += number - self.ends.get(chain, (0, ""))[0]
        self.ends[chain] = (number, hash)
        self.changed.add(chain)
        self.since.add(chain)

    def root(self) -> bytes:
        """Made anew only where a chain came in between the others."""
        new = sorted(self.changed - self.places.keys())
        if new and self.places and new[0] < max(self.places):
            self.places, new = {}, sorted(self.ends)
        if not self.places:
            self.places = {chain: at for at, chain in enumerate(sorted(self.ends))}
            self.tree = rule.Tree(self._leaf(chain) for chain in self.places)
        else:
            self.places |= {chain: at for at, chain in enumerate(new, len(self.places))}
            for chain in sorted(self.changed):
                self.tree.put(self.places[chain], self._leaf(chain))
        self.changed.clear()
        return self.tree.root

    def _leaf(self, chain: int) -> bytes:
        return rule.leaf(chain, *self.ends[chain])
