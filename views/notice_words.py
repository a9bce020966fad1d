"""A notice as a sentence, in the language of whoever reads it; and where to read more."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from crmadmin.core.i18n import _, day, local, moment, plural
from crmadmin.jobs.catalogue import JOBS
from models import Notice
from models.base import language
from models.kinds import BulkKind, NoticeKind, PromiseSide
from views import alarm_words
from views.labels import label

Words = Callable[[dict[str, Any]], str]

_TITLES = {job.name: job.title for job in JOBS}


def _kind(data: dict[str, Any]) -> str:
    named = data.get("kind") or {}
    return str(named.get(language.get()) or named.get("ru") or "")


def _at(data: dict[str, Any], name: str = "at") -> str:
    return moment(datetime.fromisoformat(data[name]))


def _due(data: dict[str, Any]) -> str:
    """A moment; of a whole day its date, for its end is the next day's beginning."""
    if not data.get("whole"):
        return _at(data)
    last = local(datetime.fromisoformat(data["at"]) - timedelta(microseconds=1))
    return day(last.date())


def _on(text: str) -> str:
    return day(date.fromisoformat(text))


def _substitution(said: dict[str, Any]) -> str:
    """Told to whoever acts, and to whoever is away where somebody else entered it."""
    days = {"start": _on(said["start"]), "end": _on(said["end"])}
    return _(
        "%(person)s is away from %(start)s, back on %(end)s; substitutes are named.",
        person=said["person"],
        **days,
    )


def _contact_due(said: dict[str, Any]) -> str:
    what = {"client": said["client"], "kind": _kind(said), "when": _at(said)}
    if said["late"]:
        return _("%(kind)s with %(client)s was planned, and nobody says that it took place: %(when)s", **what)
    return _("%(kind)s with %(client)s is planned: %(when)s", **what)


def _plan_changed(said: dict[str, Any]) -> str:
    what = {"by": said["by"], "client": said["client"], "kind": _kind(said), "when": _at(said)}
    if "to" in said:
        return _(
            "%(by)s moved your plan with %(client)s: %(kind)s, %(when)s → %(to)s", **what, to=_at(said, "to")
        )
    return _(
        "%(by)s called off your plan with %(client)s: %(kind)s, %(when)s. %(why)s", **what, why=said["why"]
    )


def _promise_given(said: dict[str, Any]) -> str:
    what = {"by": said["by"], "client": said["client"], "text": said["text"]}
    if said.get("again"):
        return _("%(client)s: %(by)s opens a promise again: %(text)s", **what)
    return _("%(by)s promises %(client)s: %(text)s", **what)


def _promise_due(said: dict[str, Any]) -> str:
    what = {"client": said["client"], "text": said["text"], "when": _due(said)}
    if said.get("side") == PromiseSide.theirs:
        return _("%(client)s promised us: %(text)s. Due: %(when)s", **what)
    return _("Promised to %(client)s: %(text)s. Due: %(when)s", **what)


def _promise_overdue(said: dict[str, Any]) -> str:
    what = {"client": said["client"], "text": said["text"], "when": _due(said)}
    if said.get("side") == PromiseSide.theirs:
        return _("%(client)s has not kept a promise to us: %(text)s. It was due: %(when)s", **what)
    return _("A promise to %(client)s is overdue: %(text)s. It was due: %(when)s", **what)


def _chain_broken(said: dict[str, Any]) -> str:
    if "row" in said:
        who = {"client": said["client"] or said["chain"], "row": said["row"]}
        return _("%(client)s: a row says something else than the journal: %(row)s.", **who)
    if said["client"]:
        return _("The journal of %(client)s does not hold, from entry %(entry)s on.", **_of_chain(said))
    return _("A chain of the journal does not hold: %(chain)s, entry %(entry)s.", **_of_chain(said))


def _of_chain(said: dict[str, Any]) -> dict[str, Any]:
    return {"client": said["client"], "chain": said["chain"], "entry": said["entry"] or "…"}


def _job_missed(said: dict[str, Any]) -> str:
    if "from" in said:
        span = {"start": _at(said, "from"), "end": _at(said, "until")}
        return _(
            "Nothing was reminded of or sent from %(start)s until %(end)s; it is made up for now.", **span
        )
    return _("A job of the program fails: %(job)s", job=_TITLES.get(said["job"], said["job"]))


def _mentioned(said: dict[str, Any]) -> str:
    text = said["text"] or _("the comment was taken back")
    return _("%(by)s mentions you at %(client)s: %(text)s", by=said["by"], client=said["client"], text=text)


def _with_yours(data: dict[str, Any]) -> str:
    """Who spoke, as far as the client knows; what another wrote in one's own name is said to be so."""
    about = {"client": data["client"], "kind": _kind(data).lower()}
    if data.get("in_your_name"):
        return _("%(by)s wrote down in your name with %(client)s: %(kind)s", by=data["by"], **about)
    return _("%(by)s with your client %(client)s: %(kind)s", by=data.get("person") or data["by"], **about)


def _alarm(said: dict[str, Any]) -> str:
    return alarm_words.sentence(said["alarm"])


def _alarms(said: dict[str, Any]) -> str:
    """One is told as it is; of several it is said about whom they are."""
    people = ", ".join(said["people"])
    if "alarm" in said:
        return _("%(people)s: %(what)s", people=people, what=_alarm(said))
    return plural("%(num)d new alarm: %(people)s", "%(num)d new alarms: %(people)s",
                  said["number"], people=people)  # fmt: skip


def _alarm_said(said: dict[str, Any]) -> str:
    """What somebody said of an alarm, after what it is."""
    return _("%(what)s. %(by)s: %(text)s", what=_alarm(said), by=said["by"], text=said["text"])


WORDS: dict[NoticeKind, Words] = {
    NoticeKind.alarm_raised: _alarm,
    NoticeKind.alarms_raised: _alarms,
    NoticeKind.alarm_answered: _alarm_said,
    NoticeKind.alarm_talked: _alarm_said,
    NoticeKind.alarm_decided: _alarm_said,
    NoticeKind.mentioned: _mentioned,
    NoticeKind.recorded_with_yours: _with_yours,
    NoticeKind.plans_given: lambda said: plural(
        "%(name)s leaves: %(num)d planned contact is yours now.",
        "%(name)s leaves: %(num)d planned contacts are yours now.",
        said["number"],
        name=said["from"],
    ),
    NoticeKind.plan_changed: _plan_changed,
    NoticeKind.act_unfinished: lambda said: plural(
        "Not finished yesterday: %(act)s. %(num)d client of %(total)s is left: go on, or undo it.",
        "Not finished yesterday: %(act)s. %(num)d clients of %(total)s are left: go on, or undo it.",
        said["left"],
        total=said["total"],
        act=label(BulkKind(said["act"])),
    ),
    NoticeKind.offer_withdrawn: lambda said: _(
        "The offer to hand %(client)s over from %(giver)s to %(taker)s is withdrawn.",
        client=said["client"],
        giver=said["from"],
        taker=said["to"],
    ),
    NoticeKind.told_two: lambda said: _(
        "%(client)s has told its task to a second of us, and nothing is proposed yet.", client=said["client"]
    ),
    NoticeKind.told_three: lambda said: _(
        "%(client)s has told its task to %(number)s of us, and nothing is proposed yet.",
        client=said["client"],
        number=said["number"],
    ),
    NoticeKind.promise_given: _promise_given,
    NoticeKind.substitution_set: _substitution,
    NoticeKind.back_again: lambda said: _(
        "You are back: see what happened without you from %(start)s on.", start=_on(said["start"])
    ),
    NoticeKind.contact_due: _contact_due,
    NoticeKind.promise_due: _promise_due,
    NoticeKind.promise_overdue: _promise_overdue,
    NoticeKind.request_waits: lambda said: _(
        "%(client)s waits for an answer: %(text)s", client=said["client"], text=said["text"]
    ),
    NoticeKind.wish_returns: lambda said: _(
        "Time to come back to %(client)s, who wished: %(text)s", client=said["client"], text=said["text"]
    ),
    NoticeKind.chain_broken: _chain_broken,
    NoticeKind.job_missed: _job_missed,
}


def of(row: Notice) -> Any:
    """The sentence of its kind; the kind's name and the client's where it has none of its own."""
    words = WORDS.get(row.kind)
    try:
        return words(row.data) if words else _plain(row)
    except (KeyError, ValueError):  # written by an older version, which told less
        return _plain(row)


def _plain(row: Notice) -> str:
    about = row.client.name if row.client else row.data.get("client", "")
    return f"{label(row.kind)}: {about}" if about else str(label(row.kind))


_ANCHORS = {"comment": "comments", "client_task": "task"}
_PAGES = {"job": "/jobs/", "handover_offer": "/handover/", "alarm": "/alarms/"}


def address(row: Notice) -> str:
    """The place it is about: written out, because letters are drawn where no request has come in."""
    if row.kind is NoticeKind.back_again and row.subject_id:
        return f"/substitutions/{row.subject_id}/return"
    if row.kind is NoticeKind.act_unfinished:
        return f"/bulk/{row.subject_id}"
    if row.subject == "alarm" and row.subject_id:
        return f"/alarms/{row.subject_id}"
    if row.subject == "silence_talk" and row.subject_id:
        return f"/silence/talks/{row.subject_id}"
    if row.client_id is None:
        return _PAGES.get(row.subject, "/notices/")
    anchor = f"interaction-{row.subject_id}" if row.subject == "interaction" else _ANCHORS.get(row.subject)
    return f"/clients/{row.client_id}{f'#{anchor}' if anchor else ''}"
