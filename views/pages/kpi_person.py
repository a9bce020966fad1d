"""One person's numbers: cards with their lines, where his time goes, how he speaks, who is silent."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any, NamedTuple

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import select

from crmadmin.core import clock, i18n
from crmadmin.core.db import db
from crmadmin.core.i18n import start_of
from crmadmin.core.permissions import Permission
from crmadmin.queries import kpi as asked_of
from crmadmin.queries import kpi_clients, kpi_next, silence
from crmadmin.reports import kpi_tables
from crmadmin.reports.indicators import INDICATORS
from crmadmin.reports.kpi_answer import OfPerson
from crmadmin.reports.kpi_rows import Whose, clients_standing, touched
from crmadmin.rules.periods import Period
from crmadmin.services import kpi
from models import Client, ClientGroup, InteractionKind, User
from views import kpi_address
from views.base import Page, can, me
from views.kpi_cards import cards
from views.kpi_drawing import said
from views.kpi_files import taken
from views.kpi_look import look_of
from views.pages.kpi_rows import visible_person
from views.silent import lines

LARGEST = 6  # clients of the bar, before the others
SILENT = 8
WARMEST = 5


class Part(NamedTuple):
    """One client's part of somebody's time, from the left of the bar on, in percent of it."""

    client_id: int | None  # none: the others
    name: str
    contacts: int
    minutes: int
    is_estimated: bool
    share: float
    start: float
    last_at: datetime | None


class OfGroup(NamedTuple):
    group: ClientGroup
    with_rhythm: int
    within: int
    silent: int


class PersonDoors(Page):
    @expose("/<int:person_id>")
    def person(self, person_id: int) -> ResponseReturnValue:
        asked = kpi_address.asked()
        answer = kpi.of_person(me(), visible_person(person_id).id, asked.period, asked.compare)
        of = answer.of(person_id)
        main, others = cards(answer, of, asked)
        groups = db.scalars(select(ClientGroup).order_by(ClientGroup.position, ClientGroup.id)).all()
        return self.render(
            "pages/kpi/person.html",
            bar=kpi_address.bar(asked, "kpi.person", answer.compared_with, person_id=person_id),
            refused=asked.refused,
            of=of,
            person=of.person,
            main=main,
            others=others,
            parts=_parts(of.person, asked.period),
            concentration=_equal_clients(of),
            week=_week(of.person, asked.period),
            groups=_of_groups(of.person, asked.period, groups),
            silent=_silent(of.person, groups),
            waiting=_waiting(of.person),
            period=asked.period,
            args=asked.args,
            dates=asked.dates,
            sees_team=can(Permission.kpi_see_team),
            look=look_of(me(), answer) if person_id == me().id else None,
        )

    @expose("/<int:person_id>/export/<export_type>/")
    def person_export(self, person_id: int, export_type: str) -> Any:
        asked = kpi_address.asked_for_a_file()
        answer = kpi.of_person(me(), visible_person(person_id).id, asked.period, asked.compare)
        sheet = kpi_tables.person(answer, person_id)
        told = {"person": answer.of(person_id).person.name, **asked.days, "rows": len(INDICATORS)}
        back = url_for("kpi.person", person_id=person_id, **asked.args)
        return taken(self, sheet, export_type, "kpi-person", told, back)


def _time(period: Period) -> tuple[datetime, datetime]:
    return start_of(period.start), start_of(period.end)


def _parts(person: User, period: Period) -> list[Part]:
    """The largest clients of his minutes, and the others together."""
    rows = db.execute(touched([person.id], *_time(period))).all()
    all_minutes = sum(row.minutes for row in rows)
    if not all_minutes:
        return []
    found: list[Part] = []
    start = 0.0
    for row in rows[:LARGEST]:
        share = 100 * row.minutes / all_minutes
        found.append(
            Part(row.client_id, row.client, row.contacts, int(row.minutes), row.estimated_minutes > 0, share,
                 start, row.last_at)
        )  # fmt: skip
        start += share
    if rest := rows[LARGEST:]:
        contacts, minutes = sum(row.contacts for row in rest), sum(int(row.minutes) for row in rest)
        guessed = any(row.estimated_minutes for row in rest)
        found.append(Part(None, str(len(rest)), contacts, minutes, guessed, 100 - start, start, None))
    return found


def _equal_clients(of: OfPerson) -> str:
    """With how many clients of one size the concentration would be the same."""
    value = of.cells["concentration"].value
    return said(INDICATORS["contacts"], 1 / value) if value else ""


def _week(person: User, period: Period) -> dict[str, Any]:
    """Contacts by weekday and kind, the most frequent kind first; a day off only where he spoke on one."""
    kinds = {kind.id: kind for kind in db.scalars(select(InteractionKind))}
    many: dict[tuple[int, int], int] = {}
    for day, kind_id, contacts in db.execute(asked_of.by_day(person.id, *_time(period))):
        key = (date.fromisoformat(day).weekday(), kind_id)
        many[key] = many.get(key, 0) + contacts
    of_kind = {id: sum(n for (_day, kind), n in many.items() if kind == id) for _day, id in many}
    columns = sorted(of_kind, key=lambda id: (-of_kind[id], id))
    days = [day for day in range(7) if day < 5 or any(known == day for known, _kind in many)]
    most = max(many.values(), default=0) or 1
    monday = date(2024, 1, 1)
    return {
        "kinds": [kinds[id] for id in columns],
        "days": [
            (i18n.weekday(monday + timedelta(days=day)),
             [(n := many.get((day, id), 0), ceil(WARMEST * n / most)) for id in columns],
             sum(many.get((day, id), 0) for id in columns))
            for day in days
        ],
        "totals": [of_kind[id] for id in columns],
    }  # fmt: skip


def _of_groups(person: User, period: Period, groups: Sequence[ClientGroup]) -> list[OfGroup]:
    """How his clients stood at the end of the period, by group."""
    whose = Whose([person.id], *_time(period), clock.now(), groups)
    rows = {row.group: row for row in db.execute(kpi_clients.by_group(clients_standing(whose)))}
    return [
        OfGroup(group, row.with_rhythm, row.within, row.silent)
        for group in groups
        if (row := rows.get(group.id)) is not None
    ]


def _silent(person: User, groups: Sequence[ClientGroup]) -> list[Any]:
    his = [Client.curator_id == person.id]
    return lines(db.execute(silence.most_silent(groups, clock.now(), his, most=SILENT)).all())


def _waiting(person: User) -> Any:
    end = start_of(i18n.today() + timedelta(days=1))
    return db.execute(kpi_next.waiting(person, clock.now(), end)).one()
