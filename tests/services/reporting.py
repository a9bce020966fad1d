"""Letters with numbers: set, written, and as they would go now."""

from datetime import timedelta
from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import db, let_go
from crmadmin.services import report_letters, report_post
from crmadmin.services.report_letters import Wanted
from models import Letter
from models.kinds import Every, LetterKind
from tests.conftest import NOON

DAY = timedelta(days=1)
WEEK = 7 * DAY


def set_up(by, *readers, page="team", every=Every.week, person=None, at=NOON - 5 * DAY):
    with clock.stopped_at(at):
        return report_letters.set_up(Wanted(page, every, readers or [by], person), by=by)


def written():
    db.commit()
    db.expire_all()
    return db.scalars(select(Letter).where(Letter.kind == LetterKind.report).order_by(Letter.id)).all()


def given(letter, settings):
    """What the server would be given now."""
    with let_go():
        return report_post.drawn(letter, settings)


def rows_of(content):
    return list(load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True))
