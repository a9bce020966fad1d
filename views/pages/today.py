"""Today: what I am to do, what waits for me, and what happened with my clients by others' hands."""

from datetime import timedelta
from typing import Any

from flask.typing import ResponseReturnValue
from flask_admin import AdminIndexView, expose
from sqlalchemy import select

from crmadmin.core import clock, i18n
from crmadmin.core.db import db
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import alarms, silence, today, wishes
from crmadmin.queries.choices import CURATING
from crmadmin.services import alarm_steps
from crmadmin.services.absences import substitutes
from models import Alarm, Client, ClientGroup
from models.kinds import AlarmState
from views import alarm_words
from views.base import Guarded, me
from views.silent import Quiet, lines

PLANS, PROMISES, SILENT, OTHERS, WAITING, ALARMS = 25, 15, 12, 12, 10, 8  # lines shown
LATELY = timedelta(days=3)  # what others did since then


class TodayPage(Guarded, AdminIndexView):
    """The page after signing in: every line has its next act on it."""

    see = Permission.clients_see

    @expose("/")
    def index(self) -> ResponseReturnValue:
        viewer, now = me(), clock.now()
        start = i18n.start_of(i18n.today())
        end = i18n.start_of(i18n.today() + timedelta(days=1))
        acting = substitutes(viewer)
        plans = db.scalars(today.to_contact(viewer, now, end, acting=acting, most=PLANS + 1)).all()
        promises = db.scalars(today.promises_due(viewer, now, acting=acting, most=PROMISES + 1)).all()
        return self.render(
            "pages/today/page.html",
            viewer=viewer,
            now=now,
            plans=plans[:PLANS],
            more_plans=len(plans) > PLANS,
            before_today=[each for each in plans[:PLANS] if each.happened_at < start],
            of_today=[each for each in plans[:PLANS] if each.happened_at >= start],
            promises=promises[:PROMISES],
            more_promises=len(promises) > PROMISES,
            curates=viewer.role in CURATING,
            **(_of_curator(acting) if viewer.role in CURATING else {}),
            **(_of_head() if alarm_steps.may_decide(viewer) else {}),
            may_hand_over=allows(viewer.role, Permission.curators_change),
            absences=db.scalars(today.absences_about(viewer, now)).unique().all(),
        )


def _of_head() -> dict[str, Any]:
    """Whom to talk to: a head without clients of his own finds his work here, too."""
    found = db.scalars(alarms.listed(me(), [Alarm.state == AlarmState.new], newest=False).limit(ALARMS)).all()
    rows = {row.id: row for row in db.scalars(alarms.told(found))}
    return {"may_decide": True, "alarms": [rows[id] for id in found], "alarm_sentence": alarm_words.of}


def _of_curator(acting: bool) -> dict[str, Any]:
    """What only somebody with clients of his own has."""
    viewer, now = me(), clock.now()
    return {
        "silent": _silent(),
        "talks": db.scalars(silence.talks_to_answer(viewer, WAITING)).all(),
        "requests": db.scalars(today.unanswered(viewer, now, acting=acting, most=WAITING)).all(),
        "wishes": db.scalars(wishes.due_in(viewer, i18n.today()).limit(WAITING)).all(),
        "others": db.scalars(today.by_others(viewer, now - LATELY, most=OTHERS)).all(),
    }


def _silent() -> list[Quiet]:
    groups = db.scalars(select(ClientGroup).order_by(ClientGroup.id)).all()
    mine = [Client.curator_id == me().id]
    return lines(db.execute(silence.most_silent(groups, clock.now(), mine, most=SILENT)).all())
