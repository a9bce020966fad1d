"""What becomes of an alarm: somebody who leads sees it, talks it over, and decides, in words.

Whoever it is about may say what he thinks of it, while it is open: his words stand among those of the talk,
each with its day and name.
"""

from datetime import date, timedelta

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed, NotFound
from crmadmin.core.i18n import _, moment_exact, today
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import alarms as asked
from crmadmin.services import notices
from crmadmin.services.alarms import about
from crmadmin.services.meanwhile import hold
from crmadmin.services.texts import within
from models import Alarm, User
from models.kinds import AlarmState, NoticeKind

LONGEST = 2_000  # of what is said at once
LONGEST_TALK = 20_000
FARTHEST = timedelta(days=365)  # a day of a decision


def known(id: int, by: User) -> Alarm:
    """The alarm, where this one may see it."""
    found = db.scalar(asked.one(by, id))
    if found is None:
        raise NotFound(_("There is no such alarm."))
    return found


def see(alarm: Alarm, *, by: User) -> None:
    """Somebody has looked at it; of what was looked at before, nothing changes."""
    _lead(by)
    hold(alarm)
    if alarm.state is AlarmState.new:
        _seen(alarm, by)
        alarm.state = AlarmState.seen


def talk(alarm: Alarm, words: str, *, by: User) -> None:
    """What was said when it was talked over; more may be said later."""
    _lead(by)
    _is_open(alarm)
    said = _words(words, "talk", _("Say what you have talked over."))
    _seen(alarm, by)
    _add(alarm, said, by)
    alarm.state, alarm.talked_at, alarm.talked_by = AlarmState.talked, clock.now(), by
    _tell_person(alarm, NoticeKind.alarm_talked, by, said)


def decide(alarm: Alarm, decision: str, act_on: date | None, *, by: User) -> None:
    """It is settled, in words; before ``act_on``, the day by which it is to show, it does not come back."""
    _lead(by)
    _is_open(alarm)
    said = _words(decision, "decision", _("Say what is decided."))
    if act_on is not None and not today() < act_on <= today() + FARTHEST:
        raise DomainError(_("A day after today, within a year."), field="act_on")
    _seen(alarm, by)
    alarm.decision, alarm.act_on = said, act_on
    alarm.state, alarm.decided_at, alarm.decided_by = AlarmState.decided, clock.now(), by
    _tell_person(alarm, NoticeKind.alarm_decided, by, said)


def answer(alarm: Alarm, words: str, *, by: User) -> None:
    """What whoever it is about says of it."""
    if alarm.person_id != by.id:
        raise NotAllowed(_("Only whoever it is about answers it."))
    _is_open(alarm)
    said = _words(words, "answer", _("Say what you think of it."))
    _add(alarm, said, by)
    heads = db.scalars(asked.heads()).all()
    key = f"alarm-{alarm.id}-answer-{clock.now():%Y%m%d%H%M%S}"
    notices.tell(heads, NoticeKind.alarm_answered, key, by=by, subject="alarm", subject_id=alarm.id,
                 data=_data(alarm, said))  # fmt: skip


def may_decide(by: User) -> bool:
    return allows(by.role, Permission.alarms_decide)


def _lead(by: User) -> None:
    if not may_decide(by):
        raise NotAllowed(_("Only the head and the admin decide on alarms."))


def _is_open(alarm: Alarm) -> None:
    """Of two who act at once, the second is told what the first has decided."""
    hold(alarm)
    if alarm.state is AlarmState.decided:
        by = alarm.decided_by.name if alarm.decided_by else ""
        raise DomainError(_("%(by)s has decided it already: %(words)s", by=by, words=alarm.decision))


def _words(text: str, field: str, lacking: str) -> str:
    said = within(text, field, LONGEST)
    if not said:
        raise DomainError(lacking, field=field)
    return said


def _seen(alarm: Alarm, by: User) -> None:
    if alarm.seen_at is None:
        alarm.seen_at, alarm.seen_by = clock.now(), by


def _add(alarm: Alarm, said: str, by: User) -> None:
    line = f"{moment_exact(clock.now())}, {by.name}: {said}"
    alarm.talk = within(f"{alarm.talk}\n\n{line}", "talk", LONGEST_TALK)


def _tell_person(alarm: Alarm, kind: NoticeKind, by: User, said: str) -> None:
    key = f"{kind.value}-{alarm.id}-{clock.now():%Y%m%d%H%M%S}"
    notices.tell([alarm.person], kind, key, by=by, subject="alarm", subject_id=alarm.id,
                 data=_data(alarm, said))  # fmt: skip


def _data(alarm: Alarm, said: str) -> dict[str, object]:
    return {"alarm": about(alarm), "text": said[:200]}
