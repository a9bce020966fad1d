"""What the company is reminded of, and how two of its people want to be."""

from crmadmin.core import clock
from crmadmin.core.db import act_as
from crmadmin.services import due, notice_choices
from models import User
from models.kinds import NoticeChannel, NoticeKind


def tell(staff: dict[str, User]) -> None:
    """Anna is left alone in the evening and wants letters of what is due; Dmitry wants no digest."""
    anna, dmitry = staff["anna"], staff["dmitry"]
    act_as(anna)
    wanted = notice_choices.wanted_by(anna) | {(NoticeKind.contact_due, NoticeChannel.mail)}
    notice_choices.choose(wanted, by=anna)
    notice_choices.set_times("20:00", "08:00", "08:30", by=anna)
    act_as(dmitry)
    notice_choices.set_times("", "", "", by=dmitry)
    act_as(None)
    due.tell(clock.now())
