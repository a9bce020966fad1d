"""Acts on many clients that stopped in the middle: whoever began them closed the page. None of them runs."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select

from models import BulkAct, User

_DOING = and_(BulkAct.undo_at.is_(None), BulkAct.finished_at.is_(None))
_UNDOING = and_(BulkAct.undo_at.is_not(None), BulkAct.undone_at.is_(None))


def unfinished_of(person: User) -> Select[BulkAct]:
    """What he has begun to do, or to undo, and something is left of it; the oldest first."""
    return select(BulkAct).where(_left_by(person)).order_by(BulkAct.id)


def has_unfinished(person: User) -> ColumnElement[bool]:
    return select(BulkAct.id).where(_left_by(person)).exists()


def _left_by(person: User) -> ColumnElement[bool]:
    doing = and_(BulkAct.by_id == person.id, _DOING)
    return or_(doing, and_(BulkAct.undo_by_id == person.id, _UNDOING))


def unfinished_before(moment: datetime) -> Select[BulkAct]:
    """Whoever's they are: begun before that moment, and something is left."""
    old = or_(and_(_DOING, BulkAct.at < moment), and_(_UNDOING, BulkAct.undo_at < moment))
    return select(BulkAct).where(old).order_by(BulkAct.id)
