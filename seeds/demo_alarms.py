"""Alarms of the invented company: found in what is kept of it, and how far the head has dealt with them."""

from collections.abc import Sequence
from datetime import time, timedelta

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import act_as, db, let_go, transaction
from crmadmin.core.i18n import today
from crmadmin.services import alarm_steps, alarms
from models import Alarm, User
from seeds.demo_days import at, working_before
from seeds.demo_silence import HEAD
from seeds.demo_words import words

ACTS = timedelta(days=14)


def tell(language: str) -> None:
    """Never within a transaction that writes: the numbers behind them are counted first, and kept."""
    day, said = working_before(today()), words(language)["alarms"]
    with clock.stopped_at(at(day, time(8, 0))):
        with let_go():
            found = alarms.found()
        with transaction():
            alarms.raise_those(found)
    with clock.stopped_at(at(day, time(10, 30))), transaction():
        head = db.scalars(select(User).where(User.login == HEAD)).one()
        act_as(head)
        _deal_with(list(db.scalars(select(Alarm).order_by(Alarm.id))), said, head)


def _deal_with(raised: Sequence[Alarm], said: dict[str, str], head: User) -> None:
    """The first is new, the second seen, the third talked over, the fourth decided; the others are new."""
    for place, alarm in enumerate(_of_each_kind(raised)[:4]):
        if place == 1:
            alarm_steps.see(alarm, by=head)
        if place >= 2:
            alarm_steps.talk(alarm, said["talk"], by=head)
        if place == 3:
            alarm_steps.decide(alarm, said["decision"], today() + ACTS, by=head)


def _of_each_kind(raised: Sequence[Alarm]) -> list[Alarm]:
    """The first of each kind, then the others."""
    first = {each.kind: each for each in reversed(raised)}
    return [*first.values(), *(each for each in raised if first[each.kind] is not each)]
