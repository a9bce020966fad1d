"""One thing that is an alarm now, before anybody has looked whether it is one already."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.kinds import AlarmKind


@dataclass(frozen=True)
class Found:
    """``key`` is what it is the same by. ``more``: of what tells that it is another one than the last of its
    key, though that was decided: a later week, a further colleague."""

    kind: AlarmKind
    key: str
    person_id: int
    facts: Mapping[str, Any]
    client_id: int | None = None
    indicator: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    more: int | None = None
