"""Contact persons: whom we speak to, at which client."""

from collections.abc import Sequence
from typing import Any

from flask import request
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased, selectinload

from crmadmin.core.db import Rows
from crmadmin.core.i18n import lazy
from crmadmin.core.permissions import Permission
from crmadmin.queries import clients as asked_of
from crmadmin.queries.search import contact_person_matches
from crmadmin.queries.visibility import (
    contact_person_changeable_by,
    contact_person_exportable_by,
    contact_person_visible_to,
)
from crmadmin.services import contact_persons, contacts
from models import Client, ContactPerson, User
from views import cells
from views.admin import filters as by
from views.admin.base import EntityView
from views.admin.clients import client_picker
from views.admin.exports import ExportColumn
from views.admin.lists import one
from views.fields import LinesField
from views.templating import day

_CLIENT = aliased(Client)


class ContactPersonView(EntityView):
    model = ContactPerson
    service = contact_persons
    see = Permission.contact_persons_see
    create = Permission.contact_persons_change
    change = Permission.contact_persons_change
    export_right = Permission.contact_persons_export
    create_label = lazy("New contact person")
    empty_text = lazy("People at our clients belong here: who they are and how to reach them.")
    not_yours = lazy("This client is somebody else's: only its curator, the head and the admin change it.")
    search_words = lazy("name, position, telephone, e-mail or client")

    column_list = ("name", "client", "job_title", "telephones", "emails", "birthday")
    column_details_list = ("client", "name", "job_title", "telephones", "emails", "birthday", "remember")
    column_labels = {
        "client": lazy("Client"),
        "name": lazy("Full name"),
        "job_title": lazy("Position"),
        "telephones": lazy("Telephones"),
        "emails": lazy("E-mails"),
        "birthday": lazy("Birthday"),
        "remember": lazy("What to remember"),
    }
    column_formatters = {
        "client": cells.of(lambda row: cells.card_of(row.client)),
        "telephones": cells.of(lambda row: cells.telephones(row.telephones)),
        "emails": cells.of(lambda row: cells.names(row.emails)),
        "birthday": cells.of(lambda row: day(row.birthday)),
    }
    loads = (
        *one(ContactPerson.client),
        selectinload(ContactPerson.telephones),
        selectinload(ContactPerson.emails),
    )
    sorts = {"name": ContactPerson.name_fold}
    order = ("name", False)
    filters = (
        by.by_picked("client", lazy("Client"), ContactPerson.client_id, Client, "client", is_main=True),
    )

    form_columns = ("client", "name", "job_title", "telephones", "emails", "birthday", "remember")
    form_extra_fields = {
        "telephones": LinesField(
            lazy("Telephones"),
            keep=contacts.set_telephones,
            description=lazy("One a line, as you write them."),
        ),
        "emails": LinesField(lazy("E-mails"), keep=contacts.set_emails, description=lazy("One a line.")),
    }
    pickers = (client_picker("client", minimum_input_length=2),)

    def visible_to(self, viewer: User) -> ColumnElement[bool]:
        return contact_person_visible_to(viewer)

    def changeable_by(self, viewer: User) -> ColumnElement[bool]:
        return contact_person_changeable_by(viewer)

    def exportable_by(self, viewer: User) -> ColumnElement[bool]:
        return contact_person_exportable_by(viewer)

    def finds(self, text: str) -> ColumnElement[bool] | None:
        return contact_person_matches(text)

    def fields_for(self, viewer: User, row: Any) -> set[str]:
        """A contact person stays with his client."""
        return set() if row is None else {"client"}

    def create_form(self, obj: Any = None) -> Any:
        form = super().create_form(obj)
        if request.method == "GET":
            form.client.data = self._form_ajax_refs["client"].get_one(request.args.get("client", ""))
        return form

    def export_columns(self) -> Sequence[ExportColumn]:
        told = {
            "client": _CLIENT.name,
            "name": ContactPerson.name,
            "job_title": ContactPerson.job_title,
            "telephones": asked_of.telephones_of(ContactPerson),
            "emails": asked_of.emails_of(ContactPerson),
            "birthday": ContactPerson.birthday,
            "remember": ContactPerson.remember,
        }
        return [ExportColumn(self.column_labels[name], value) for name, value in told.items()]

    def export_from(self, asked: Rows) -> Rows:
        return asked.join(_CLIENT, _CLIENT.id == ContactPerson.client_id)
