"""Reads the journal from its beginning and tells everything that does not follow: gaps, hashes, heads.

One entry at a time, in one pass: memory does not grow with the journal. It changes nothing and believes
nothing but the rules of ``crmadmin.rules.evidence``.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, Text, cast, func, select
from sqlalchemy.orm import Session

from crmadmin.core.db import Database
from crmadmin.core.i18n import _
from crmadmin.rules import evidence
from crmadmin.services.journal import NO_CLIENT
from models import Client, JournalEntry, JournalHead

BATCH = 1000


@dataclass(frozen=True)
class Fault:
    """Where a chain does not hold, and how."""

    chain: int
    number: int | None
    said: str

    @property
    def key(self) -> str:
        return f"chain-{'none' if self.chain == NO_CLIENT else self.chain}-{self.number or 0}"

    @property
    def data(self) -> dict[str, Any]:
        """What a notice tells of it."""
        return {"entry": self.number or 0}

    def __str__(self) -> str:
        where = _("no client") if self.chain == NO_CLIENT else _("client %(id)s", id=self.chain)
        if self.number is None:
            return f"{where}: {self.said}"
        entry = _("entry %(number)s", number=self.number)
        return f"{where}, {entry}: {self.said}"


@dataclass
class _Chain:
    """How far one chain has been read: its last entry, and the head that is kept of it."""

    id: int
    kept: tuple[int, str] | None
    number: int = 0
    last: bytes = evidence.BEGINNING

    def faults_of(self, row: Row[Any]) -> Iterator[Fault]:
        """What is wrong with the next entry; reading goes on from what is stored."""
        if row.number != self.number + 1:
            said = _("entries %(first)s to %(last)s are missing", first=self.number + 1, last=row.number - 1)
            yield Fault(self.id, row.number, said)
        if row.client_id != (None if self.id == NO_CLIENT else self.id):
            yield Fault(self.id, row.number, _("it is shown at another client"))
        if _hash(row, self.last) != row.hash:
            yield Fault(self.id, row.number, _("its hash does not follow from what it says"))
        self.number, self.last = row.number, _bytes(row.hash) or b""

    def faults_of_head(self) -> Iterator[Fault]:
        """The kept head is what tells that entries at the end are missing."""
        if self.kept is None:
            yield Fault(self.id, None, _("its head is missing"))
        elif self.kept != (self.number, self.last.hex()):
            said = _(
                "its head says entry %(kept)s, its last is %(last)s", kept=self.kept[0], last=self.number
            )
            yield Fault(
                self.id, None, said if self.kept[0] != self.number else _("its head has another hash")
            )


def faults(
    session: Session | Database, *, chain: int | None = None, read: Callable[[], object] = lambda: None
) -> Iterator[Fault]:
    """Everything that is wrong with all chains, or with one; ``read`` is called after each entry."""
    now: _Chain | None = None
    try:
        for row in session.execute(_entries(chain), execution_options={"yield_per": BATCH}):
            if now is None or row.chain != now.id:
                if now is not None:
                    yield from now.faults_of_head()
                kept = None if row.head_number is None else (row.head_number, row.head_hash)
                now = _Chain(row.chain, kept)
            yield from now.faults_of(row)
            read()
    except ValueError:  # a moment that is none: only somebody with an SQL console writes that
        here = now.id if now else chain or NO_CLIENT
        yield Fault(
            here, None, _("it cannot be read after entry %(number)s", number=now.number if now else 0)
        )
        return
    if now is not None:
        yield from now.faults_of_head()
    for lost in session.execute(_heads_without_entries(chain)).scalars():
        yield Fault(lost, None, _("all of its entries are missing"))
    for untold in session.execute(_clients_without_head(chain)).scalars():
        yield Fault(untold, None, _("nothing of it is in the journal"))


def size(session: Session | Database, *, chain: int | None = None) -> int:
    """How many entries there are to read."""
    asked = select(func.count()).select_from(JournalEntry)
    return session.scalar(asked if chain is None else asked.where(JournalEntry.chain == chain)) or 0


def _entries(chain: int | None) -> Select[*tuple[Any, ...]]:
    asked = (
        select(
            *(column for column in JournalEntry.__table__.columns if column.name != "data"),
            cast(JournalEntry.data, Text).label("data"),
            JournalHead.number.label("head_number"),
            JournalHead.hash.label("head_hash"),
        )
        .outerjoin(JournalHead, JournalHead.chain == JournalEntry.chain)
        .order_by(JournalEntry.chain, JournalEntry.number)
    )
    return asked if chain is None else asked.where(JournalEntry.chain == chain)


def _heads_without_entries(chain: int | None) -> Select[int]:
    told = select(JournalEntry.id).where(JournalEntry.chain == JournalHead.chain)
    asked = select(JournalHead.chain).where(~told.exists()).order_by(JournalHead.chain)
    return asked if chain is None else asked.where(JournalHead.chain == chain)


def _clients_without_head(chain: int | None) -> Select[int]:
    begun = select(JournalHead.id).where(JournalHead.chain == Client.id)
    told = select(JournalEntry.id).where(JournalEntry.chain == Client.id)
    asked = select(Client.id).where(~begun.exists(), ~told.exists()).order_by(Client.id)
    return asked if chain is None else asked.where(Client.id == chain)


def _hash(row: Row[Any], previous: bytes) -> str | None:
    """The hash the entry should have; None where its parts are not even of the right form."""
    try:
        salt, data = bytes.fromhex(row.salt), json.loads(row.data)
        return evidence.entry_hash(previous, dict(row._mapping), salt, data).hex()  # pyright: ignore[reportPrivateUsage]
    except (ValueError, TypeError):
        return None


def _bytes(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None
