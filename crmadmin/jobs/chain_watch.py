"""The journal is checked a little every night: the chains that went on since, and a thirtieth of the others.

So each chain is read whole at least once in thirty days, and with it the rows it tells of.
``journal verify`` reads all of them at once.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, or_, select

from crmadmin.core.db import db, transaction
from crmadmin.core.i18n import local
from crmadmin.core.permissions import Permission, roles_with
from crmadmin.jobs.ticks import Work
from crmadmin.services import journal_check, journal_rows, notices
from crmadmin.services.journal_check import Fault
from crmadmin.services.notices import Telling
from models import Client, JournalEntry, JournalHead, User
from models.kinds import NoticeKind

PARTS = 30
AT_ONCE = 50  # chains read before others get their turn to write
MOST = 20  # faults that are told, each by itself


def check(work: Work) -> str:
    """How many chains were read; whoever sees every row and whoever keeps the program are told of a fault."""
    with transaction():
        chains = db.scalars(_chains(work)).all()
    found: list[Fault | journal_rows.Fault] = []
    for start in range(0, len(chains), AT_ONCE):
        work.hold()
        with transaction():
            found += _faults(chains[start : start + AT_ONCE])
    if found:
        with transaction():
            notices.tell_each(_tellings(found[:MOST]))
    return str(len(chains))


def _chains(work: Work) -> Select[int]:
    """By the day's number, so that the part of a day that was missed comes with the next round."""
    part = local(work.at).toordinal() % PARTS
    since = (work.since or work.at) - timedelta(days=1)
    fresh = select(JournalEntry.chain).where(JournalEntry.recorded_at >= since)
    its_turn = JournalHead.chain % PARTS == part
    return (
        select(JournalHead.chain)
        .where(or_(its_turn, JournalHead.chain.in_(fresh)))
        .order_by(JournalHead.chain)
    )


def _faults(chains: Sequence[int]) -> Iterator[Fault | journal_rows.Fault]:
    """Of each chain the first one: what follows it follows from it."""
    told = set[int]()
    for chain in chains:
        first = next(journal_check.faults(db, chain=chain), None)
        if first is not None:
            told.add(chain)
            yield first
    for fault in journal_rows.faults(db, chains):
        if fault.chain not in told:
            told.add(fault.chain)
            yield fault


def _tellings(found: list[Fault | journal_rows.Fault]) -> Iterator[Telling]:
    roles = {*roles_with(Permission.people_manage), *roles_with(Permission.every_row)}
    people = db.scalars(select(User.id).where(User.role.in_(roles), User.active)).all()
    names = dict(
        db.execute(select(Client.id, Client.name).where(Client.id.in_([each.chain for each in found]))).all()
    )
    for fault in found:
        client_id = fault.chain if fault.chain in names else None
        data: dict[str, Any] = {"client": names.get(fault.chain, ""), "chain": fault.chain}
        data |= fault.data
        for id in people:
            yield Telling(id, NoticeKind.chain_broken, fault.key, client_id, "journal", None, data)
