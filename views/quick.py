"""Quick choices of a day ahead: what a click says instead of a date."""

from datetime import UTC, date, datetime, time, timedelta

from crmadmin.core import i18n
from crmadmin.core.i18n import lazy

USUAL_TIME = time(10)  # of a plan that is made by a day alone

DAYS = {
    "1": lazy("tomorrow"),
    "3": lazy("+3 days"),
    "7": lazy("a week"),
    "14": lazy("2 weeks"),
    "month": lazy("a month"),
}


def day(word: str) -> date:
    """The day of a word of ``DAYS``, from today on; a month on is the same day of it, or its last."""
    today = i18n.today()
    if word != "month":
        return today + timedelta(days=int(word))
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(today.day, last.day))


def moment(word: str, at: time = USUAL_TIME) -> datetime:
    return datetime.combine(day(word), at, i18n.zone()).astimezone(UTC)


def of_rhythm(days: int) -> str:
    """The word that says a rhythm of so many days; blank where none does."""
    return "month" if days in {28, 30, 31} else str(days) if str(days) in DAYS else ""
