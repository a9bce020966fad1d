"""What each door takes by POST so that it does what it is for: where it is sent, and what is typed there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.services import first_admin, passwords
from crmadmin.services.grouping import Sorter
from crmadmin.services.grouping_rules import points_mark
from models import Client, ContactPerson, Interaction, User
from models.kinds import BulkKind, BulkVerdict, InteractionState, Role
from tests import factories as make
from tests.house.doors import Door, own_rows
from tests.house.sendings_of_days import DAYS, NOTHING
from tests.house.test_factories import article_name
from views.admin.base import EntityView

GOOD, BETTER = "синий-трамвай-7", "красный-трамвай-8"
HEADS, CURATORS = frozenset({Role.head, Role.admin}), frozenset({Role.manager})


@dataclass(frozen=True)
class Sending:
    """``form``: what is typed is sent with what the form there holds; ``by``: who may, of those let in."""

    where: str
    typed: dict[str, Any] = field(default_factory=dict)
    form: bool = False
    by: frozenset[Role] = frozenset(Role)


def sending(door: Door, me: User) -> Sending | None:
    """None where there is nothing to do for anybody; a door that is no screen's has to be told in OWN."""
    if door.endpoint in OWN:
        return OWN[door.endpoint](me)
    if door.endpoint in DAYS:
        return Sending(*DAYS[door.endpoint](me))
    if door.endpoint in NOTHING:
        return None
    method = door.endpoint.partition(".")[2]
    if door.permission is None or (method == "action_view" and set(door.view._actions_data) <= {"delete"}):
        return None
    return {"create_view": _created, "edit_view": _edited, "cell": _cell}[method](door.view, me)


# Generated screens

NEW_ROWS: dict[type, Callable[[User], dict[str, Any]]] = {
    Client: lambda me: {"name": "Ромашка", "group": make.a_client_group().id},
    ContactPerson: lambda me: {"name": "Анна", "client": _mine(me).id},
    Interaction: lambda me: {"client": _mine(me).id, "kind": make.an_interaction_kind().id},
    User: lambda me: {"name": "Анна", "login": "anna", "role": Role.manager},
}
_OTHERWISE = {Client: {"city": "Тверь"}, ContactPerson: {"job_title": "Снабженец"},
              Interaction: {"note": "Позже"}, User: {"name": "Анна Белова"}}  # fmt: skip


def _created(view: EntityView, me: User) -> Sending:
    named = {"name_ru": "Новое", "name_en": "New"}
    return Sending(
        f"{view.url}/new/", NEW_ROWS[view.model](me) if view.model in NEW_ROWS else named, form=True
    )


def _edited(view: EntityView, me: User) -> Sending:
    row = own_rows(me).get(view.model, getattr(make, article_name(view.model.__name__)))()
    return Sending(
        f"{view.url}/edit/?id={row.id}", _OTHERWISE.get(view.model, {"name_en": "Other"}), form=True
    )


def _cell(view: EntityView, me: User) -> Sending:
    typed = {"value": "2026-03-09T10:00", "was": ""}
    return Sending(f"{view.url}/cell/{_mine(me).id}/next_contact_at", typed)


# Pages of our own


def _mine(me: User) -> Client:
    return make.a_client(curator=me)


def _said(follow: str) -> dict[str, Any]:
    """In the quick record: now, and the next contact in so many days."""
    kind = make.an_interaction_kind().id
    return {"kind": kind, "next_kind": kind, "request": "Цены", "follow": follow}


def _plan(me: User) -> int:
    return make.an_interaction(client=_mine(me), person=me, state=InteractionState.planned).id


def _waiting(me: User, kind: BulkKind, target: Any) -> int:
    """An act that was begun, and none of its clients done."""
    about = {"kind": kind, "target_id": target.id, "counts": {"waiting": 1}, "left": 1}
    act = make.a_bulk_act(by_id=me.id, by_name=me.name, **about)
    make.a_bulk_row(act=act, client=_mine(me), verdict=BulkVerdict.waiting)
    return act.id


def _done(me: User) -> int:
    """An act that can be undone: a client has been given a tag."""
    tag = make.a_tag()
    act = make.a_bulk_act(
        by_id=me.id, by_name=me.name, kind=BulkKind.tag, target_id=tag.id, counts={"done": 1}
    )
    make.a_bulk_row(act=act, client=make.a_client(curator=me, tags=[tag]))
    return act.id


def _offered(me: User) -> int:
    return make.a_handover_offer(from_person=me).id


def _absent(me: User, **given: Any) -> int:
    return make.a_substitution(absence=make.an_absence(person=me, **given)).absence.id


def _to_whoever_was_away(me: User) -> Sending:
    """The line that somebody else has written meanwhile is read."""
    away = make.an_absence(person=me, starts_at=_days(-3))
    with clock.stopped_at(_days(-9)):
        client = _mine(me)
    line = make.an_interaction(client=client, recorded_at=_days(-1))
    return Sending(f"/substitutions/{away.id}/return", {"all": "1", "shown": str(line.id)})


def _with_password(me: User) -> User:
    me.password_hash = passwords.hashed(GOOD)
    db.commit()
    return me


def _days(number: int) -> datetime:
    return clock.now() + timedelta(days=number)


def _link() -> str:
    token = first_admin.new_link()
    db.commit()
    return token


_SECRET = {"password": BETTER, "repeat": BETTER}

_RULE = {"name": "Все", "stay_days": "0", "join": "all", "step": "save", "version": "1"}


def _rules_shown(me: User) -> dict[str, str]:
    """What the page that tries the rules shows of them: a rule that moves whoever there is."""
    make.a_group_rule()
    _mine(me)
    return {"mark": Sorter.now().mark, "key": f"key-{me.id}"}


OWN: dict[str, Callable[[User], Sending]] = {
    "bulk.new": lambda me: Sending(
        f"/bulk/new?act=tag&ids={_mine(me).id}",
        {"step": "start", "target": make.a_tag().id, "key": f"key-{me.id}"},
    ),
    "bulk.next": lambda me: Sending(f"/bulk/{_waiting(me, BulkKind.tag, make.a_tag())}/next"),
    "bulk.undo": lambda me: Sending(f"/bulk/{_done(me)}/undo"),
    "client_record.index": lambda me: Sending(
        f"/clients/{_mine(me).id}/record",
        {
            "kind": (kind := make.an_interaction_kind().id),
            "next_kind": kind,
            "request": "Цены",
            "follow": "7",
        },
    ),
    "clients.action_view": lambda me: Sending(
        "/clients/action/", {"action": "archive", "rowid": _mine(me).id}
    ),
    "first_touch_decision.decide": lambda me: Sending(
        f"/clients/{(said := make.an_interaction()).client_id}/first/decide",
        {"person": said.person_id, "reason": "Первым позвонил"},
    ),
    "client_hold.hold": lambda me: Sending(
        f"/clients/{_mine(me).id}/group/hold", {"group": make.a_client_group().id, "reason": "Тендер"}
    ),
    "group_rule.edit": lambda me: Sending(
        f"/groups/rule/{(rule := make.a_group_rule()).id}", {**_RULE, "group": rule.group_id}
    ),
    "group_rule.index": lambda me: Sending("/groups/rule/", {**_RULE, "group": make.a_client_group().id}),
    "group_rule.place": lambda me: Sending(f"/groups/rule/{make.a_group_rule().id}/place", {"word": "off"}),
    "group_rule.points": lambda me: Sending(
        "/groups/rule/points", {"mark": points_mark([make.an_axis_point()]), "step": "save"}
    ),
    "group_rule.run": lambda me: Sending("/groups/rule/run", _rules_shown(me)),
    "handover.decide": lambda me: Sending(
        f"/handover/offers/{make.a_handover_offer().id}/decide",
        {"verdict": "accept", "answer": "Хорошо"},
        by=HEADS,
    ),
    "handover.new": lambda me: Sending(
        f"/handover/new?client={_mine(me).id}",
        {"target": make.a_user().id, "reason": "Поровну", "step": "start", "key": f"key-{me.id}"},
        by=HEADS,
    ),
    "handover.next": lambda me: Sending(
        f"/handover/{_waiting(me, BulkKind.curator, make.a_user())}/next", by=HEADS
    ),
    "handover.offer": lambda me: Sending(
        f"/handover/offer?client={_mine(me).id}",
        {"to": make.a_user().id, "reason": "Ближе к нему"},
        by=CURATORS,
    ),
    "handover.withdraw": lambda me: Sending(f"/handover/offers/{_offered(me)}/withdraw"),
    "kpi_look.index": lambda _me: Sending("/kpi/look", {"look": "reach"}),
    "lists.change": lambda me: Sending(
        "/lists/change", {"saved": make.a_saved_filter(person=me).id, "name": "Иначе"}
    ),
    "lists.columns": lambda me: Sending("/lists/columns", {"list": "clients", "column": ["name", "city"]}),
    "lists.save": lambda me: Sending(
        "/lists/save", {"list": "clients", "name": "Мои", "query": "kind=company"}
    ),
    "login.first_admin_post": lambda me: Sending(
        f"/first-admin/{_link()}",
        {"name": "Ольга", "login": "olga", **_SECRET},
        by=CURATORS,  # while there is no admin
    ),
    "login.sign_in_post": lambda me: Sending(
        "/login", {"login": _with_password(make.a_user()).login, "password": GOOD}
    ),
    "login.sign_out": lambda me: Sending("/logout"),
    "notices.read": lambda me: Sending("/notices/read", {"id": make.a_notice(person=me).id}),
    "own.language": lambda me: Sending("/language", {"locale": "en"}),
    "own.theme": lambda me: Sending("/theme", {"theme": "dark"}),
    "password.index": lambda me: Sending("/password/", {"old": _with_password(me) and GOOD, **_SECRET}),
    "people.leaving": lambda me: Sending(f"/people/{make.a_user().id}/leaving", {"step": "deactivate"}),
    "people.password": lambda me: Sending(f"/people/{make.a_user().id}/password"),
    "record.cancel": lambda me: Sending(f"/record/plan/{_plan(me)}/cancel", {"cancel_reason": "Не нужно"}),
    "record.held": lambda me: Sending(
        f"/record/plan/{_plan(me)}/held",
        {
            "kind": (kind := make.an_interaction_kind().id),
            "next_kind": kind,
            "request": "Цены",
            "follow": "1",
        },
    ),
    "record.left": lambda _me: Sending("/record/left", {"door": "quick", "seconds": "12", "keys": "40"}),
    "record.move": lambda me: Sending(f"/record/plan/{_plan(me)}/move", {"at": "2026-03-09T10:00"}),
    "report.make": lambda me: Sending(f"/clients/{_mine(me).id}/report", {"for": "client", "upto": "1"}),
    "rules.index": lambda me: Sending("/rules/", {"code": "first_touch_days", "value": "90"}),
    "substitutions.back": _to_whoever_was_away,
    "substitutions.call_off": lambda me: Sending(
        f"/substitutions/{_absent(me, starts_at=_days(2), ends_at=_days(4))}/call-off"
    ),
    "substitutions.edit": lambda me: Sending(
        f"/substitutions/{_absent(me)}", {"back": "2026-03-20", "rest": make.a_user().id, "reason": "дольше"}
    ),
    "substitutions.end": lambda me: Sending(f"/substitutions/{_absent(me)}/end"),
    "substitutions.new": lambda me: Sending(
        "/substitutions/new",
        {"person": me.id, "first": "2026-03-04", "back": "2026-03-11", "rest": make.a_user().id},
    ),
    "talk.add_file": lambda me: Sending(
        f"/talk/clients/{_mine(me).id}/files", {"file": (BytesIO(b"%PDF-1.7"), "offer.pdf")}
    ),
    "talk.begin_task": lambda me: Sending(f"/talk/clients/{_mine(me).id}/task", {"problem": "Насос"}),
    "talk.change_task": lambda me: Sending(
        f"/talk/tasks/{make.a_client_task(client=_mine(me), opened_by=me).id}",
        {"problem": "Два насоса", "solution": ""},
    ),
    "talk.comment": lambda me: Sending(f"/talk/clients/{_mine(me).id}/comments", {"text": "Звонил"}),
    "talk.withdraw_comment": lambda me: Sending(f"/talk/comments/{make.a_comment(by=me).id}/withdraw"),
    "talk.withdraw_file": lambda me: Sending(f"/talk/files/{make.an_attachment(by=me).id}/withdraw"),
}
