"""Interactions: everything that happened or is to happen, and the form that records it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import request
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased, joinedload, selectinload

from crmadmin.core import clock
from crmadmin.core.db import Rows
from crmadmin.core.i18n import _, lazy
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import choices
from crmadmin.queries.contacts import is_of_contact_kind
from crmadmin.queries.interactions import contact_persons_of_interaction, participants_of_interaction
from crmadmin.queries.search import contact_person_matches, interaction_matches, leaves_older_out
from crmadmin.queries.visibility import (
    contact_person_visible_to,
    interaction_correctable_by,
    interaction_exportable_by,
    interaction_visible_to,
)
from crmadmin.services import interactions
from models import Client, ContactPerson, Interaction, InteractionKind, Result, User
from models.kinds import Direction, InteractionState
from views import cells
from views.admin import filters as by
from views.admin.base import EntityView
from views.admin.clients import client_picker
from views.admin.days import COMING, PAST, by_days
from views.admin.exports import ExportColumn
from views.admin.lists import one
from views.admin.pickers import Picker
from views.base import me
from views.labels import label
from views.notes import newest_only
from views.templating import moment

_CLIENT, _KIND, _PERSON, _RECORDING, _RESULT = (
    aliased(Client),
    aliased(InteractionKind),
    aliased(User),
    aliased(User),
    aliased(Result),
)
_IN_A_FILE = ("happened_at", "client", "kind", "state", "direction", "person", "request", "reaction",
              "result", "minutes", "note", "cancel_reason", "recorded_at")  # fmt: skip

_PAST = (InteractionState.held.value, InteractionState.cancelled.value)

_CELLS = {
    "happened_at": cells.of(lambda row: moment(row.happened_at)),
    "recorded_at": cells.of(lambda row: moment(row.recorded_at)),
    "kind": cells.of(lambda row: cells.marked(row.kind.name, row.kind.icon)),
    "client": cells.of(lambda row: cells.card_of(row.client)),
    "state": cells.of(lambda row: cells.state(row.state)),
    "direction": cells.of(lambda row: label(row.direction)),
    "participants": cells.of(lambda row: cells.names(row.participants)),
    "contact_persons": cells.of(lambda row: cells.names(row.contact_persons)),
}


def _at_this_client() -> ColumnElement[bool] | None:
    """Whom the form offers: the persons at the client that is chosen in it, when it says which."""
    try:
        return ContactPerson.client_id == by.row_id(request.args.get("client"))
    except ValueError:
        return None


class InteractionView(EntityView):
    model = Interaction
    service = interactions
    see = Permission.interactions_see
    create = Permission.interactions_record
    change = Permission.interactions_correct
    export_right = Permission.interactions_export
    create_label = lazy("Record an interaction")
    empty_text = lazy("Calls, meetings and letters belong here, planned ones too.")
    not_yours = lazy("Only whoever spoke or wrote it down, the head and the admin correct a record.")
    search_words = lazy("words of the record, or its client: name, INN, telephone")

    column_list = (
        "happened_at",
        "client",
        "kind",
        "person",
        "request",
        "reaction",
        "result",
        "minutes",
    )
    column_details_list = ("client", "kind", "state", "direction", "happened_at", "person", "participants",
                           "contact_persons", "request", "reaction", "result", "minutes", "note",
                           "cancel_reason", "recorded_at", "recorded_by")  # fmt: skip
    column_labels = {
        "client": lazy("Client"),
        "kind": lazy("Kind"),
        "state": lazy("State"),
        "direction": lazy("Who turned to whom"),
        "happened_at": lazy("When"),
        "person": lazy("Who spoke"),
        "participants": lazy("Others of ours"),
        "contact_persons": lazy("With whom there"),
        "request": lazy("What the client asked"),
        "reaction": lazy("What we did about it"),
        "result": lazy("Result"),
        "minutes": lazy("Minutes"),
        "note": lazy("Note"),
        "cancel_reason": lazy("Why it is cancelled"),
        "recorded_at": lazy("Written down"),
        "recorded_by": lazy("Written down by"),
    }
    column_formatters = {
        **_CELLS,
        "kind": cells.of(cells.kind),
        "request": cells.of(lambda row: cells.short(row.request)),
        "reaction": cells.of(lambda row: cells.short(row.reaction)),
        "note": cells.of(lambda row: cells.short(row.note)),
        "cancel_reason": cells.of(lambda row: cells.short(row.cancel_reason)),
    }
    column_formatters_detail = _CELLS
    loads = one(Interaction.client, Interaction.kind, Interaction.person, Interaction.result)
    more_columns = ("state", "direction", "contact_persons", "participants", "note", "cancel_reason",
                    "recorded_at",
                    "recorded_by")  # fmt: skip
    column_loads = {
        "contact_persons": selectinload(Interaction.contact_persons),
        "participants": selectinload(Interaction.participants),
        "recorded_by": joinedload(Interaction.recorded_by),
    }
    sorts = {"happened_at": Interaction.happened_at, "recorded_at": Interaction.recorded_at}
    order = ("happened_at", True)
    filters = (
        by.by_row("kind", lazy("Kind"), Interaction.kind_id, choices.in_use(InteractionKind), is_main=True),
        by.by_word("state", lazy("State"), Interaction.state, InteractionState, is_main=True, usual=_PAST),
        by.by_row("person", lazy("Who spoke"), Interaction.person_id, choices.everybody, is_main=True),
        by_days("when", lazy("When"), Interaction.happened_at, (*PAST, *COMING[2:]), is_main=True),
        by.since("from", lazy("From"), Interaction.happened_at, is_main=True),
        by.until("to", lazy("To"), Interaction.happened_at, is_main=True),
        by_days("recorded", lazy("Written down"), Interaction.recorded_at),
        by.by_row("recorded_by", lazy("Written down by"), Interaction.recorded_by_id, choices.everybody),
        by.by_picked("client", lazy("Client"), Interaction.client_id, Client, "client"),
        by.by_row("result", lazy("Result"), Interaction.result_id, choices.in_use(Result)),
        by.yes_no("contact", lazy("Counts as a contact"), is_of_contact_kind()),
        by.by_word("direction", lazy("Who turned to whom"), Interaction.direction, Direction),
        by.yes_no("with_minutes", lazy("Minutes are known"), Interaction.minutes.is_not(None)),
    )

    usual_tab = lazy("What happened")

    def presets(self) -> list[tuple[Any, dict[str, str]]]:
        """Plans lie ahead, and so does the nearest of them; what happened is read from its end."""
        mine = {"person": str(me().id)}
        planned = {"state": InteractionState.planned.value, "sort": "happened_at"}
        return [
            (_("Plans"), planned),
            (_("Mine"), mine),
            (_("My plans"), mine | planned),
            (_("All"), {"state": by.ALL}),
        ]

    form_columns = ("client", "kind", "state", "direction", "happened_at", "contact_persons", "person",
                    "participants", "request", "reaction", "result", "minutes", "note",
                    "cancel_reason")  # fmt: skip
    field_groups = (
        (lazy("What it was"), ("client", "kind", "state", "direction", "happened_at", "minutes")),
        (lazy("Who took part"), ("contact_persons", "person", "participants")),
        (lazy("What came of it"), ("request", "reaction", "result", "note", "cancel_reason")),
    )
    form_widget_args = {"contact_persons": {"data-along": "client"}}
    choices = {
        "kind": choices.in_use(InteractionKind),
        "result": choices.in_use(Result),
        "person": choices.colleagues,
        "participants": choices.colleagues,
    }
    pickers = (
        client_picker("client", minimum_input_length=2),
        Picker(
            "contact_persons",
            ContactPerson,
            rule=contact_person_visible_to,
            finds=partial(contact_person_matches, first=True),
            order=(ContactPerson.name_fold, ContactPerson.id),
            shows=lambda row: f"{row.name} – {row.client.name}",
            loads=(joinedload(ContactPerson.client),),
            narrowed=_at_this_client,
            minimum_input_length=0,
        ),
    )

    def visible_to(self, viewer: User) -> ColumnElement[bool]:
        return interaction_visible_to(viewer)

    def changeable_by(self, viewer: User) -> ColumnElement[bool]:
        return interaction_correctable_by(viewer)

    def exportable_by(self, viewer: User) -> ColumnElement[bool]:
        return interaction_exportable_by(viewer)

    def finds(self, text: str) -> ColumnElement[bool] | None:
        return interaction_matches(text)

    def search_note(self, text: str) -> str:
        return newest_only() if leaves_older_out(text) else ""

    def fields_for(self, viewer: User, row: Any) -> set[str]:
        """Whoever may not record for others is the person himself; a record stays with its client."""
        mine = set() if allows(viewer.role, Permission.every_row) else {"person"}
        return mine if row is None else {*mine, "client"}

    def create_form(self, obj: Any = None) -> Any:
        form = super().create_form(obj)
        if request.method == "GET":
            form.happened_at.data = clock.now()
            form.client.data = self._form_ajax_refs["client"].get_one(request.args.get("client", ""))
            if "person" in form:
                form.person.data = me()
        return form

    def export_columns(self) -> Sequence[ExportColumn]:
        told = self.shown_values()
        return [ExportColumn(self.column_labels[name], told[name]) for name in _IN_A_FILE]

    def shown_values(self) -> dict[str, Any]:
        plain = ("happened_at", "state", "direction", "request", "reaction", "minutes", "note",
                 "cancel_reason",
                 "recorded_at")  # fmt: skip
        return {name: getattr(Interaction, name) for name in plain} | {
            "client": _CLIENT.name,
            "kind": _KIND.name,
            "person": _PERSON.name,
            "result": _RESULT.name,
            "recorded_by": _RECORDING.name,
            "contact_persons": contact_persons_of_interaction(),
            "participants": participants_of_interaction(),
        }

    def export_from(self, asked: Rows) -> Rows:
        return (
            asked.join(_CLIENT, _CLIENT.id == Interaction.client_id)
            .join(_KIND, _KIND.id == Interaction.kind_id)
            .join(_PERSON, _PERSON.id == Interaction.person_id)
            .join(_RECORDING, _RECORDING.id == Interaction.recorded_by_id)
            .outerjoin(_RESULT, _RESULT.id == Interaction.result_id)
        )
