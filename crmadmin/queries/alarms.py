"""What the head is to look into: the inbox of alarms. None of it runs."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, func, select, true
from sqlalchemy.orm import joinedload

from crmadmin.core.permissions import Permission, allows, roles_with
from models import Alarm, User
from models.kinds import AlarmState, Role


def alarm_visible_to(viewer: User) -> ColumnElement[bool]:
    """The head and the admin see all, others what is about themselves."""
    return true() if allows(viewer.role, Permission.alarms_decide) else Alarm.person_id == viewer.id


is_open = Alarm.state != AlarmState.decided


def listed(viewer: User, where: Sequence[ColumnElement[bool]], *, newest: bool) -> Select[int]:
    """Ids, the newest first; or by trouble: whoever has most that is open, and of his what is new."""
    asked = select(Alarm.id).where(alarm_visible_to(viewer), *where)
    if newest:
        return asked.order_by(Alarm.raised_at.desc(), Alarm.id.desc())
    count = func.count().label("many")
    of = select(Alarm.person_id, count).where(is_open).group_by(Alarm.person_id).subquery()
    asked = asked.outerjoin(of, of.c.person_id == Alarm.person_id)
    states = case({state: place for place, state in enumerate(AlarmState)}, value=Alarm.state)
    return asked.order_by(
        func.coalesce(of.c.many, 0).desc(), Alarm.person_id, states, Alarm.raised_at.desc(), Alarm.id.desc()
    )


def told(ids: Sequence[int]) -> Select[Alarm]:
    """These, with all that a line of the inbox says."""
    return select(Alarm).where(Alarm.id.in_(ids)).options(joinedload(Alarm.person), joinedload(Alarm.client))


def one(viewer: User, id: int) -> Select[Alarm]:
    people = (Alarm.person, Alarm.client, Alarm.seen_by, Alarm.talked_by, Alarm.decided_by)
    asked = select(Alarm).where(Alarm.id == id, alarm_visible_to(viewer))
    return asked.options(*(joinedload(each) for each in people))


def waiting(viewer: User) -> ScalarSelect[int]:
    """How many nobody has looked at yet; of whoever sees but his own, how many are not settled."""
    which = Alarm.state == AlarmState.new if allows(viewer.role, Permission.alarms_decide) else is_open
    asked = select(func.count()).select_from(Alarm).where(which, alarm_visible_to(viewer))
    return asked.scalar_subquery()


def latest(keys: Collection[str]) -> Select[Alarm]:
    """The alarms of these keys, the last one of each after those before it."""
    return select(Alarm).where(Alarm.key.in_(keys)).order_by(Alarm.id)


def heads() -> Select[User]:
    """Who decides on alarms; the admin looks after the program, not after the sales."""
    roles = [role for role in roles_with(Permission.alarms_decide) if role is not Role.admin]
    return select(User).where(User.active, User.role.in_(roles)).order_by(User.id)
