"""What somebody began with many clients and left in the middle: he is told the next day."""

from crmadmin.core.db import db
from crmadmin.core.i18n import start_of, today
from crmadmin.queries.unfinished import unfinished_before
from crmadmin.services import notices
from models import User
from models.kinds import NoticeKind


def tell_whoever_began() -> int:
    """Each act once, and its undoing once: of how many something was left when the day began."""
    acts = db.scalars(unfinished_before(start_of(today()))).all()
    for act in acts:
        person = db.get(User, act.undo_by_id if act.undo_at else act.by_id or 0)
        notices.tell(
            [person],
            NoticeKind.act_unfinished,
            f"unfinished-{act.id}-{'undo' if act.undo_at else 'do'}",
            subject="bulk_act",
            subject_id=act.id,
            data={"left": act.left, "total": act.total, "act": act.kind.value},
        )
    return len(acts)
