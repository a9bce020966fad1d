"""People: who signs in, and as what. The admin's alone."""

from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import ColumnElement, true
from wtforms.validators import InputRequired, Length

from crmadmin.core.db import transaction
from crmadmin.core.errors import NotFound
from crmadmin.core.i18n import _, lazy
from crmadmin.core.permissions import Permission
from crmadmin.queries.search import name_matches
from crmadmin.services import passwords, people
from models import User
from models.kinds import Role
from views import cells
from views.admin import filters as by
from views.admin.base import EntityView
from views.admin.sorting import by_text, by_value
from views.base import me
from views.forms import only_ours
from views.labels import label
from views.pages.leaving import LeavingDoor
from views.templating import moment


def _name(row: User) -> Any:
    return row.name if row.active else cells.marked(row.name, "slash-circle")


class PeopleView(LeavingDoor, EntityView):
    """A password is never typed for somebody else: one is made, and shown once."""

    model = User
    service = people
    see = Permission.people_manage
    create = Permission.people_manage
    change = Permission.people_manage
    create_label = lazy("New person")
    empty_text = lazy("Whoever signs in belongs here.")
    search_words = lazy("name, login or e-mail")
    edit_template = "pages/people/edit.html"

    column_list = ["name", "login", "role", "email", "telephone", "active", "last_seen_at"]
    column_details_list = [*column_list, "created_at"]
    column_labels = {
        "name": lazy("Full name"),
        "login": lazy("Login"),
        "role": lazy("Role"),
        "email": lazy("E-mail"),
        "telephone": lazy("Telephone"),
        "active": lazy("Works with us"),
        "last_seen_at": lazy("Last signed in"),
        "created_at": lazy("Added"),
    }
    column_formatters = {
        "name": cells.of(_name),
        "role": cells.of(lambda row: label(row.role)),
        "active": cells.of(lambda row: cells.yes(row.active)),
        "last_seen_at": cells.of(lambda row: moment(row.last_seen_at)),
        "created_at": cells.of(lambda row: moment(row.created_at)),
    }
    sorts = {
        "name": User.name,
        "login": User.login,
        "role": User.role,
        "last_seen_at": User.last_seen_at,
        "email": by_text(User.email),
        "telephone": by_text(User.telephone),
        "active": by_value(User.active, nullable=False),
    }
    order = ("name", False)
    filters = (
        by.by_word("role", lazy("Role"), User.role, Role, is_main=True),
        by.yes_no("active", lazy("Works with us"), User.active.is_(True), is_main=True),
    )

    form_columns = ("name", "login", "role", "email", "telephone", "active")
    form_args = {
        "name": {"validators": [InputRequired(), Length(max=200)]},
        "login": {
            "validators": [InputRequired(), Length(max=100)],
            "description": lazy("What is typed to sign in: Latin letters, digits, dots and dashes."),
        },
        "active": {
            "default": True,
            "description": lazy("Without this nobody can sign in; whoever is signed in is out at once."),
        },
    }

    def visible_to(self, viewer: User) -> ColumnElement[bool]:
        return true()

    def changeable_by(self, viewer: User) -> ColumnElement[bool]:
        return true()

    def finds(self, text: str) -> ColumnElement[bool] | None:
        return name_matches(text, User.name, User.login, User.email)

    def get_save_return_url(self, model: Any, is_created: bool = False) -> str:
        """Somebody new cannot sign in before he has a password."""
        if is_created:
            return self.get_url(".password", person_id=model.id)
        return super().get_save_return_url(model, is_created)

    @expose("/<int:person_id>/password", methods=("GET", "POST"))
    def password(self, person_id: int) -> ResponseReturnValue:
        person: User | None = self.get_one(str(person_id))
        if person is None:
            raise NotFound(_("There is no such person."))
        if person is me():
            return redirect(self.get_url("password.index"))
        made = ""
        if request.method == "POST":
            only_ours()
            made = passwords.generated()
            with transaction(by=me()):
                people.set_password(person, made, by=me())
        return self.render("pages/people/password.html", person=person, made=made)
