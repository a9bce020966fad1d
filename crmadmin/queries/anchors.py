"""The ends of all chains, now and as they were at an anchor. None of them runs."""

from datetime import date

from sqlalchemy import Select, case, func, select

from crmadmin.core.db import Rows
from models import JournalAnchor, JournalAnchorEnd, JournalEntry, JournalHead


def ends() -> Rows:
    """(chain, number, hash) of each chain's last entry, in the order of the chains."""
    return select(JournalHead.chain, JournalHead.number, JournalHead.hash).order_by(JournalHead.chain)


def ends_at(anchor: JournalAnchor) -> Rows:
    """The same as it was when the anchor was made: only chains that went on since are looked into."""
    later = (
        select(JournalEntry.chain, (func.min(JournalEntry.number) - 1).label("number"))
        .where(JournalEntry.id > anchor.last_id)
        .group_by(JournalEntry.chain)
        .subquery()
    )
    went_on = later.c.chain.is_not(None)
    asked = select(
        JournalHead.chain,
        case((went_on, later.c.number), else_=JournalHead.number).label("number"),
        case((went_on, JournalEntry.hash), else_=JournalHead.hash).label("hash"),
    )
    asked = asked.outerjoin(later, later.c.chain == JournalHead.chain)
    then = (JournalEntry.chain == later.c.chain) & (JournalEntry.number == later.c.number)
    asked = asked.outerjoin(JournalEntry, then)
    begun_later = went_on & (later.c.number == 0)
    return asked.where(~func.coalesce(begun_later, False)).order_by(JournalHead.chain)


def ids_in_order(last: int) -> Rows:
    """(id, chain, number, hash) of every entry up to one, in the order in which they were written."""
    asked = select(JournalEntry.id, JournalEntry.chain, JournalEntry.number, JournalEntry.hash)
    return asked.where(JournalEntry.id <= last).order_by(JournalEntry.id)


def anchor_of(day: date) -> Select[JournalAnchor]:
    return select(JournalAnchor).where(JournalAnchor.day == day)


def newest_first(before: date | None = None) -> Select[JournalAnchor]:
    """All anchors, or those of days before a day."""
    asked = select(JournalAnchor).order_by(JournalAnchor.day.desc())
    return asked if before is None else asked.where(JournalAnchor.day < before)


def first_with(entry_id: int) -> Select[JournalAnchor]:
    """The first anchor that knows of an entry."""
    known = select(JournalAnchor).where(JournalAnchor.last_id >= entry_id)
    return known.order_by(JournalAnchor.day).limit(1)


def any_end() -> Select[int]:
    """One of the ends that are kept with the anchors; older anchors have none."""
    return select(JournalAnchorEnd.id).limit(1)


def kept_ends() -> Select[JournalAnchorEnd]:
    """All of them, anchor by anchor."""
    return select(JournalAnchorEnd).order_by(JournalAnchorEnd.anchor_id, JournalAnchorEnd.chain)


def went_on_since(anchor: JournalAnchor) -> Select[int]:
    """The chains that have entries which the anchor does not know."""
    return select(JournalEntry.chain).where(JournalEntry.id > anchor.last_id).distinct()


def hashes_of(chain: int) -> Rows:
    """(number, hash) of each entry of a chain."""
    return select(JournalEntry.number, JournalEntry.hash).where(JournalEntry.chain == chain)
