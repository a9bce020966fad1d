"""Rules of groups, points of the axes, and how many clients whose are in which group. None of them runs."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from models import AxisPoint, Client, ClientGroup, GroupRule, GroupStanding, JournalEntry, User

_ORDER = (GroupRule.position, GroupRule.id)


def every_rule() -> Select[GroupRule]:
    """In the order in which they decide, those switched off among them."""
    return select(GroupRule).options(joinedload(GroupRule.group)).order_by(*_ORDER)


def every_point() -> Select[AxisPoint]:
    return select(AxisPoint).order_by(AxisPoint.axis, AxisPoint.position, AxisPoint.id)


def put_by_rules() -> Select[int | None, int]:
    """(rule, how many clients stand where it has put them)."""
    asked = select(GroupStanding.rule_id, func.count()).where(GroupStanding.rule_id.is_not(None))
    return asked.group_by(GroupStanding.rule_id)


def standing_of(client: Client) -> Select[GroupStanding]:
    where = GroupStanding.client_id == client.id
    return select(GroupStanding).options(joinedload(GroupStanding.rule)).where(where)


def standings_of(client_ids: list[int]) -> Select[GroupStanding]:
    return select(GroupStanding).where(GroupStanding.client_id.in_(client_ids))


def loads() -> Select[int | None, int, int]:
    """(curator, group, how many of his clients are in it), of those that are not put away."""
    asked = select(Client.curator_id, Client.group_id, func.count()).where(Client.archived_at.is_(None))
    return asked.group_by(Client.curator_id, Client.group_id)


def every_group() -> Select[ClientGroup]:
    return select(ClientGroup).order_by(ClientGroup.position, ClientGroup.id)


def every_curator() -> Select[int, str]:
    return select(User.id, User.name).order_by(User.name, User.id)


def last_change_of(rule: GroupRule) -> Select[JournalEntry]:
    """Who changed the rule last."""
    about = (JournalEntry.subject == GroupRule.__tablename__, JournalEntry.subject_id == rule.id)
    return select(JournalEntry).where(*about).order_by(JournalEntry.id.desc()).limit(1)
