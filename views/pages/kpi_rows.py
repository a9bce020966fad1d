"""The rows behind a number: exactly those it counts, a page at a time; and all of them as a file."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import func, select

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import NotFound
from crmadmin.core.i18n import _, plural, start_of
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import kpi_people
from crmadmin.queries.visibility import client_exportable_by, client_visible_to
from crmadmin.reports import kpi_words
from crmadmin.reports.indicators import INDICATORS, Behind, Indicator
from crmadmin.reports.kpi_rows import Column, Kind, Listing, Whose, behind
from crmadmin.rules.periods import Period
from models import Client, ClientGroup, User
from views import kpi_address
from views.admin.filters import row_id
from views.base import Page, me
from views.kpi_address import Asked
from views.kpi_drawing import decimal
from views.kpi_files import as_told, labels, sheet_of, taken

PAGE = 50
DEEPEST = 400  # pages; further on one takes the file


class Of(NamedTuple):
    """Which number the address asks about; ``of``: all those of which it is a share."""

    asked: Asked
    indicator: Indicator
    of: bool
    client: Client | None

    @property
    def args(self) -> dict[str, Any]:
        more = {"indicator": self.indicator.key, "of": 1 if self.of else None}
        return {**more, "client": self.client.id if self.client else None, **self.asked.dates}


def of_asked(asked: Asked) -> Of:
    indicator = INDICATORS.get(request.args.get("indicator", ""))
    if indicator is None:
        raise NotFound(_("There is no such number."))
    of = request.args.get("of") == "1" and bool(indicator.of)
    is_of_records = indicator.behind is Behind.records
    return Of(asked, indicator, of, _client(request.args.get("client", "")) if is_of_records else None)


def _client(id: str) -> Client | None:
    try:
        return db.scalar(select(Client).where(client_visible_to(me()), Client.id == row_id(id)))
    except ValueError:
        return None


def listing(of: Of, people: Sequence[User]) -> Listing:
    """Of all these people at once."""
    period = of.asked.period
    whose = Whose(
        [person.id for person in people],
        start_of(period.start),
        start_of(period.end),
        clock.now(),
        db.scalars(select(ClientGroup).order_by(ClientGroup.id)).all(),
        of.client.id if of.client else None,
    )
    return behind(of.indicator, whose, of=of.of)


def visible_person(id: int) -> User:
    """One whose numbers the viewer may see."""
    person = db.scalar(select(User).where(kpi_people.person_visible_to(me()), User.id == id))
    if person is None:
        raise NotFound(_("There is no such person."))
    return person


def everybody(period: Period) -> Sequence[User]:
    return db.scalars(kpi_people.measured(start_of(period.start), start_of(period.end))).all()


class PersonRows(Page):
    """Behind one person's number."""

    @expose("/<int:person_id>/rows")
    def rows(self, person_id: int) -> ResponseReturnValue:
        return _page(self, of_asked(kpi_address.asked()), visible_person(person_id))

    @expose("/<int:person_id>/rows/export/<export_type>/")
    def rows_export(self, person_id: int, export_type: str) -> Any:
        return _file(self, of_asked(kpi_address.asked_for_a_file()), visible_person(person_id), export_type)


class TeamRows(Page):
    """Behind a total."""

    @expose("/rows")
    def rows(self) -> ResponseReturnValue:
        return _page(self, of_asked(kpi_address.asked()), None)

    @expose("/rows/export/<export_type>/")
    def rows_export(self, export_type: str) -> Any:
        return _file(self, of_asked(kpi_address.asked_for_a_file()), None, export_type)


def _page(page: Page, of: Of, person: User | None) -> ResponseReturnValue:
    period = of.asked.period
    people = [person] if person else everybody(period)
    found = listing(of, people)
    count = _count(found)
    number = _number_of_page(count)
    words = labels()
    endpoint = "kpi.rows" if person else "kpi_team.rows"
    more = {**of.args, "person_id": person.id if person else None}
    rows = db.execute(found.asked.limit(PAGE).offset(number * PAGE)).mappings().all()
    return page.render(
        "pages/kpi/rows.html",
        of=of,
        person=person,
        title=_title(of, person),
        bar=kpi_address.bar(of.asked, endpoint, None, **more)._replace(compared=[]),
        refused=of.asked.refused,
        columns=found.columns,
        rows=[(row, [(column, _drawn(row, column, words)) for column in found.columns]) for row in rows],
        count=count,
        counted=_counted(of.indicator, count),
        all=_count(listing(of._replace(of=True), people)) if of.indicator.of and not of.of else count,
        page=number,
        pages=min(-(-count // PAGE), DEEPEST),
        address=lambda at: url_for(endpoint, **{**more, "page": at or None}),
        other=url_for(endpoint, **{**more, "of": None if of.of else 1}) if of.indicator.of else "",
        file=lambda kind: url_for(f"{endpoint}_export", export_type=kind, **more),
        only_own=not allows(me().role, Permission.every_row),
        may_export=allows(me().role, Permission.clients_export),
    )


def _file(page: Page, of: Of, person: User | None, export_type: str) -> Any:
    """Only rows of clients that whoever asks may take out."""
    found = listing(of, [person] if person else everybody(of.asked.period))
    found = Listing(found.columns, found.asked.where(client_exportable_by(me())))
    told = {"indicator": of.indicator.key, "of": of.of, **of.asked.days, "rows": _count(found)}
    told |= {"person": person.name} if person else {}
    told |= {"client": of.client.name} if of.client else {}
    endpoint = "kpi.rows" if person else "kpi_team.rows"
    more: dict[str, Any] = {"person_id": person.id} if person else {}
    back = url_for(endpoint, **{**of.args, **more})
    return taken(page, sheet_of(_title(of, person), found), export_type, "kpi-rows", told, back)


def _counted(indicator: Indicator, count: int) -> str:
    match indicator.behind:
        case Behind.clients:
            return plural("%(num)d client", "%(num)d clients", count)
        case Behind.promises:
            return plural("%(num)d promise", "%(num)d promises", count)
        case _:
            return plural("%(num)d record", "%(num)d records", count)


def _drawn(row: Any, column: Column, words: Any) -> Any:
    told = as_told(row[column.key], column.kind, words)
    if told is None or column.kind not in (Kind.number, Kind.share):
        return told
    return f"{decimal(told)}\u00a0%" if column.kind is Kind.share else decimal(told)


def _count(found: Listing) -> int:
    return db.scalar(select(func.count()).select_from(found.asked.order_by(None).subquery())) or 0


def _number_of_page(count: int) -> int:
    """Pages that are not there lead to the last one that is."""
    text = request.args.get("page", "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    return max(0, min(number, -(-count // PAGE) - 1, DEEPEST - 1))


def _title(of: Of, person: User | None) -> str:
    parts = [person.name if person else _("Everybody"), str(of.indicator.title)]
    if of.client:
        parts.append(of.client.name)
    return f"{' · '.join(parts)}: {kpi_words.period(of.asked.period)}"
