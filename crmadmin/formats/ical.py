"""A calendar as RFC 5545 has it: events in, bytes out.

Its times are in UTC, so that the hours are right in every zone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

PRODUCT = "-//crmadmin//crmadmin//RU"
FRESH = timedelta(minutes=15)  # how often calendars are asked to look again


@dataclass(frozen=True)
class Event:
    """A moment with its minutes, or a whole day. ``changed`` and ``number`` grow with each change of it."""

    uid: str
    title: str
    start: datetime | date
    changed: datetime
    minutes: int = 30
    number: int = 0
    place: str = ""
    text: str = ""
    link: str = ""
    remind: timedelta | None = None


def written(name: str, events: Iterable[Event]) -> bytes:
    """The same events are the same bytes, whenever they are written."""
    from icalendar import Calendar  # here: it takes a third of a second, and few ask for it

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", plain(name))
    calendar.add("refresh-interval", FRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    for event in events:
        calendar.add_component(_component(event))
    return calendar.to_ical()


def _component(event: Event):  # type: ignore[no-untyped-def] - the library is loaded late
    from icalendar import Event as Component

    part = Component()
    part.add("uid", event.uid)
    part.add("dtstamp", _whole(event.changed))
    part.add("last-modified", _whole(event.changed))
    part.add("sequence", event.number)
    if isinstance(event.start, datetime):
        start = _whole(event.start)
        part.add("dtstart", start)
        part.add("dtend", start + timedelta(minutes=event.minutes))
    else:
        part.add("dtstart", event.start)
        part.add("dtend", event.start + timedelta(days=1))
        part.add("transp", "TRANSPARENT")
    for name, words in (("summary", event.title), ("location", event.place), ("description", event.text)):
        if words:
            part.add(name, plain(words))
    if event.link:
        part.add("url", event.link)
    if event.remind is not None:
        part.add_component(_alarm(event.remind, event.title))
    return part


def _alarm(before: timedelta, title: str):  # type: ignore[no-untyped-def]
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -before)
    alarm.add("description", plain(title))
    return alarm


def _whole(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def plain(text: str) -> str:
    """No control characters, which the format has no way to write; line ends are all one kind."""
    joined = "\n".join(text.splitlines())
    return "".join(sign for sign in joined if sign == "\n" or (ord(sign) >= 32 and ord(sign) != 127))
