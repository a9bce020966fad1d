"""Who of us works with which client, and how much: clients down, people across, the warmer the more."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, NamedTuple

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import func, select

from crmadmin.core import i18n
from crmadmin.core.db import db, reading
from crmadmin.core.i18n import start_of
from crmadmin.queries import kpi_matrix
from crmadmin.reports import kpi_tables
from models import Client, User
from views import kpi_address
from views.base import Page
from views.kpi_files import taken

PAGE = 25  # clients
DEEPEST = 40  # pages; further on one takes the file
WARMEST = 5
AT_ONCE = 2_000


class Spent(NamedTuple):
    """What one person spent on one client. ``heat``: from 1 to 5, of what the page shows."""

    contacts: int
    minutes: int
    is_estimated: bool
    last: str
    heat: int
    address: str


class Line(NamedTuple):
    client: Client
    contacts: int
    minutes: int
    by: Mapping[int, Spent]


class MatrixDoors(Page):
    @expose("/matrix")
    def matrix(self) -> ResponseReturnValue:
        asked, by_minutes = kpi_address.asked(), _by_minutes()
        time = (start_of(asked.period.start), start_of(asked.period.end))
        number = _number()
        wanted = kpi_matrix.clients(*time, by_minutes=by_minutes)
        found = db.execute(wanted.limit(PAGE + 1).offset(number * PAGE)).all()
        lines = _lines(found[:PAGE], time, asked.dates, by_minutes=by_minutes)
        more: dict[str, Any] = {"by": "minutes" if by_minutes else None}
        return self.render(
            "pages/kpi/matrix.html",
            bar=kpi_address.bar(asked, "kpi_team.matrix", None, **more)._replace(compared=[]),
            refused=asked.refused,
            lines=lines,
            people=_people(lines),
            by_minutes=by_minutes,
            other=url_for("kpi_team.matrix", **asked.dates, by=None if by_minutes else "minutes"),
            page=number,
            has_more=len(found) > PAGE and number < DEEPEST,
            address=lambda at: url_for("kpi_team.matrix", **asked.dates, **more, page=at or None),
            dates=asked.dates,
            file=lambda kind: url_for("kpi_team.matrix_export", export_type=kind, **asked.dates, **more),
        )

    @expose("/matrix/export/<export_type>/")
    def matrix_export(self, export_type: str) -> Any:
        asked, by_minutes = kpi_address.asked_for_a_file(), _by_minutes()
        start, end = start_of(asked.period.start), start_of(asked.period.end)
        found = kpi_matrix.all_of_it(start, end, by_minutes=by_minutes)
        rows = db.scalar(select(func.count()).select_from(found.order_by(None).subquery()))
        sheet = kpi_tables.matrix(asked.period, _read(db.get_bind(), found))
        told = {**asked.days, "rows": rows}
        back = url_for("kpi_team.matrix", **asked.dates, by="minutes" if by_minutes else None)
        return taken(self, sheet, export_type, "kpi-matrix", told, back)


def _read(bind: Any, found: Any) -> Any:
    """On a connection of its own: the request's session is gone when the last row is sent."""
    with reading(bind) as connection:
        yield from connection.execute(found, execution_options={"yield_per": AT_ONCE})


def _by_minutes() -> bool:
    return request.args.get("by") == "minutes"


def _number() -> int:
    text = request.args.get("page", "")
    return min(int(text), DEEPEST) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _lines(
    found: Sequence[Any], time: tuple[Any, Any], dates: Mapping[str, Any], *, by_minutes: bool
) -> list[Line]:
    ids = [row.client_id for row in found]
    clients = {row.id: row for row in db.scalars(select(Client).where(Client.id.in_(ids)))}
    spent = db.execute(kpi_matrix.spent(ids, *time)).all()
    most = max((row.minutes if by_minutes else row.contacts for row in spent), default=0) or 1
    by: dict[int, dict[int, Spent]] = {id: {} for id in ids}
    for row in spent:
        heat = ceil(WARMEST * (row.minutes if by_minutes else row.contacts) / most)
        address = url_for(
            "kpi.rows", person_id=row.person_id, indicator="contacts", client=row.client_id, **dates
        )
        last = i18n.day(i18n.local(row.last_at).date())
        by[row.client_id][row.person_id] = Spent(
            row.contacts, int(row.minutes), row.estimated_minutes > 0, last, max(heat, 1), address
        )
    return [Line(clients[row.client_id], row.contacts, int(row.minutes), by[row.client_id]) for row in found]


def _people(lines: Sequence[Line]) -> list[User]:
    """Whoever is in these lines, whoever has most first."""
    contacts: dict[int, int] = {}
    for line in lines:
        for id, spent in line.by.items():
            contacts[id] = contacts.get(id, 0) + spent.contacts
    people = db.scalars(select(User).where(User.id.in_(contacts))).all()
    return sorted(people, key=lambda person: (-contacts[person.id], person.name, person.id))
