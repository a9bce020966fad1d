"""The numbers a department has agreed on: what each is for, within which bounds, and who changes it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed, NotFound
from crmadmin.core.i18n import LazyString, _, lazy
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries.meanwhile import first_after
from crmadmin.rules import first_touch
from models import DepartmentRule, User

FIRST_TOUCH_DAYS = "first_touch_days"
UNANSWERED_DAYS = "unanswered_days"
REQUEST_TOLD_DAYS = "request_told_days"
COLLEAGUES = "alarm_colleagues"
SILENCE_PERCENT = "alarm_silence_percent"
SILENT_ALONE = "alarm_silent_alone"
OVERDUE_DAYS = "alarm_overdue_days"
BROKEN = "alarm_broken_promises"
ONE_CLIENT_PERCENT = "alarm_one_client_percent"
NEWCOMER_WEEKS = "alarm_newcomer_weeks"
REST_DAYS = "alarm_rest_days"
OF_ALARMS = (COLLEAGUES, SILENCE_PERCENT, SILENT_ALONE, OVERDUE_DAYS, BROKEN, ONE_CLIENT_PERCENT,
             NEWCOMER_WEEKS, REST_DAYS)  # fmt: skip


@dataclass(frozen=True)
class Agreed:
    """A number by its word: what it starts with, and between which bounds it makes sense."""

    start: int
    least: int
    most: int
    title: LazyString
    help: LazyString


RULES: dict[str, Agreed] = {
    FIRST_TOUCH_DAYS: Agreed(
        first_touch.DAYS,
        1,
        3650,
        lazy("Days a first touch holds"),
        lazy("Whoever spoke with a client first keeps it for so many days after his last contact."),
    ),
    UNANSWERED_DAYS: Agreed(
        10,
        1,
        365,
        lazy("Days a request may wait for an answer"),
        lazy(
            "The register of requests counts those that wait longer, and they are an alarm; the aim is none."
        ),
    ),
    REQUEST_TOLD_DAYS: Agreed(
        3,
        1,
        365,
        lazy("Days after which a request without an answer is told"),
        lazy("Whoever spoke and the client's curator are told then, while there is still time to answer."),
    ),
    COLLEAGUES: Agreed(
        3,
        2,
        20,
        lazy("Colleagues to whom a client tells the same problem"),
        lazy("So many, without a proposal or a decision, are an alarm."),
    ),
    SILENCE_PERCENT: Agreed(
        150,
        100,
        1000,
        lazy("Silence that is an alarm, percent of the rhythm"),
        lazy("A client that nobody has spoken to for so long."),
    ),
    SILENT_ALONE: Agreed(
        3,
        0,
        50,
        lazy("Silent key clients told one by one"),
        lazy("Of one curator; where more are silent, one alarm counts them all."),
    ),
    OVERDUE_DAYS: Agreed(
        2,
        0,
        60,
        lazy("Days a promise may be overdue"),
        lazy("After that it counts as broken for an alarm."),
    ),
    BROKEN: Agreed(
        1,
        1,
        50,
        lazy("Broken promises that are an alarm"),
        lazy("Of one person, since the last such alarm about him."),
    ),
    ONE_CLIENT_PERCENT: Agreed(
        50,
        10,
        100,
        lazy("Share of one client in somebody's time, percent"),
        lazy("More than that of the minutes of four weeks is an alarm."),
    ),
    NEWCOMER_WEEKS: Agreed(
        13,
        0,
        52,
        lazy("Weeks of a newcomer"),
        lazy("So long only norms of his own are an alarm: neither his first weeks nor the norm of the role."),
    ),
    REST_DAYS: Agreed(
        28,
        1,
        365,
        lazy("Days an alarm rests after a decision"),
        lazy("Where the decision names no day; before that it does not come back."),
    ),
}


def value_of(code: str) -> int:
    """The number in force; what the program starts with where none was agreed on."""
    kept = db.scalar(select(DepartmentRule.value).where(DepartmentRule.code == code))
    return RULES[code].start if kept is None else kept


def value_at(code: str, at: datetime) -> int:
    """The number that was in force at that moment: what the first change since then has changed."""
    row = db.scalar(select(DepartmentRule).where(DepartmentRule.code == code))
    if row is None:
        return RULES[code].start
    change = db.scalar(first_after(DepartmentRule.__tablename__, row.id, at))
    old, _new = change.data["value"] if change else (row.value, None)
    return RULES[code].start if old is None else old


def values() -> dict[str, int]:
    """All of them, in the order in which they are shown."""
    kept = {row.code: row.value for row in db.scalars(select(DepartmentRule))}
    return {code: kept.get(code, rule.start) for code, rule in RULES.items()}


def change(code: str, typed: str, *, by: User) -> bool:
    """Agree on another number; whether it is another one."""
    if not allows(by.role, Permission.rules_change):
        raise NotAllowed(_("Only the head and the admin change the rules of the department."))
    if code not in RULES:
        raise NotFound(_("There is no such rule."))
    value = _number(typed, RULES[code])
    row = db.scalar(select(DepartmentRule).where(DepartmentRule.code == code))
    if row is None:
        db.add(DepartmentRule(code=code, value=value))
    elif row.value == value:
        return False
    else:
        row.value = value
    db.flush()
    return True


def _number(typed: str, rule: Agreed) -> int:
    text = typed.strip()
    if not text.isascii() or not text.isdigit() or not rule.least <= int(text[:9]) <= rule.most:
        raise DomainError(
            _("A whole number from %(least)s to %(most)s.", least=rule.least, most=rule.most), field="value"
        )
    return int(text)
