"""What the doors take by POST where promises, wishes, silence, plans that come again and letters are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmadmin.core import clock
from crmadmin.services import report_letters
from models import Client, ReportLetter, User
from models.kinds import Every, NoticeKind, PromiseSide, PromiseState, Role
from tests import factories as make

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

Where = tuple[str, "dict[str, Any]"]


def _mine(me: User) -> Client:
    return make.a_client(curator=me)


def _promise(me: User) -> int:
    return make.a_promise(client=_mine(me), person=me).id


def _broken(me: User) -> int:
    settled = {"state": PromiseState.broken, "settled_at": clock.now()}
    return make.a_promise(client=_mine(me), person=me, **settled).id


def _request(me: User) -> int:
    return make.an_interaction(client=_mine(me), person=me, request="Просят образцы", reaction="").id


def _wish(me: User) -> int:
    return make.a_wish(client=_mine(me), made_by=me).id


def _lost_letter(_me: User) -> int:
    return make.a_letter(failed_at=clock.now(), error="нет такого ящика").id


def _set(me: User) -> ReportLetter:
    return make.a_report_letter(readers=[me], made_by=me)


_MONTHLY = {"page": "team", "every": Every.month.value}

_NORM = {"indicator": "contacts", "whose": "manager", "low": "25", "first": "2026-03-02"}

DAYS: dict[str, Callable[[User], Where]] = {
    "alarms.one": lambda me: (
        f"/alarms/{make.an_alarm(person=me).id}", {"act": "answer", "answer": "Болел"}
    ),
    "norm.edit": lambda _me: (
        f"/kpi/norm/{make.a_norm(role=Role.head).id}", {**_NORM, "whose": "head", "act": "change"}
    ),
    "norm.index": lambda _me: ("/kpi/norm/", _NORM),
    "kpi_letters.edit": lambda me: (
        f"/kpi/letters/{(row := _set(me)).id}",
        {**_MONTHLY, "mark": report_letters.mark(row), "readers": me.id},
    ),
    "kpi_letters.new": lambda me: ("/kpi/letters/new", {**_MONTHLY, "readers": me.id, "once": "x" * 20}),
    "kpi_letters.switch": lambda me: (f"/kpi/letters/{_set(me).id}/switch", {"act": "stop"}),
    "letters.again": lambda me: (f"/letters/{_lost_letter(me)}/again", {}),
    "notice_settings.calendar": lambda _me: ("/notices/settings/calendar", {}),
    "notice_settings.index": lambda _me: (
        "/notices/settings/",
        {NoticeKind.mentioned.value: "mail", "quiet_from": "20:00", "quiet_until": "08:00"},
    ),
    "promises.break_off": lambda me: (f"/promises/{_promise(me)}/break_off", {"reason": "Не успели"}),
    "promises.keep": lambda me: (f"/promises/{_promise(me)}/keep", {"outcome": "Отправили"}),
    "promises.move": lambda me: (
        f"/promises/{_promise(me)}/move", {"due": "через 2 недели", "reason": "Согласовали"}
    ),
    "promises.new": lambda me: (
        f"/promises/new?client={_mine(me).id}",
        {"side": PromiseSide.ours.value, "text": "цены", "due": "завтра", "person": me.id, "once": "x" * 20},
    ),
    "promises.reopen": lambda me: (f"/promises/{_broken(me)}/reopen", {"reason": "Ошибка"}),
    "recurring.stop": lambda me: (
        f"/recurring/{make.a_recurring_plan(client=_mine(me), person=me).id}/stop", {"reason": "Ушли"}
    ),
    "recurring_of_client.begin": lambda me: (
        f"/clients/{_mine(me).id}/again",
        {"every": "2", "way": "weekly", "starts_on": "2026-03-04", "time": "10:00",
         "kind": make.an_interaction_kind().id},
    ),
    "requests.one": lambda me: (f"/requests/{_request(me)}", {"reason": "Уже не нужно"}),
    "silence.talk": lambda me: (
        f"/silence/talks/{make.a_silence_talk(client=_mine(me), person=me).id}",
        {"act": "answer", "answer": "Отпуск", "act_on": "2026-03-06"},
    ),
    "silence_ask.index": lambda me: (f"/silence/ask/{_mine(me).id}", {"question": "Почему?"}),
    "wishes.close": lambda me: (f"/wishes/{_wish(me)}/close", {"act": "dropped", "outcome": "Передумали"}),
    "wishes.new": lambda me: (
        f"/wishes/new?client={_mine(me).id}", {"words": "в Испанию", "lead_days": "30", "once": "x" * 20}
    ),
    "wishes.one": lambda me: (f"/wishes/{_wish(me)}", {"words": "в Португалию", "lead_days": "20"}),
}  # fmt: skip
"""Where it is sent, and what is typed there."""

NOTHING = {
    "kpi_letters.trial": "sends a letter, which an installation of the tests cannot",
    "notice_settings.trial": "sends a letter, which an installation of the tests cannot",
    "promises.understood": "says what lines would mean, and keeps nothing",
    "promises.understood_in_form": "says what lines would mean, and keeps nothing",
}
