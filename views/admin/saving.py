"""Saving a form: together or not at all, once, and never over what somebody else has just saved."""

import logging
import secrets
from types import ModuleType
from typing import Any

from flask import flash, redirect, request
from sqlalchemy.exc import SQLAlchemyError

from crmadmin.core.db import is_busy, transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, lazy
from crmadmin.services import once
from models import Base
from views import cost
from views.admin import telling, two_editors
from views.admin.exports import ExportView
from views.base import me

log = logging.getLogger("crmadmin.errors")

LONGEST = 20_000  # what a form says of itself: more is not of our making
OF_THE_FORM = {"csrf_token", "once", "seen", "take", *cost.FIELDS}


class SavingView(ExportView):
    """How a generated form is kept, and what it says when it is not."""

    service: ModuleType
    saved_words: Any = lazy("Saved: %(name)s.")

    def address_of(self, row: Base) -> str:
        """Where one looks at a row."""
        prefix = getattr(self, "details_prefix", "")
        return f"{prefix}{row.id}" if prefix else self.get_url(".details_view", id=row.id)

    def create_view(self) -> Any:
        made = once.claim(self._key(), by=me()) if request.method == "POST" else ""
        if made:
            flash(_("This was saved already: here it is."), "info")
            return redirect(made)
        return telling.named(super().create_view())

    def edit_view(self) -> Any:
        return telling.named(super().edit_view())

    def title_of(self, row: Any) -> str:
        """What a row is called over its form, and when it was saved."""
        return str(getattr(row, "name", "") or row)

    def stands(self, row: Any) -> list[tuple[Any, Any]]:
        """What a form shows of a row and does not change: a label and what is said."""
        return []

    def validate_form(self, form: Any) -> bool:
        if super().validate_form(form):
            return True
        if request.method == "POST" and "csrf_token" not in form.errors:
            telling.look_further(self, form)
            forget_offers(form)
        return False

    def create_form(self, obj: Any = None) -> Any:
        form: Any = super().create_form(obj)
        form.once = _said("once") or secrets.token_urlsafe(18)
        return form

    def edit_form(self, obj: Any = None) -> Any:
        form: Any = super().edit_form(obj)
        form.seen = _said("seen") if request.method == "POST" else ""
        return form

    def fields_for(self, viewer: Any, row: Any) -> set[str]:
        """Fields of the form this viewer does not get, for a new row (None) or one that stands."""
        return set()

    def without_fields(self, form: Any, row: Any) -> Any:
        for name in self.fields_for(me(), row):
            if name in form:
                del form[name]
        return form

    def create_model(self, form: Any) -> Any:
        row = self.build_new_instance()
        return row if self._saved(form, row, is_new=True) else False

    def update_model(self, form: Any, model: Any) -> bool:
        current = self.without_fields(self._edit_form_class(None, obj=model), model)
        taken = request.form.getlist("take")
        changes = two_editors.reconciled(form, current, model, _said("seen"), taken)
        if changes:
            form.seen = two_editors.written(current)
        if any(change.conflicts for change in changes):
            form.meanwhile = {change.name: change for change in changes}
            return False
        for change in changes:  # what he did not touch stays as the other made it, and he is told
            flash(f"{change.label}: {change.sentence}", "info")
        return self._saved(form, model, is_new=False)

    def _saved(self, form: Any, row: Any, *, is_new: bool) -> bool:
        try:
            with transaction(by=me()) as session:
                with session.no_autoflush:
                    form.populate_obj(row)
                    self.on_model_change(form, row, is_new)
                session.add(row)
                if is_new:
                    session.flush()
                    once.made(self._key(), self.address_of(row))
        except DomainError as refusal:
            telling.tell(form, refusal)
        except SQLAlchemyError as error:
            flash(broken(error), "error")
        else:
            telling.was_saved(str(self.saved_words) % {"name": self.title_of(row)})
            return True
        forget_offers(form)
        return False

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        self.service.check(model, by=me(), is_new=is_created)

    def _key(self) -> str:
        typed = [pair for pair in request.form.items(multi=True) if pair[0] not in OF_THE_FORM]
        return once.key_of(_said("once"), typed, by=me())


def forget_offers(form: Any) -> None:
    """The rows on offer were forgotten with the transaction: they are asked for anew."""
    for field in form:
        if getattr(field, "_object_list", None) is not None:
            field._object_list = None


def broken(error: SQLAlchemyError) -> str:
    if is_busy(error):
        return _("Somebody else is writing just now. What you typed is still here: save it again.")
    number = secrets.token_hex(3)
    log.error("error %s at %s %s", number, request.method, request.path, exc_info=error)
    return _("This could not be saved: it may be there already. Error number %(number)s.", number=number)


def _said(name: str) -> str:
    text = request.form.get(name, "")
    return text if len(text) <= LONGEST else ""
