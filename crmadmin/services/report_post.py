"""Letters with numbers on their way: written once a period, drawn when they go, by the rights of that moment.

What such a letter says and the file that goes with it are made together, so that they never differ.
"""

import io
from collections.abc import Iterable
from datetime import datetime, timedelta

from crmadmin.core import clock
from crmadmin.core.config import Settings
from crmadmin.core.db import db
from crmadmin.core.i18n import _, at_minute, local, speaking, today
from crmadmin.core.mail import Attached
from crmadmin.formats import xlsx
from crmadmin.queries import reminders
from crmadmin.queries import report_letters as asked
from crmadmin.reports import kpi_words
from crmadmin.rules import report_times as rule
from crmadmin.rules.periods import Period
from crmadmin.rules.report_times import About
from crmadmin.services import letters, report_letters
from crmadmin.services.letters import Drawn, Withheld
from crmadmin.services.report_pages import PAGES, Made
from models import Letter, NoticeTimes, ReportLetter, User
from models.kinds import LetterKind

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write(settings: Settings) -> int:
    """For each period that is over, a letter to each reader who may read it; how many were written."""
    if not settings.mail_url:
        return 0
    rows = [row for row in db.scalars(asked.active()).all() if due(row)]
    if not rows:
        return 0
    times = {person.id: times for person, times in db.execute(reminders.readers())}
    return sum(_write(row, period, times, settings) for row in rows for period in due(row))


def due(row: ReportLetter) -> list[Period]:
    """What is to be sent: missed periods too, each by itself."""
    day = local(clock.now()).date()
    found = rule.due(row.every, report_letters.since(row), day)
    return [period for period in found if at_minute(period.end, rule.MINUTE) <= clock.now()]


def _write(
    row: ReportLetter, period: Period, times: dict[int, NoticeTimes | None], settings: Settings
) -> int:
    """The period counts as sent when no letter about it waits any more."""
    readers = [each for each in row.readers if not report_letters.hindrance(row, each)]
    about = About(row.id, period.end)
    key = rule.key_of(about)
    known = letters_of([each.id for each in readers], [key])
    fresh = [each for each in readers if each.id not in {letter.person_id for letter in known}]
    for reader in fresh:
        at = letters.after_quiet(clock.now(), times.get(reader.id))
        _put(row, reader, about, key, settings, at)
    if not fresh and all(is_settled(letter) for letter in known):
        row.sent_for = max(report_letters.since(row), period.end)
    return len(fresh)


def trial(row: ReportLetter, settings: Settings, *, by: User) -> int | None:
    """One of the last whole period, to be sent at once by whoever asks; one a minute, else None."""
    now = clock.now()
    about = About(row.id, rule.last_whole(row.every, today()).end, is_trial=True)
    key = rule.key_of(about, f"-{now:%Y%m%d%H%M}")
    return _put(row, by, about, key, settings, now + timedelta(minutes=5))


def _put(
    row: ReportLetter, reader: User, about: About, key: str, settings: Settings, at: datetime
) -> int | None:
    """Among those to be sent; what it says is made when it goes."""
    with speaking(letters.language_of(reader, settings)):
        period = kpi_words.period(rule.ending(row.every, about.end))
        subject = _("CRM: %(title)s, %(period)s", title=PAGES[row.page].title, period=period)
    return letters.keep(reader, LetterKind.report, key, Drawn(subject, "", ""), at=at)


def is_settled(letter: Letter) -> bool:
    return letter.sent_at is not None or letter.failed_at is not None


def letters_of(people: Iterable[int], keys: Iterable[str]) -> list[Letter]:
    return list(db.scalars(asked.letters(list(people), list(keys))))


# When it goes


def drawn(letter: Letter, settings: Settings) -> Drawn:
    """What it says now, and its file; raises Withheld where its reader is not to get it any more."""
    about, reader = rule.about(letter.key), letter.person
    row = db.get(ReportLetter, about.id, populate_existing=True)
    if row is None or row.page not in PAGES:
        raise Withheld(_("There are no such letters any more."))
    if why := _withheld(row, reader, about):
        raise Withheld(why)
    with speaking(letters.language_of(reader, settings)):
        made = PAGES[row.page].make(reader, rule.ending(row.every, about.end), row.person)
        file = Attached(_file_name(row, about), WORKBOOK, _workbook(made))
    return letters.draw("numbers", reader, {"made": made}, settings)._replace(files=[file])


def _withheld(row: ReportLetter, reader: User, about: About) -> str:
    if not about.is_trial:
        if not row.active or rule.ending(row.every, about.end).end != about.end:
            return _("was stopped, or set otherwise")
        if reader not in row.readers:
            return _("is not among the readers any more")
    return report_letters.hindrance(row, reader)


def _file_name(row: ReportLetter, about: About) -> str:
    whose = f"-{row.person_id}" if row.person_id else ""
    return f"{row.page}{whose}-{rule.ending(row.every, about.end).start}.xlsx"


def _workbook(made: Made) -> bytes:
    file = io.BytesIO()
    xlsx.write([str(each) for each in made.sheet.headers], made.sheet.rows, file, made.period)
    return file.getvalue()
