"""What a form says of its own cost, beside what was typed in it: ``seconds`` and ``keys``, by js/cost.js."""

from typing import Any

from flask import request

from crmadmin.rules import recording
from crmadmin.rules.recording import RecordDoor, Spent
from crmadmin.services import record_cost
from views.base import me

FIELDS = ("seconds", "keys")  # no part of what is recorded, and of no sending's mark


def spent() -> Spent | None:
    """By what was posted."""
    return recording.spent(*(request.form.get(name, "") for name in FIELDS))


def said() -> dict[str, str]:
    """As it was posted: a form that is drawn again goes on from there."""
    return {name: request.form.get(name, "")[:9] for name in FIELDS}


class Measured:
    """A generated form whose filling in is measured, where it makes something."""

    door: RecordDoor

    def create_form(self, obj: Any = None) -> Any:
        form: Any = super().create_form(obj)  # type: ignore[misc]
        form.cost, form.door = said(), self.door
        return form

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        super().on_model_change(form, model, is_created)  # type: ignore[misc]
        if is_created:
            record_cost.saved(self.door, spent(), by=me())
