"""A calendar that every program reads alike: two parsers, the lines of RFC 5545, hours in any zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from crmadmin.formats.ical import Event, written
from tests.support import REAL_DATA

AT = datetime(2026, 3, 2, 9, 30, 15, 99, tzinfo=UTC)
NAUGHTY = 'Мост; "Север", \\n и\r\nBEGIN:VEVENT\nUID:x\x00\x07\x85 конец ' + "я" * 90


def event(**given):
    start = {"uid": "interaction-1@mark.crmadmin", "title": "Звонок: Мост", "start": AT, "changed": AT}
    return Event(**start | given)


def both(*events):
    """The events as the one and the other parser understand them."""
    content = written("CRM: Анна", events)
    first = icalendar.Calendar.from_ical(content).walk("VEVENT")
    second = vobject.readOne(content.decode()).contents.get("vevent", [])
    assert len(first) == len(second) == len(events)
    return list(zip(first, second, strict=True))


def test_lines_end_as_they_must_and_are_no_longer_than_75_bytes():
    content = written("CRM", [event(title=NAUGHTY, text=NAUGHTY, place=NAUGHTY)])

    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not [line for line in lines if b"\n" in line or b"\r" in line or b"\x00" in line]
    for line in lines:
        line.decode()  # no letter is cut in two


def test_whatever_is_typed_stays_a_text():
    ((one, other),) = both(event(title=NAUGHTY, text=NAUGHTY, place=NAUGHTY))

    for name in ("summary", "description", "location"):
        assert str(one[name]) == other.contents[name][0].value
        assert str(one[name]).startswith('Мост; "Север", \\n и\nBEGIN:VEVENT\nUID:x')
    assert str(one["uid"]) == "interaction-1@mark.crmadmin"


def test_a_moment_is_the_same_in_every_zone():
    ((one, other),) = both(event(start=AT.astimezone(ZoneInfo("Asia/Kamchatka")), minutes=45))

    for start, end in ((one.start, one.end), (other.dtstart.value, other.dtend.value)):
        assert start == AT.replace(microsecond=0)
        assert start.utcoffset() == timedelta(0)
        assert end - start == timedelta(minutes=45)
    assert b"DTSTART:20260302T093015Z" in written("CRM", [event()])


def test_a_whole_day_has_no_hours():
    ((one, other),) = both(event(start=date(2026, 3, 2)))

    assert (one.start, one.end) == (date(2026, 3, 2), date(2026, 3, 3))
    assert other.dtstart.value == date(2026, 3, 2)
    assert b"DTSTART;VALUE=DATE:20260302\r\n" in written("CRM", [event(start=date(2026, 3, 2))])


def test_it_says_how_often_it_was_changed_where_to_read_more_and_reminds():
    link = "https://crm.example.ru/clients/1"
    ((one, other),) = both(event(number=3, link=link, remind=timedelta(minutes=15)))

    assert (one["sequence"], str(one["url"])) == (3, link)
    assert one["last-modified"].dt == AT.replace(microsecond=0)
    (alarm,) = other.contents["valarm"]
    assert alarm.trigger.value == timedelta(minutes=-15)


def test_the_same_events_are_the_same_bytes():
    assert written("CRM", [event()]) == written("CRM", [event()])
    assert both() == []


@pytest.mark.parametrize("name", ["icalendar/events", "vobject"])
def test_these_parsers_read_the_calendars_of_others_too(name):
    """What is said of ours by a parser that reads nothing would be worth nothing."""
    files = sorted((REAL_DATA / "ical" / name).glob("*.ics"))
    read = 0
    for file in files:
        try:
            read += bool(icalendar.Component.from_ical(file.read_bytes(), multiple=True))
        except ValueError:
            continue
    assert read >= len(files) / 2 > 0
