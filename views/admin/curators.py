"""Curators: who has how many clients, how many of them are silent, and what was done this month."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import g
from markupsafe import Markup
from sqlalchemy import ColumnElement, bindparam, false, select

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.i18n import _, lazy, start_of, today
from crmadmin.core.permissions import Permission
from crmadmin.queries import curators as asked
from crmadmin.queries.search import name_matches
from crmadmin.queries.visibility import curator_exportable_by
from crmadmin.services import people
from models import ClientGroup, User
from models.base import UtcDateTime
from models.kinds import Role
from views import cells
from views.admin import filters as by
from views.admin.base import EntityView
from views.admin.days import by_days
from views.admin.exports import ExportColumn
from views.admin.sorting import Sort, by_value, now
from views.labels import label
from views.templating import address_of, moment


def _named(row: User) -> Any:
    left = Markup("{} {}").format(row.name, cells.badge(_("has left"), "grey"))
    return row.name if row.active else left


def _clients(row: User, text: Any, **more: Any) -> Markup:
    """A number that opens the rows behind it."""
    return cells.link(f"{address_of('clients.index_view')}?{urlencode({'curator': row.id, **more})}", text)


def _groups(row: Any) -> Markup:
    return Markup(" ").join(
        _clients(row, cells.badge(f"{group.name} {number}", group.tone), group=group.id)
        for group, number in row.by_group
    )


def _contacts(row: Any) -> Markup:
    which: dict[str, Any] = {"person": row.id, "state": "held", "contact": 1, "from": f"{_month():%Y-%m-%d}"}
    return cells.link(f"{address_of('interactions.index_view')}?{urlencode(which)}", row.contacts)


def _month() -> date:
    return today().replace(day=1)


_THIS_MONTH: Any = bindparam(None, callable_=lambda: start_of(_month()), type_=UtcDateTime(), unique=True)


def _groups_of_all() -> Sequence[ClientGroup]:
    """Asked for once a request: the filter, the cells and the file name the same ones."""
    if "groups" not in g:
        g.groups = db.scalars(select(ClientGroup).order_by(ClientGroup.position, ClientGroup.id)).all()
    return g.groups


_SILENT = {
    "any": (lazy("some"), lambda: asked.has_silent_clients(clock.now())),
    "none": (lazy("none"), lambda: ~asked.has_silent_clients(clock.now())),
}


class CuratorView(EntityView):
    """Read only: whose client it is changes at the client."""

    model = User
    service = people
    see = Permission.curators_see
    export_right = Permission.curators_export
    empty_text = lazy("Whoever may have clients of his own appears here.")
    search_words = lazy("name")
    can_view_details = False

    column_list = ("name", "role", "clients", "by_group", "silent", "contacts", "last_activity")
    column_labels = {
        "name": lazy("Curator"),
        "role": lazy("Role"),
        "clients": lazy("Clients"),
        "by_group": lazy("By group"),
        "silent": lazy("Silent"),
        "contacts": lazy("Contacts this month"),
        "last_activity": lazy("Last interaction"),
    }
    column_formatters = {
        "name": cells.of(_named),
        "role": cells.of(lambda row: label(row.role)),
        "clients": cells.of(lambda row: _clients(row, row.clients)),
        "by_group": cells.of(_groups),
        "silent": cells.of(lambda row: _clients(row, row.silent, silence="silent")),
        "contacts": cells.of(_contacts),
        "last_activity": cells.of(lambda row: moment(row.last_activity)),
    }
    sorts = {
        "name": User.name,
        "role": by_value(User.role, nullable=False),
        "clients": by_value(asked.clients_in_hand(), nullable=False),
        "by_group": Sort((asked.clients_in_group(asked.first_of_groups()), asked.clients_in_hand()),
                         nullable=False, indexed=False),
        "silent": by_value(asked.silent_in_hand(now()), nullable=False),
        "contacts": by_value(asked.contacts_of_each(_THIS_MONTH), nullable=False),
        "last_activity": by_value(asked.last_held()),
    }  # fmt: skip
    order = ("name", False)
    filters = (
        by.by_word("role", lazy("Role"), User.role, Role, is_main=True),
        by.Filter("group", lazy("Has clients in"), asked.has_clients_in, by.row_id, "choice",
                  lambda _viewer, _texts: [(str(each.id), each.name) for each in _groups_of_all()],
                  is_main=True),
        by.one_of("silent", lazy("Silent ones"), _SILENT, is_main=True),
        by_days("last_activity", lazy("Last interaction"), asked.last_held(), is_main=True,
                empty=asked.last_held().is_(None), empty_words=(lazy("None so far"), lazy("Any so far"))),
        by.yes_no("with_clients", lazy("Has clients"), asked.has_clients(), is_main=True),
        by.yes_no("active", lazy("Works with us"), User.active.is_(True), is_main=True),
    )  # fmt: skip
    form_columns = ()
    told_in_several = frozenset({"by_group"})

    def visible_to(self, viewer: User) -> ColumnElement[bool]:
        return asked.is_curator()

    def changeable_by(self, viewer: User) -> ColumnElement[bool]:
        return false()

    def exportable_by(self, viewer: User) -> ColumnElement[bool]:
        return curator_exportable_by(viewer)

    def shown_values(self) -> dict[str, Any]:
        return {
            "name": User.name,
            "role": User.role,
            "clients": asked.clients_in_hand(),
            "silent": asked.silent_in_hand(clock.now()),
            "contacts": asked.contacts_of_each(start_of(_month())),
            "last_activity": asked.last_held(),
        }

    def columns_shown(self) -> Sequence[ExportColumn]:
        return self._told(self.shown())

    def export_columns(self) -> Sequence[ExportColumn]:
        return self._told(self.columns_on_offer())

    def _told(self, names: Sequence[str]) -> list[ExportColumn]:
        """In a file each group is a column of its own: then one can sort and add."""
        values, columns = self.shown_values(), list[ExportColumn]()
        for name, title in self.titled(names):
            if name == "by_group":
                columns += [
                    ExportColumn(each.name, asked.clients_in_group(each.id)) for each in _groups_of_all()
                ]
            else:
                columns.append(ExportColumn(title, values[name]))
        return columns

    def finds(self, text: str) -> ColumnElement[bool] | None:
        return name_matches(text, User.name)

    def extras(self) -> dict[str, ColumnElement[Any]]:
        return {"last_activity": asked.last_held()}

    def complete(self, rows: list[Any]) -> None:
        """Three more questions, however many people there are."""
        ids = [row.id for row in rows]
        groups = _groups_of_all()
        by_group = db.execute(asked.clients_by_group(ids, groups, clock.now()))
        counted = {(person, group): n for person, group, *n in by_group}
        contacts = dict(db.execute(asked.contacts_since(ids, start_of(_month()))).all())
        for row in rows:
            found = [(each, *counted.get((row.id, each.id), (0, 0))) for each in groups]
            row.by_group = [(each, number) for each, number, _silent in found if number]
            row.clients = sum(number for _group, number, _silent in found)
            row.silent = sum(silent for _group, _number, silent in found)
            row.contacts = contacts.get(row.id, 0)
