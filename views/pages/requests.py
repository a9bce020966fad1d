"""What clients asked and nobody has answered: whose it is, how long it waits, and that it needs no answer."""

from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core import clock, i18n
from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, lazy
from crmadmin.core.permissions import Permission
from crmadmin.queries import choices
from crmadmin.queries import requests as asked
from crmadmin.queries.absences import everybody_away
from crmadmin.queries.clients import group_of
from crmadmin.services import department, requests
from crmadmin.services.department import UNANSWERED_DAYS
from crmadmin.services.meanwhile import hold
from models import Client, ClientGroup, Interaction, User
from views.admin import filters as by
from views.base import Page, me
from views.fields import typed
from views.forms import must_be_ours
from views.guards import is_local
from views.of_client import of_visible_client
from views.registers import Asked, Register

_CURATOR = by.through(Interaction.client_id, Client, Client.curator_id)
REGISTER = Register(
    "requests.index",
    {"open": lazy("All of them"), "late": lazy("Too long")},
    (
        by.one_of("hands", lazy("In whose hands"),
                  {"mine": (lazy("in mine"), lambda: asked.in_hands(me(), clock.now()))}, is_main=True),
        by.by_row("curator", lazy("Curator"), _CURATOR, choices.curators, is_main=True),
        by.by_row("group", lazy("Group of the client"), group_of(Interaction.client_id),
                  choices.in_use(ClientGroup), is_main=True, empty=None),
        by.by_row("person", lazy("Who spoke"), Interaction.person_id, choices.everybody, is_main=True),
        by.since("from", lazy("From"), Interaction.happened_at),
        by.until("to", lazy("To"), Interaction.happened_at),
    ),
)  # fmt: skip


class RequestsPage(Page):
    see = Permission.interactions_see
    model = Interaction

    @expose("/")
    def index(self) -> ResponseReturnValue:
        said, days = Asked(REGISTER), department.value_of(UNANSWERED_DAYS)
        late = late_before(days)
        where = [*said.where, *([Interaction.happened_at < late] if said.tab == "late" else [])]
        waiting = asked.listed(me(), where, clock.now())
        rows, more = said.rows(waiting, lambda ids: asked.told(me(), ids))
        too_long = db.scalar(asked.older_than(late, said.where)) or 0
        return self.render(
            "pages/requests/index.html",
            rows=[(row, may, _owners(row.client, acting)) for acting in [_acting()] for row, may in rows],
            days=days,
            late=late,
            too_long=min(too_long, asked.MOST_COUNTED),
            too_many=too_long > asked.MOST_COUNTED,
            ages={row.id: (i18n.today() - i18n.local(row.happened_at).date()).days for row, _may in rows},
            **said.drawn(more),
        )

    @expose("/<int:id>", methods=("GET", "POST"))
    def one(self, id: int) -> ResponseReturnValue:
        """The request, the ways to answer it, and saying why no answer is needed."""
        row, error = of_visible_client(Interaction, id), ""
        if request.method == "POST":
            try:
                must_be_ours()
                with transaction(by=me()):
                    hold(row)
                    requests.waive(row, reason=typed("reason"), by=me())
            except DomainError as refusal:
                if refusal.status != 422:
                    raise
                row, error = of_visible_client(Interaction, id), str(refusal)
            else:
                flash(_("No answer is needed: the reason is kept."), "success")
                return redirect(_next(row))
        page = self.render(
            "pages/requests/one.html",
            row=row,
            client=row.client,
            is_open=requests.is_open(row),
            may_waive=requests.may_waive(row, me()),
            may_correct=requests.may_correct(row, me()),
            typed=request.form.get("reason", ""),
            error=error,
            next=_next(row),
        )
        return page, 422 if error else 200


def late_before(days: int) -> datetime:
    """What was asked before this moment has waited too long."""
    return clock.now() - timedelta(days=days)


def of_card(client: Client, _viewer: User) -> dict[str, Any]:
    """What the part ``requests`` of a client's card shows."""
    rows = db.scalars(asked.of_client(client.id, 10)).all()
    days = department.value_of(UNANSWERED_DAYS) if rows else 0
    return {"rows": rows, "late_before": late_before(days)}


def _acting() -> dict[int, dict[int | None, User]]:
    """Of everybody who is away: who acts for him, by group, and under None for the rest."""
    away = db.scalars(everybody_away(clock.now())).unique().all()
    return {each.person_id: {line.group_id: line.substitute for line in each.substitutions} for each in away}


def _owners(client: Client, acting: dict[int, dict[int | None, User]]) -> tuple[User | None, User | None]:
    """The curator, and whoever acts for him today."""
    lines = acting.get(client.curator_id or 0, {})
    return client.curator, lines.get(client.group_id) or lines.get(None)


def _next(row: Interaction) -> str:
    where = request.values.get("next", "")
    return where if is_local(where) else url_for("clients.card", client_id=row.client_id)
