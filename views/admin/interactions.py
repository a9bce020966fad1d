"""Interactions: everything that happened or is to happen, and the form that records it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import request
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased, joinedload, selectinload
from wtforms.validators import NumberRange, Optional

from crmadmin.core import clock
from crmadmin.core.db import Rows
from crmadmin.core.i18n import _, lazy
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import choices
from crmadmin.queries.absences import plans_in_ones_hands
from crmadmin.queries.contacts import is_of_contact_kind
from crmadmin.queries.interaction_search import interaction_matches, leaves_older_out
from crmadmin.queries.interactions import contact_persons_of_interaction, participants_of_interaction
from crmadmin.queries.search import contact_person_matches
from crmadmin.queries.visibility import (
    contact_person_visible_to,
    interaction_correctable_by,
    interaction_exportable_by,
    interaction_visible_to,
)
from crmadmin.rules.recording import RecordDoor
from crmadmin.services import interactions, record_promises
from crmadmin.services.absences import substitutes
from models import Client, ContactPerson, Interaction, InteractionKind, Result, User
from models.base import named
from models.kinds import Direction, InteractionState
from views import cells, quick
from views.admin import filters as by
from views.admin.base import EntityView
from views.admin.clients import client_picker
from views.admin.days import EVER, by_days
from views.admin.exports import ExportColumn
from views.admin.lists import one
from views.admin.pickers import Picker
from views.admin.sorting import by_name, by_place, by_text, by_value, of_short
from views.base import me
from views.cost import Measured
from views.labels import label
from views.notes import newest_only
from views.templating import day, moment

_CLIENT, _KIND, _PERSON, _RECORDING, _RESULT = (
    aliased(Client),
    aliased(InteractionKind),
    aliased(User),
    aliased(User),
    aliased(Result),
)
_OF_PLANS = ("happened_at", "client", "kind", "person", "note")
_IN_A_FILE = ("happened_at", "client", "kind", "state", "direction", "person", "request", "reaction",
              "result", "minutes", "note", "cancel_reason", "recorded_at")  # fmt: skip

_TEXTS = ("request", "reaction", "note", "cancel_reason")
_MINUTES: Any = lazy("From 0 to 1440: a day has no more minutes.")
_PAST = (InteractionState.held.value, InteractionState.cancelled.value)

_CELLS = {
    "happened_at": cells.of(cells.happens),
    "recorded_at": cells.of(lambda row: moment(row.recorded_at)),
    "kind": cells.of(lambda row: cells.marked(row.kind.name, row.kind.icon)),
    "client": cells.of(lambda row: cells.card_of(row.client)),
    "state": cells.of(lambda row: cells.state(row.state)),
    "direction": cells.of(lambda row: label(row.direction)),
    "participants": cells.of(lambda row: cells.names(row.participants)),
    "contact_persons": cells.of(lambda row: cells.names(row.contact_persons)),
}


_SUBSTITUTING = {
    "1": (lazy("planned by whoever is away, for whom I act"), lambda: plans_in_ones_hands(me(), clock.now())),
}


def _at_this_client() -> ColumnElement[bool] | None:
    """Whom the form offers: the persons at the client that is chosen in it, when it says which."""
    try:
        return ContactPerson.client_id == by.row_id(request.args.get("client"))
    except ValueError:
        return None


class InteractionView(Measured, EntityView):
    model = Interaction
    door = RecordDoor.full
    service = interactions
    see = Permission.interactions_see
    create = Permission.interactions_record
    change = Permission.interactions_correct
    export_right = Permission.interactions_export
    create_label = lazy("Record an interaction")
    empty_text = lazy("Calls, meetings and letters belong here, planned ones too.")
    not_yours = lazy("Only whoever spoke or wrote it down, the head and the admin correct a record.")
    search_words = lazy("words of the record, or its client: name, INN, telephone")

    column_list = ("happened_at", "client", "kind", "person", "request", "reaction", "result", "minutes")
    column_details_list = ("client", "kind", "state", "direction", "happened_at", "person", "participants",
                           "contact_persons", "request", "reaction", "result", "minutes", "note",
                           "cancel_reason", "recorded_at", "recorded_by")  # fmt: skip
    column_labels = {
        "client": lazy("Client"),
        "kind": lazy("Kind"),
        "state": lazy("State"),
        "direction": lazy("Who turned to whom"),
        "happened_at": lazy("When"),
        "person": lazy("Our employee"),
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
                    "recorded_at", "recorded_by")  # fmt: skip
    column_loads = {
        "contact_persons": selectinload(Interaction.contact_persons),
        "participants": selectinload(Interaction.participants),
        "recorded_by": joinedload(Interaction.recorded_by),
    }
    sorts = {
        "happened_at": Interaction.happened_at,
        "recorded_at": Interaction.recorded_at,
        "client": of_short(by_name(Interaction.client_id, Client, "name_fold")),
        "kind": of_short(by_place(Interaction.kind_id, InteractionKind)),
        "result": of_short(by_place(Interaction.result_id, Result)),
        "person": of_short(by_name(Interaction.person_id, User)),
        "recorded_by": of_short(by_name(Interaction.recorded_by_id, User)),
        **{name: by_value(getattr(Interaction, name), nullable=False) for name in ("state", "direction")},
        "minutes": by_value(Interaction.minutes),
        **{name: by_text(getattr(Interaction, name)) for name in _TEXTS},
        "contact_persons": by_value(contact_persons_of_interaction()),
        "participants": by_value(participants_of_interaction()),
    }
    order = ("happened_at", True)
    filters = (
        by.by_row("kind", lazy("Kind"), Interaction.kind_id, choices.in_use(InteractionKind), is_main=True),
        by.by_word("state", lazy("State"), Interaction.state, InteractionState, is_main=True, usual=_PAST),
        by.by_row("person", lazy("Our employee"), Interaction.person_id, choices.everybody, is_long=True,
                  is_main=True),
        by_days("when", lazy("When"), Interaction.happened_at, EVER, is_main=True),
        by.since("from", lazy("From"), Interaction.happened_at, is_main=True),
        by.until("to", lazy("To"), Interaction.happened_at, is_main=True),
        by_days("recorded", lazy("Written down"), Interaction.recorded_at),
        by.by_row("recorded_by", lazy("Written down by"), Interaction.recorded_by_id, choices.everybody),
        by.by_picked("client", lazy("Client"), Interaction.client_id, Client, "client"),
        by.by_row("result", lazy("Result"), Interaction.result_id, choices.in_use(Result)),
        by.one_of("substituting", lazy("Substituting"), _SUBSTITUTING),
        by.yes_no("contact", lazy("Counts as a contact"), is_of_contact_kind()),
        by.by_word("direction", lazy("Who turned to whom"), Interaction.direction, Direction),
        by.yes_no("with_minutes", lazy("Minutes are known"), Interaction.minutes.is_not(None)),
    )  # fmt: skip

    usual_tab = lazy("What happened")

    def usual_columns(self) -> Sequence[str]:
        """Of a plan nothing has come yet: what is to be done stands in its note."""
        only_plans = request.args.getlist("state") == [InteractionState.planned.value]
        return _OF_PLANS if only_plans else self.column_list

    def presets(self) -> list[tuple[Any, dict[str, Any]]]:
        """Plans lie ahead, and so does the nearest of them; what happened is read from its end."""
        mine = {"person": str(me().id)}
        planned = {"state": InteractionState.planned.value, "sort": "happened_at"}
        acting = [(_("Plans I do for others"), {**planned, "substituting": "1"})] if substitutes(me()) else []
        return [
            (_("Plans"), planned),
            *acting,
            (_("Mine"), mine),
            (_("My plans"), mine | planned),
            (_("All"), {"state": by.ALL}),
        ]

    form_columns = ("client", "kind", "state", "direction", "cancel_reason", "happened_at", "minutes",
                    "contact_persons", "person", "participants", "request", "reaction", "result",
                    "note")  # fmt: skip
    field_groups = (
        (lazy("With whom and when"), ("client", "kind", "state", "direction", "cancel_reason",
                                      "happened_at", "minutes")),
        (lazy("People"), ("contact_persons", "person", "participants")),
        (lazy("What it is about"), ("request", "reaction", "result", "note")),
    )  # fmt: skip
    form_args = {
        "minutes": {"validators": [Optional(), NumberRange(0, 1440, message=_MINUTES)]},
        "reaction": {"description": lazy("A line “! prices by Friday” is a promise.")},
    }
    beneath = {"reaction": "parts/promises/typed.html"}
    form_widget_args = {
        "contact_persons": {"data-along": "client"},
        "cancel_reason": {"data-when": f"state={InteractionState.cancelled.value}", "aria-required": "true"},
    }
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

    def title_of(self, row: Any) -> str:
        """«Meeting, 23 November, Romashka»: what it was, when, with whom."""
        return ", ".join((str(row.kind), day(row.happened_at), row.client.name))

    def stands(self, row: Any) -> list[tuple[Any, Any]]:
        return [(self.column_labels["client"], cells.card_of(row.client))]

    def fields_for(self, viewer: User, row: Any) -> set[str]:
        """Whoever may not record for others is the person himself; a record stays with its client."""
        mine = set() if allows(viewer.role, Permission.every_row) else {"person"}
        return mine if row is None else {*mine, "client"}

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        super().on_model_change(form, model, is_created)
        record_promises.save(model, is_new=is_created, by=me())

    def create_form(self, obj: Any = None) -> Any:
        form = super().create_form(obj)
        if request.method == "GET":
            form.happened_at.data = clock.now()
            if request.args.get("state") == InteractionState.planned:
                form.state.data, form.happened_at.data = InteractionState.planned.value, quick.moment("1")
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
            "kind": named(_KIND),
            "person": _PERSON.name,
            "result": named(_RESULT),
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
