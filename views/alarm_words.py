"""An alarm in words, and the way to what stands behind it: in the program, in a notice, in a letter."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from babel.numbers import format_decimal
from flask_babel import get_locale

from crmadmin.core.i18n import _, day, local, plural
from crmadmin.reports.indicators import INDICATORS, Shown
from crmadmin.services.alarms import about
from models import Alarm
from models.kinds import AlarmKind

Facts = Mapping[str, Any]


class Line(NamedTuple):
    """One thing behind an alarm: what it is called, what is said of it, and where it stands."""

    text: str
    more: str
    address: str


def value(key: str, number: float | None) -> str:
    """As people write it: «62 %», «3,5 ч», «75 мин», «12»; its unit stays on its line."""
    return "–" if number is None else _with_unit(INDICATORS[key].shown, number).replace(" ", "\u00a0")


def _with_unit(shown: Shown, number: float) -> str:
    match shown:
        case Shown.share:
            return _("%(share)s %%", share=_placed(number * 100, 0))
        case Shown.hours:
            return _("%(num)s h", num=_placed(number, 1))
        case Shown.minutes:
            return _("%(num)s min", num=_placed(number, 0))
        case Shown.number:
            return _placed(number, 1)


def _placed(number: float, places: int) -> str:
    return format_decimal(round(number, places), locale=get_locale())


def bounds(key: str, low: float | None, high: float | None) -> str:
    """«20–60», «at least 20», «at most 60»."""
    if low is None:
        return _("at most %(bound)s", bound=value(key, high))
    if high is None:
        return _("at least %(bound)s", bound=value(key, low))
    return f"{value(key, low)} – {value(key, high)}"


def sentence(said: Mapping[str, Any]) -> str:
    """What ``services.alarms.about`` tells of it."""
    kind, facts = AlarmKind(said["kind"]), said["facts"]
    match kind:
        case AlarmKind.silence:
            return _silence(facts)
        case AlarmKind.promise:
            return plural(
                "%(num)d promise to a client is not kept",
                "%(num)d promises to clients are not kept",
                facts["number"],
            )
        case AlarmKind.third_colleague:
            return _(
                "%(client)s has told its task to %(number)s of us, and nothing is proposed yet.",
                client=said["client"],
                number=facts["number"],
            )
        case AlarmKind.unanswered:
            return plural(
                "%(num)d request has waited for longer than %(days)s days",
                "%(num)d requests have waited for longer than %(days)s days",
                facts["number"],
                days=facts["days"],
            )
        case _number:
            return of_number(said["indicator"], facts, said["client"])


def _silence(facts: Facts) -> str:
    if facts["number"] == 1:
        only = facts["clients"][0]
        return plural(
            "%(client)s has been silent for %(num)d day, the rhythm is %(rhythm)s",
            "%(client)s has been silent for %(num)d days, the rhythm is %(rhythm)s",
            only["days"],
            client=only["name"],
            rhythm=only["rhythm"],
        )
    return plural(
        "%(num)d client has been silent for longer than %(percent)s %% of its rhythm",
        "%(num)d clients have been silent for longer than %(percent)s %% of their rhythm",
        facts["number"],
        percent=facts["percent"],
    )


def of_number(key: str, facts: Facts, client: str = "") -> str:
    """A number beside what it should be, or usually is."""
    what = {"indicator": INDICATORS[key].title, "value": value(key, facts["value"])}
    if facts["why"] == "share":
        most = value(key, facts["high"])
        return _("%(client)s takes %(value)s of four weeks' time, more than %(most)s",
                 client=client, value=what["value"], most=most)  # fmt: skip
    if facts["why"] == "norm":
        norm = bounds(key, facts["low"], facts["high"])
        return _("%(indicator)s: %(value)s, the norm is %(norm)s", norm=norm, **what)
    middle = value(key, facts["middle"])
    if facts["weeks"] > 1:
        return _("%(indicator)s: %(value)s a week for four weeks, usually %(middle)s", middle=middle, **what)
    return _("%(indicator)s: %(value)s, usually %(middle)s, for the second week", middle=middle, **what)


def of(alarm: Alarm) -> str:
    return sentence(about(alarm))


def also(alarm: Alarm) -> str:
    """What else lies outside and says the same, by its names."""
    return ", ".join(str(INDICATORS[each["indicator"]].title) for each in alarm.facts.get("also", ()))


def behind(alarm: Alarm) -> list[Line]:
    """One by one, as they stood when it was raised."""
    facts = alarm.facts
    match alarm.kind:
        case AlarmKind.silence:
            return [_client(each) for each in facts["clients"]]
        case AlarmKind.promise:
            return [
                Line(each["text"], f"{each['client']}, {_day(each['due'])}", f"/promises/{each['id']}")
                for each in facts["promises"]
            ]
        case AlarmKind.unanswered:
            return [
                Line(each["text"], f"{each['client']}, {_day(each['at'])}", f"/requests/{each['id']}")
                for each in facts["requests"]
            ]
        case AlarmKind.third_colleague:
            return [Line(facts["problem"], ", ".join(facts["names"]), f"/clients/{alarm.client_id}#task")]
        case _number:
            first = Line(_("The rows behind it"), "", _rows(alarm, alarm.indicator))
            return [first, *(_number_line(alarm, each) for each in facts.get("also", ()))]


def _client(each: Facts) -> Line:
    said = plural("%(num)s day", "%(num)s days", each["days"])
    rhythm = plural("%(num)s day", "%(num)s days", each["rhythm"])
    return Line(
        each["name"],
        _("%(days)s, the rhythm is %(rhythm)s", days=said, rhythm=rhythm),
        f"/clients/{each['id']}",
    )


def _number_line(alarm: Alarm, each: Facts) -> Line:
    return Line(of_number(each["indicator"], each), "", _rows(alarm, each["indicator"]))


def _rows(alarm: Alarm, key: str) -> str:
    """Of the number: written out, as letters are drawn where no request has come in."""
    span = {"indicator": key, "from": alarm.starts_on, "to": alarm.ends_on}
    return f"/kpi/{alarm.person_id}/rows?{urlencode(span)}"


def all_of_it(alarm: Alarm) -> str:
    """Where all of them stand as they are now; blank where the lines are all."""
    person = alarm.person_id
    places = {
        AlarmKind.silence: f"/silence/?curator={person}",
        AlarmKind.promise: f"/promises/?state=all&side=ours&person={person}",
        AlarmKind.unanswered: f"/requests/?state=late&curator={person}",
    }
    return places.get(alarm.kind, f"/kpi/{person}" if alarm.indicator else "")


def _day(text: str) -> str:
    return day(local(datetime.fromisoformat(text)).date())


def span(start: date | None, end: date | None) -> str:
    if start is None or end is None:
        return day(start) if start else ""
    return f"{day(start)} – {day(end)}"
