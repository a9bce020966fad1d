"""What recording costs people is kept: with each record, and of each form that was left. Never its words."""

from sqlalchemy import func, select

from crmadmin.core.db import db
from crmadmin.core.i18n import today
from crmadmin.rules.recording import RecordDoor, Spent
from models import RecordCost, User
from models.kinds import Saving

MOST_LEFT = 300  # forms that a person leaves in a day; more come from no person


def saved(door: RecordDoor, spent: Spent | None, *, by: User) -> None:
    """Beside the record, in its transaction; nothing where nothing was measured."""
    if spent is not None:
        _keep(door, Saving.saved, spent, by)


def left(door: str, spent: Spent | None, *, by: User) -> None:
    """A form that was left after something was typed; nonsense is not kept."""
    if spent is None or door not in set(RecordDoor):
        return
    his = (RecordCost.on_day == today(), RecordCost.person_id == by.id)
    asked = select(func.count()).where(*his, RecordCost.saving == Saving.abandoned)
    if (db.scalar(asked) or 0) < MOST_LEFT:
        _keep(RecordDoor(door), Saving.abandoned, spent, by)


def _keep(door: RecordDoor, saving: Saving, spent: Spent, by: User) -> None:
    kept = {"person_id": by.id, "on_day": today(), "door": door.value, "saving": saving}
    db.add(RecordCost(**kept, seconds=spent.seconds, keys=spent.keys))
