"""Every door of the program: its permission, who may open it, and an address of it that leads somewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from crmadmin.core.permissions import Permission, allows
from models import Absence, Alarm, Attachment, BulkAct, Client, ContactPerson, Interaction, User
from models.kinds import Role
from tests import factories
from tests.house.test_factories import article_name
from views.admin.base import EntityView

OPEN = {
    "static": "files of ours that say nothing",
    "home.static": "files of Flask-Admin that say nothing",
    "health.alive": "whoever watches the installation",
    "health.ready": "whoever watches the installation",
    "login.sign_in": "one signs in here",
    "login.sign_in_post": "one signs in here",
    "login.sign_out": "nobody is kept in",
    "login.first_admin": "a secret link that works once",
    "login.first_admin_post": "a secret link that works once",
    "feeds.calendar": "a secret address, one a person",
    "own.language": "chosen before one signs in, too",
    "own.theme": "chosen before one signs in, too",
}

# Which declaration of an EntityView a door of it obeys; every other door obeys ``see``.
DECLARED = {
    "create_view": "create",
    "edit_view": "change",
    "ajax_update": "change",
    "action_view": "change",
    "export": "export_right",
}

# Doors that Flask-Admin makes for every view, and that lead nowhere where there is nothing behind them.
NOBODY: dict[str, Callable[[Any], bool]] = {
    "delete_view": lambda _view: True,
    "details_view": lambda view: not view.can_view_details,
    "ajax_update": lambda view: not view.column_editable_list,
    "cell": lambda view: not view.inline,
    "ajax_lookup": lambda view: not getattr(view, "pickers", ()),
    "export": lambda view: getattr(view, "export_right", None) is None,
}


@dataclass(frozen=True)
class Door:
    """One endpoint. ``permission`` None: nobody may; ``why``: it is open to strangers."""

    endpoint: str
    rule: Rule
    view: Any
    permission: Permission | None
    why: str = ""

    @property
    def methods(self) -> str:
        return " ".join(sorted((self.rule.methods or set()) - {"HEAD", "OPTIONS"}))

    def roles(self) -> list[Role]:
        return [role for role in Role if self.permission and allows(role, self.permission)]

    def line(self) -> str:
        if self.why:
            right, who = "open", self.why
        else:
            right, who = self.permission or "-", " ".join(self.roles()) or "nobody"
        return f"{self.endpoint:32} {self.methods:9} {right:24} {who}\n"


def doors(app: Flask) -> list[Door]:
    """Each endpoint once, in the order of their names."""
    views = {view.endpoint: view for view in app.extensions["admin"][0]._views}
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    return [_door(rule, views) for _endpoint, rule in sorted(rules.items())]


def _door(rule: Rule, views: dict[str, Any]) -> Door:
    name, _, method = rule.endpoint.partition(".")
    if rule.endpoint in OPEN:
        return Door(rule.endpoint, rule, None, None, OPEN[rule.endpoint])
    view = views[name]  # a door that is neither a view's nor open: say so in OPEN, or make it a Page
    if method in NOBODY and NOBODY[method](view):
        return Door(rule.endpoint, rule, view, None)
    if isinstance(view, EntityView):
        return Door(rule.endpoint, rule, view, getattr(view, DECLARED.get(method, "see")))
    return Door(rule.endpoint, rule, view, view.see)


ROWS: dict[str, type] = {
    "talk.file": Attachment,
    "promises.understood": Client,
}  # doors that lead to other rows than their view's
OF_ONESELF = {"kpi.person", "kpi.person_export", "kpi.rows", "kpi.rows_export"}
ASKED = {  # what an address of a door must say besides, to lead somewhere
    f"{page}.{door}": {"indicator": "contacts"}
    for page in ("kpi", "kpi_team")
    for door in ("rows", "rows_export")
}


def own_rows(viewer: User) -> dict[type, Callable[[], Any]]:
    """How to make a row that is this viewer's own, where rows have owners."""
    return {
        Client: lambda: factories.a_client(curator=viewer),
        ContactPerson: lambda: factories.a_contact_person(client=factories.a_client(curator=viewer)),
        Interaction: lambda: factories.an_interaction(person=viewer),
        BulkAct: lambda: factories.a_bulk_act(by_id=viewer.id),
        Absence: lambda: factories.an_absence(person=viewer),
        Alarm: lambda: factories.an_alarm(person=viewer),
    }


def address(app: Flask, door: Door, viewer: User) -> Iterator[str]:
    """Addresses of a door that lead somewhere: with a row made for it, or a lookup of each picker."""
    own = own_rows(viewer)

    def made(model: type) -> int:
        if door.endpoint in OF_ONESELF:
            return viewer.id
        return own.get(model, getattr(factories, article_name(model.__name__)))().id

    return leading(app, door, made)


def leading(app: Flask, door: Door, id_of: Callable[[type], int]) -> Iterator[str]:
    """The same, with rows that are there already: ``id_of`` names one of a table."""
    values: dict[str, Any] = {}
    method = door.endpoint.partition(".")[2]
    if method == "cell":
        values["column"] = "next_contact_at"  # the one that whoever sees the list may change
    model = ROWS.get(door.endpoint) or getattr(door.view, "model", Client)
    if door.endpoint == "bulk.new":
        values["act"] = "group"
    values |= ASKED.get(door.endpoint, {})
    if "export_type" in door.rule.arguments:
        values["export_type"] = "csv"
    if method in {"edit_view", "details_view"} or any(name.endswith("id") for name in door.rule.arguments):
        id = id_of(model)
        values |= {name: id for name in door.rule.arguments if name.endswith("id")} or {"id": id}
    lookups = [picker.name for picker in door.view.pickers] if method == "ajax_lookup" else []
    with app.test_request_context():
        for more in [{"name": name, "query": "a"} for name in lookups] or [{}]:
            yield app.url_for(door.endpoint, **values, **more)
