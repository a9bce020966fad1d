"""Contact persons: whom we speak to, at which client."""

from collections.abc import Sequence
from typing import Any

from flask import request
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased, joinedload, selectinload

from crmadmin.core.db import Rows
from crmadmin.core.i18n import lazy
from crmadmin.core.permissions import Permission
from crmadmin.queries import choices
from crmadmin.queries import clients as asked_of
from crmadmin.queries.search import contact_person_matches
from crmadmin.queries.visibility import (
    contact_person_changeable_by,
    contact_person_exportable_by,
    contact_person_visible_to,
)
from crmadmin.services import contact_persons
from models import Client, ClientGroup, ContactPerson, User
from views import cells
from views.admin import filters as by
from views.admin.base import EntityView
from views.admin.clients import client_picker
from views.admin.contact_person_card import ContactPersonCard
from views.admin.days import by_anniversary, by_days
from views.admin.exports import ExportColumn
from views.admin.lists import one
from views.admin.sorting import Sort, by_name, by_text, by_value
from views.fields import how_to_reach
from views.templating import day, moment

_CLIENT, _THEIR_CURATOR = aliased(Client), aliased(User)
_CURATOR = by.through(ContactPerson.client_id, Client, Client.curator_id)
_GROUP = by.through(ContactPerson.client_id, Client, Client.group_id)
_SORTED_CLIENT, _SORTED_CURATOR = aliased(Client), aliased(User)
_BY_CURATOR = Sort(
    (_SORTED_CURATOR.name, _SORTED_CURATOR.id),
    joins=(
        (_SORTED_CLIENT, _SORTED_CLIENT.id == ContactPerson.client_id),
        (_SORTED_CURATOR, _SORTED_CURATOR.id == _SORTED_CLIENT.curator_id),
    ),
    indexed=False,
)


class ContactPersonView(ContactPersonCard, EntityView):
    model = ContactPerson
    service = contact_persons
    see = Permission.contact_persons_see
    create = Permission.contact_persons_change
    change = Permission.contact_persons_change
    export_right = Permission.contact_persons_export
    details_prefix = "/contact-persons/"  # the page of one is what a name leads to
    details_template = "pages/contact_person/card.html"
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
        "curator": lazy("Curator of the client"),
        "created_at": lazy("Added"),
    }
    column_formatters = {
        "client": cells.of(lambda row: cells.card_of(row.client)),
        "telephones": cells.of(lambda row: cells.telephones(row.telephones)),
        "emails": cells.of(lambda row: cells.names(row.emails)),
        "birthday": cells.of(lambda row: day(row.birthday)),
        "curator": cells.of(lambda row: row.client.curator or ""),
        "created_at": cells.of(lambda row: moment(row.created_at)),
        "remember": cells.of(lambda row: cells.short(row.remember)),
    }
    loads = (
        *one(ContactPerson.client),
        selectinload(ContactPerson.telephones),
        selectinload(ContactPerson.emails),
    )
    sorts = {
        "name": ContactPerson.name_fold,
        "client": by_name(ContactPerson.client_id, Client, "name_fold"),
        "job_title": by_text(ContactPerson.job_title),
        "telephones": by_value(asked_of.telephones_of(ContactPerson)),
        "emails": by_value(asked_of.emails_of(ContactPerson)),
        "birthday": by_value(ContactPerson.birthday),
        "curator": _BY_CURATOR,
        "created_at": by_value(ContactPerson.created_at, nullable=False),
        "remember": by_text(ContactPerson.remember),
    }
    order = ("name", False)
    more_columns = ("curator", "created_at", "remember")
    column_loads = {"curator": joinedload(ContactPerson.client).joinedload(Client.curator)}
    filters = (
        by.by_picked("client", lazy("Client"), ContactPerson.client_id, Client, "client", is_main=True),
        by.by_row("curator", lazy("Curator of the client"), _CURATOR, choices.everybody, is_long=True,
                  is_main=True, empty_words=(lazy("nobody"), lazy("anybody"))),
        by.by_row("group", lazy("Group of the client"), _GROUP, choices.in_use(ClientGroup), is_main=True,
                  empty=None),
        by_anniversary("birthday", lazy("Birthday"), ContactPerson.birthday, is_main=True,
                       empty_words=(lazy("not known"), lazy("known"))),
        by.yes_no("with_telephone", lazy("Has a telephone"), ContactPerson.telephones.any()),
        by.yes_no("with_email", lazy("Has an e-mail"), ContactPerson.emails.any()),
        by.yes_no("with_birthday", lazy("Birthday is known"), ContactPerson.birthday.is_not(None)),
        by_days("created", lazy("Added"), ContactPerson.created_at),
    )  # fmt: skip

    form_columns = ("client", "name", "job_title", "telephones", "emails", "birthday", "remember")
    form_extra_fields = how_to_reach()
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
        told, usual = self.shown_values(), self.column_details_list
        return [ExportColumn(self.column_labels[name], told[name]) for name in ("client", "name", *usual[2:])]

    def shown_values(self) -> dict[str, Any]:
        plain = ("name", "job_title", "birthday", "remember", "created_at")
        return {name: getattr(ContactPerson, name) for name in plain} | {
            "client": _CLIENT.name,
            "curator": _THEIR_CURATOR.name,
            "telephones": asked_of.telephones_of(ContactPerson),
            "emails": asked_of.emails_of(ContactPerson),
        }

    def export_from(self, asked: Rows) -> Rows:
        with_clients = asked.join(_CLIENT, _CLIENT.id == ContactPerson.client_id)
        return with_clients.outerjoin(_THEIR_CURATOR, _THEIR_CURATOR.id == _CLIENT.curator_id)
