"""Clients: the list everybody lives in, the form, the file, and the card at ``/clients/<id>``."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from flask import flash, redirect, request
from flask_admin import actions, expose
from sqlalchemy import ColumnElement
from wtforms import StringField
from wtforms.validators import Length, NumberRange, Optional

from crmadmin.core import clock
from crmadmin.core.db import Rows, transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, lazy
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import choices
from crmadmin.queries.contacts import silence as silence_at
from crmadmin.queries.search import client_matches
from crmadmin.queries.visibility import client_changeable_by, client_exportable_by, client_visible_to
from crmadmin.services import clients
from crmadmin.services.absences import substitutes
from models import Channel, Client, ClientGroup, Industry, Region, Tag, User
from views import cells
from views.admin import client_cells, client_file, client_list
from views.admin.base import EntityView
from views.admin.client_acts import ClientActs
from views.admin.client_card import ClientCard
from views.admin.exports import ExportColumn
from views.admin.filters import NONE
from views.admin.lists import one
from views.admin.pickers import Picker
from views.base import me
from views.fields import how_to_reach, text_or_blank
from views.labels import label
from views.pages.briefs import BriefDoor
from views.templating import due, moment, silent_days, site_link

action: Any = actions.action  # its hints know no text that is translated when it is shown
_WHY: Any = lazy("Why the curator changes")
_WHY_MOVED: Any = lazy("Why the group changes")


def client_picker(name: str, **options: Any) -> Picker:
    """Looks up any client the viewer may see."""
    return Picker(
        name,
        Client,
        rule=client_visible_to,
        finds=partial(client_matches, first=True),
        order=(Client.name_fold, Client.id),
        shows=lambda row: f"{row.name} ({row.city})" if row.city else row.name,
        **options,
    )


class ClientView(ClientActs, ClientCard, BriefDoor, EntityView):
    model = Client
    service = clients
    see = Permission.clients_see
    create = Permission.clients_create
    change = Permission.clients_change
    export_right = Permission.clients_export
    in_a_file = client_file.IN_A_FILE
    details_prefix = "/clients/"  # the card is what a name leads to
    create_label = lazy("New client")
    empty_text = lazy("Every client belongs here, from the first touch on.")
    search_words = lazy("name, INN, telephone, e-mail, city or person")

    column_list = (
        "name", "group", "industry", "region", "curator", "silence", "last_contact_at", "next_contact_at"
    )  # fmt: skip
    column_labels = {
        "name": lazy("Client"),
        "kind": lazy("Company or person"),
        "legal_name": lazy("Full legal name"),
        "inn": lazy("INN"),
        "kpp": lazy("KPP"),
        "ogrn": lazy("OGRN"),
        "industry": lazy("Industry"),
        "region": lazy("Region"),
        "city": lazy("City"),
        "address": lazy("Address"),
        "site": lazy("Site"),
        "remember": lazy("What to remember"),
        "group": lazy("Group"),
        "curator": lazy("Curator"),
        "channel": lazy("Came to us by"),
        "recommended_by": lazy("Recommended by"),
        "rhythm_days": lazy("Own rhythm, days"),
        "silence": lazy("Silence"),
        "silent_days": lazy("Days without a contact"),
        "last_contact_at": lazy("Last contact"),
        "last_contact_by": lazy("Last contact by"),
        "last_contact_kind": lazy("Kind of the last contact"),
        "next_contact_at": lazy("Next contact"),
        "telephones": lazy("Telephones"),
        "emails": lazy("E-mails"),
        "tags": lazy("Tags"),
        "created_at": lazy("Added"),
    }
    column_formatters = {
        "name": cells.of(lambda row: cells.client_name(row)),
        "group": cells.of(lambda row: cells.group(row.group)),
        "region": cells.of(cells.place),
        "silence": cells.of(lambda row: cells.silence(row, row.silence)),
        "last_contact_at": cells.of(lambda row: moment(row.last_contact_at)),
        "next_contact_at": cells.of(lambda row: due(row.next_contact_at)),
        "kind": cells.of(lambda row: label(row.kind)),
        "silent_days": cells.of(silent_days),
        "created_at": cells.of(lambda row: moment(row.created_at)),
        "telephones": cells.of(lambda row: cells.telephones(row.telephones)),
        "tags": cells.of(lambda row: cells.tags(row.tags)),
        "emails": cells.of(lambda row: cells.names(row.emails)),
        "site": cells.of(lambda row: site_link(row.site) if row.site else ""),
        "address": cells.of(lambda row: cells.short(row.address)),
        "remember": cells.of(lambda row: cells.short(row.remember)),
        "recommended_by": cells.of(lambda row: row.recommended_by and cells.card_of(row.recommended_by)),
    }
    more_columns = client_list.MORE
    column_loads = client_list.LOADS
    inline = client_cells.CELLS
    loads = one(Client.group, Client.industry, Client.region, Client.curator)
    sorts = client_list.SORTS
    order = ("name", False)
    gives_way = ("industry",)
    filters = client_list.FILTERS

    form_columns = ("name", "kind", "legal_name", "inn", "kpp", "ogrn", "telephones", "emails", "site",
                    "region", "city", "address", "group", "group_reason", "curator", "curator_reason",
                    "rhythm_days", "tags", "industry", "channel", "recommended_by", "remember")  # fmt: skip
    form_extra_fields = {
        **how_to_reach(),
        "group_reason": StringField(_WHY_MOVED, [Length(max=500)], filters=[text_or_blank]),
        "curator_reason": StringField(_WHY, [Length(max=500)], filters=[text_or_blank]),
    }
    saved_words = lazy("The client is saved: %(name)s.")
    form_args = {
        # Room for the number's name and for blanks: the domain takes them away.
        **{name: {"validators": [Length(max=60)]} for name in ("inn", "kpp", "ogrn")},
        "rhythm_days": {
            "validators": [Optional(), NumberRange(1, 3650)],
            "description": lazy("Days allowed between contacts; empty: as the group says."),
        },
    }
    field_groups = (
        (lazy("Who they are"), ("name", "kind", "legal_name", "inn", "kpp", "ogrn", "industry")),
        (lazy("How to reach them"), ("telephones", "emails", "site", "region", "city", "address")),
        (lazy("How we work with them"), ("group", "group_reason", "curator", "curator_reason", "rhythm_days",
                                         "tags", "channel", "recommended_by", "remember")),
    )  # fmt: skip
    choices = {
        "group": choices.in_use(ClientGroup),
        "curator": choices.curators,
        "industry": choices.in_use(Industry),
        "region": choices.in_use(Region),
        "channel": choices.in_use(Channel),
        "tags": choices.in_use(Tag),
    }
    pickers = (client_picker("recommended_by", minimum_input_length=2),)

    def visible_to(self, viewer: User) -> ColumnElement[bool]:
        return client_visible_to(viewer)

    def changeable_by(self, viewer: User) -> ColumnElement[bool]:
        return client_changeable_by(viewer)

    def exportable_by(self, viewer: User) -> ColumnElement[bool]:
        return client_exportable_by(viewer)

    def under_name(self, row: Any) -> Any:
        return cells.telephones(row.telephones)

    def whose(self, row: Any) -> str:
        return client_cells.whose(row)

    def finds(self, text: str) -> ColumnElement[bool] | None:
        return client_matches(text)

    def extras(self) -> dict[str, ColumnElement[Any]]:
        return {"silence": silence_at(clock.now())}

    def presets(self) -> list[tuple[Any, dict[str, Any]]]:
        mine, role = {"curator": str(me().id)}, me().role
        everybodys = [
            (_("Silent ones"), {"silence": "silent"}),
            (_("Without a curator"), {"curator": NONE}),
            (_("Without a next contact"), {"next_contact": NONE}),
        ]
        own = [
            (_("Mine"), mine),
            (_("Mine and silent"), {**mine, "silence": "silent"}),
            (_("Mine, to be contacted today"), {**mine, "next_contact": ["overdue", "today"]}),
            (_("Mine, this week"), {**mine, "next_contact": "this_week"}),
            (_("Mine, without a next contact"), {**mine, "next_contact": NONE}),
        ]
        acting = [(_("Substituting"), {"substituting": "1"})] if substitutes(me()) else []
        return [
            *acting,
            *(everybodys if allows(role, Permission.every_row) else []),
            *(own if role in choices.CURATING else []),
        ]

    def create_form(self, obj: Any = None) -> Any:
        form: Any = super().create_form(obj)
        if request.method == "GET" and "group" in form:
            with suppress(DomainError):  # there is no group yet: saving says so
                form.group.data = clients.first_group()
        return form

    def fields_for(self, viewer: User, row: Any) -> set[str]:
        if not allows(viewer.role, Permission.curators_change):
            return {"curator", "curator_reason"} | ({"group_reason"} if row is None else set())
        return {"curator_reason", "group_reason"} if row is None else set()

    def get_save_return_url(self, model: Any, is_created: bool = False) -> str:
        if is_created:
            return self.get_url(".card", client_id=model.id)
        return super().get_save_return_url(model, is_created)

    # The file: export → import changes nothing

    def export_columns(self) -> Sequence[ExportColumn]:
        return client_file.columns()

    def shown_values(self) -> dict[str, Any]:
        return client_file.values()

    def export_from(self, asked: Rows) -> Rows:
        return client_file.joined(asked)

    # Acts on one client

    def is_action_allowed(self, name: str) -> bool:
        """Those of the card; those of the list are ClientActs'."""
        return (name in {"archive", "restore"} and self.can_edit) or super().is_action_allowed(name)

    @action("archive", lazy("Put away"), lazy("Put this client away? Its history stays."))
    def act_archive(self, ids: Sequence[str]) -> None:
        with transaction(by=me()):
            row = self.selected(ids)
            if row is None or row.archived:
                flash(_("The client was left as it is."), "info")
                return
            clients.archive(row, by=me())
        flash(_("The client is put away."), "success")

    @action("restore", lazy("Bring back"))
    def act_restore(self, ids: Sequence[str]) -> None:
        with transaction(by=me()):
            row = self.selected(ids)
            if row is None or not row.archived:
                flash(_("The client was left as it is."), "info")
                return
            clients.restore(row, by=me())
        flash(_("The client is brought back."), "success")

    @expose("/details/")
    def details_view(self) -> Any:
        return redirect(self.get_url(".card", client_id=self._asked_for().id))
