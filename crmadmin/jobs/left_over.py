"""Acts on many clients that somebody began and left are finished, by his rights and in his name."""

from datetime import timedelta
from time import sleep

from sqlalchemy import Select, or_, select

from crmadmin.core.db import act_as, db, transaction
from crmadmin.core.errors import DomainError
from crmadmin.jobs.ticks import Work
from crmadmin.services import bulk
from models import BulkAct, User

STILL = timedelta(minutes=2)  # so long whoever began it goes on by himself
AT_ONCE = 200  # slices of an act in one tick; the next tick goes on


def finish(work: Work) -> str:
    with transaction():
        left = db.scalars(_left(work)).all()
    return str(sum(_finish(id, work) for id in left) or "")


def _left(work: Work) -> Select[int]:
    before = work.at - STILL
    to_do = BulkAct.finished_at.is_(None) & BulkAct.undo_at.is_(None) & (BulkAct.at < before)
    to_undo = BulkAct.undone_at.is_(None) & (BulkAct.undo_at < before)
    return select(BulkAct.id).where(or_(to_do, to_undo)).order_by(BulkAct.id)


def _finish(act_id: int, work: Work) -> int:
    """1 when nothing of it is left; 0 where its owner may not go on, or it is too long for one tick."""
    for _n in range(AT_ONCE):
        try:
            with transaction():
                if not _go_on(act_id):
                    return 0
                if not bulk.is_running(db.get_one(BulkAct, act_id)):
                    return 1
        except DomainError:  # his rights are others now; the act says what is left, and he is told there
            return 0
        work.hold()
        sleep(bulk.pause())
    return 0


def _go_on(act_id: int) -> bool:
    act = db.get_one(BulkAct, act_id)
    whose = act.undo_by_id if act.undo_at else act.by_id
    owner = db.get(User, whose) if whose is not None else None  # nobody's: the program's own, of each night
    if owner is None or not owner.active:
        return False
    act_as(owner)
    bulk.go_on(act_id, by=owner)
    return True
