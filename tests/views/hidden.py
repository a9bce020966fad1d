"""A screen whose row rule hides a row: in the program itself everybody sees every client."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import Flask
from flask_admin import actions, expose
from sqlalchemy import ColumnElement

from crmadmin.core.db import transaction
from crmadmin.core.permissions import Permission
from crmadmin.queries import choices
from crmadmin.queries.search import client_matches
from models import Client, ClientGroup, User
from views.admin.base import EntityView
from views.admin.exports import ExportColumn
from views.admin.filters import by_row
from views.admin.inline import Cell
from views.admin.pickers import Picker
from views.base import me
from views.pages.bulk import BulkPage

SECRET = "Тайна"


def shown(_viewer: User) -> ColumnElement[bool]:
    return Client.name != SECRET


class Lenient:
    """A service that lets everything through, so that the database has to refuse."""

    @staticmethod
    def check(client: Client, *, by: User, is_new: bool = False) -> None:
        client.created_at = client.created_at or by.created_at


def put_city(client: Client, typed: str) -> None:
    client.city = typed


CITY = Cell(
    label="City",
    right=Permission.clients_change,
    now=lambda row: row.city,
    shown=lambda row: row.city,
    put=put_city,
    redraws=("city",),
    latest=lambda _row: (None, None),
)


class HidingView(EntityView):
    model = Client
    service: Any = Lenient
    see = Permission.clients_see
    create = Permission.clients_create
    change = Permission.clients_change
    export_right = Permission.clients_export
    search_words = "name"
    column_list = ("name", "city")
    column_editable_list = ("city",)
    inline: ClassVar = {"city": CITY}
    column_details_list = ("name", "city")
    column_labels = {"name": "Name", "city": "City", "recommended_by": "Recommended by", "group": "Group"}
    sorts = {"name": Client.name_fold}
    order = ("name", False)
    filters = (by_row("group", "Group", Client.group_id, choices.in_use(ClientGroup)),)
    form_columns = ("name", "city", "inn", "group", "recommended_by")
    choices = {"group": choices.in_use(ClientGroup)}
    pickers = (
        Picker(
            "recommended_by", Client, rule=shown, finds=client_matches, order=(Client.name_fold, Client.id)
        ),
    )

    def visible_to(self, viewer: User) -> ColumnElement[bool]:
        return shown(viewer)

    def changeable_by(self, viewer: User) -> ColumnElement[bool]:
        return Client.city != "Locked"

    def exportable_by(self, viewer: User) -> ColumnElement[bool]:
        return Client.city != "Locked"

    def finds(self, text: str) -> ColumnElement[bool] | None:
        return client_matches(text)

    def export_columns(self) -> Sequence[ExportColumn]:
        return [ExportColumn("Name", Client.name), ExportColumn("City", Client.city)]

    @actions.action("mark", "Mark")
    def act_mark(self, ids: Sequence[str]) -> None:
        with transaction(by=me()):
            if (row := self.selected(ids)) is not None:
                row.city = "Marked"

    @expose("/broken/")
    def broken(self) -> str:
        calls.append(1)
        raise TypeError("a mistake of ours")


calls: list[int] = []


def with_hiding_view(app: Flask) -> Flask:
    admin, view = app.extensions["admin"][0], HidingView(name="Hiding", endpoint="hiding", url="/hiding")
    admin.add_view(view)
    admin.add_view(BulkPage(view, name="Many", endpoint="hiding_bulk", url="/hiding-bulk"))  # pyright: ignore[reportArgumentType]
    return app
