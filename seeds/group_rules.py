"""The rules of groups a department may start with, and the points of both axes: laid down switched off."""

import tomllib
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from crmadmin.core import clock
from crmadmin.core.db import Database
from crmadmin.core.i18n import get_locale
from models import AxisPoint, ClientGroup, GroupRule
from models.kinds import Axis

DATA = Path(__file__).parent / "data" / "group_rules.toml"
STEP = 10  # between positions


def load(session: Database, language: str | None = None) -> int:
    """Where there are none of either yet: a rule has no code to be known by; returns how many rows."""
    if session.scalar(select(func.count()).select_from(GroupRule)):
        return 0
    if session.scalar(select(func.count()).select_from(AxisPoint)):
        return 0
    told = tomllib.loads(DATA.read_text(encoding="utf-8"))
    spoken = language or ("en" if str(get_locale()).startswith("en") else "ru")
    rows = [_point(place, each) for place, each in enumerate(told["points"], 1)]
    groups = {group.code: group for group in session.scalars(select(ClientGroup))}
    rules = [
        _rule(place, each, groups[each["group"]], spoken)
        for place, each in enumerate(told["rules"], 1)
        if each["group"] in groups
    ]
    session.add_all([*rows, *rules])
    session.flush()
    return len(rows) + len(rules)


def _point(place: int, told: dict[str, Any]) -> AxisPoint:
    condition = {name: told[name] for name in ("fact", "is", "value")}
    return AxisPoint(
        axis=Axis(told["axis"]), position=place * STEP, condition=condition, points=told["points"]
    )


def _rule(place: int, told: dict[str, Any], group: ClientGroup, language: str) -> GroupRule:
    return GroupRule(
        name=told[f"name_{language}"],
        position=place * STEP,
        group=group,
        conditions=told["conditions"],
        stay_days=told["stay_days"],
        active=False,
        changed_at=clock.now(),
    )
