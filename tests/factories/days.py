"""Factories of what is to be remembered: promises, wishes, plans that come again, letters, rules."""

from datetime import timedelta
from typing import Any

from crmadmin.core import clock
from models import (
    AxisPoint,
    CalendarLink,
    GroupRule,
    GroupStanding,
    JobRun,
    Letter,
    NoticeChoice,
    NoticeTimes,
    Promise,
    RecurringPlan,
    SilenceTalk,
    Wish,
)
from models.kinds import Axis, LetterKind, NoticeChannel, NoticeKind
from tests.factories import business as make
from tests.factories.keeping import kept, number


def a_promise(**given: Any) -> Promise:
    """Ours, due tomorrow, given just now by whoever answers for it."""
    given["client"] = given.get("client") or make.a_client()
    given["person"] = given.get("person") or make.a_user()
    given["made_by"] = given.get("made_by") or given["person"]
    start = {"text": "цены", "due_at": clock.now() + timedelta(days=1), "made_at": clock.now()}
    return kept(Promise(**start | given))


def a_wish(**given: Any) -> Wish:
    given["client"] = given.get("client") or make.a_client()
    given["made_by"] = given.get("made_by") or make.a_user()
    start = {"words": "побывать в Испании", "words_fold": "побывать в испании", "made_at": clock.now()}
    return kept(Wish(**start | given))


def a_silence_talk(**given: Any) -> SilenceTalk:
    for role in ("person", "opened_by"):
        given[role] = given.get(role) or make.a_user()
    given["client"] = given.get("client") or make.a_client(curator=given["person"])
    start = {"opened_at": clock.now(), "facts": {"days": 90}, "question": "Почему молчим?"}
    return kept(SilenceTalk(**start | given))


def a_recurring_plan(**given: Any) -> RecurringPlan:
    """A call every second week, from today on."""
    given["client"] = given.get("client") or make.a_client()
    given["person"] = given.get("person") or make.a_user()
    given["made_by"] = given.get("made_by") or given["person"]
    given["kind"] = given.get("kind") or make.an_interaction_kind()
    now = clock.now()
    start = {"rule": "FREQ=WEEKLY;INTERVAL=2", "starts_on": now.date(), "minute": 600, "made_at": now}
    return kept(RecurringPlan(**start | given))


def a_notice_choice(**given: Any) -> NoticeChoice:
    given["person"] = given.get("person") or make.a_user()
    start = {"kind": NoticeKind.mentioned, "channel": NoticeChannel.mail, "wanted": True}
    return kept(NoticeChoice(**start | given))


def a_notice_times(**given: Any) -> NoticeTimes:
    given["person"] = given.get("person") or make.a_user()
    return kept(NoticeTimes(**{"digest_minute": 8 * 60} | given))


def a_letter(**given: Any) -> Letter:
    given["person"] = given.get("person") or make.a_user(email="anna@example.ru")
    start = {"kind": LetterKind.trial, "key": f"key-{number()}", "to": given["person"].email}
    start |= {"subject": "Проба", "text": "Проба", "made_at": clock.now(), "next_try_at": clock.now()}
    return kept(Letter(**start | given))


def a_calendar_link(**given: Any) -> CalendarLink:
    given["person"] = given.get("person") or make.a_user()
    return kept(CalendarLink(**{"token_hash": f"{number():064}", "made_at": clock.now()} | given))


def a_job_run(**given: Any) -> JobRun:
    return kept(JobRun(**{"name": f"job-{number()}"} | given))


def a_group_rule(**given: Any) -> GroupRule:
    given["group"] = given.get("group") or make.a_client_group()
    start = {"name": f"Правило {number()}", "conditions": {"all": []}, "changed_at": clock.now()}
    return kept(GroupRule(**start | given))


def an_axis_point(**given: Any) -> AxisPoint:
    condition = {"fact": "contacts_90", "is": "at_least", "value": 3}
    return kept(AxisPoint(**{"axis": Axis.intensity, "condition": condition, "points": 1} | given))


def a_group_standing(**given: Any) -> GroupStanding:
    client = given.pop("client", None) or make.a_client()
    return kept(GroupStanding(**{"client_id": client.id, "since": clock.now(), "facts": {}} | given))
