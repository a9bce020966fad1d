"""Curators: who has how many clients, how many of them are silent, and what was done this month."""

from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import ColumnElement, false, select

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.i18n import _, lazy, start_of, today
from crmadmin.core.permissions import Permission
from crmadmin.queries import curators as asked
from crmadmin.queries.search import name_matches
from crmadmin.services import people
from models import ClientGroup, User
from models.kinds import Role
from views import cells
from views.admin import filters as by
from views.admin.base import EntityView
from views.labels import label
from views.templating import moment


def _named(row: User) -> Any:
    left = Markup("{} {}").format(row.name, cells.badge(_("has left"), "grey"))
    return row.name if row.active else left


def _clients(row: User, text: Any, **more: Any) -> Markup:
    """A number that opens the rows behind it."""
    return cells.link(url_for("clients.index_view", curator=row.id, **more), text)


def _groups(row: Any) -> Markup:
    return Markup(" ").join(
        _clients(row, cells.badge(f"{group.name} {number}", group.tone), group=group.id)
        for group, number in row.by_group
    )


def _contacts(row: Any) -> Markup:
    which: dict[str, Any] = {"person": row.id, "state": "held", "contact": 1, "from": f"{_month():%Y-%m-%d}"}
    return cells.link(url_for("interactions.index_view", **which), row.contacts)


def _month() -> date:
    return today().replace(day=1)


class CuratorView(EntityView):
    """Read only: whose client it is changes at the client."""

    model = User
    service = people
    see = Permission.curators_see
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
    sorts = {"name": User.name}
    order = ("name", False)
    filters = (
        by.by_word("role", lazy("Role"), User.role, Role, is_main=True),
        by.yes_no("with_clients", lazy("Has clients"), asked.has_clients(), is_main=True),
        by.yes_no("active", lazy("Works with us"), User.active.is_(True), is_main=True),
    )
    form_columns = ()

    def visible_to(self, viewer: User) -> ColumnElement[bool]:
        return asked.is_curator()

    def changeable_by(self, viewer: User) -> ColumnElement[bool]:
        return false()

    def exportable_by(self, viewer: User) -> ColumnElement[bool]:
        return false()

    def finds(self, text: str) -> ColumnElement[bool] | None:
        return name_matches(text, User.name)

    def extras(self) -> dict[str, ColumnElement[Any]]:
        return {"last_activity": asked.last_held()}

    def complete(self, rows: list[Any]) -> None:
        """Three more questions, however many people there are."""
        ids = [row.id for row in rows]
        groups = db.scalars(select(ClientGroup).order_by(ClientGroup.position, ClientGroup.id)).all()
        by_group = db.execute(asked.clients_by_group(ids, groups, clock.now()))
        counted = {(person, group): n for person, group, *n in by_group}
        contacts = dict(db.execute(asked.contacts_since(ids, start_of(_month()))).all())
        for row in rows:
            found = [(each, *counted.get((row.id, each.id), (0, 0))) for each in groups]
            row.by_group = [(each, number) for each, number, _silent in found if number]
            row.clients = sum(number for _group, number, _silent in found)
            row.silent = sum(silent for _group, _number, silent in found)
            row.contacts = contacts.get(row.id, 0)
