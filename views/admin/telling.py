"""What a form tells: everything that is wrong with it at once, each at its field; and what was saved."""

from typing import Any

from flask import flash, g, get_flashed_messages, url_for
from flask_admin.babel import gettext
from markupsafe import Markup, escape
from sqlalchemy.exc import SQLAlchemyError

from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError
from views import cells
from views.base import me


class _OnlyLooked(Exception):
    """Takes what was only tried out of its transaction."""


def tell(form: Any, refusal: DomainError) -> None:
    """Each refusal at its field, where the form has it."""
    for part in refusal.parts:
        if part.field and part.field in form:
            field = form[part.field]
            field.errors = [*field.errors, _linked(part)]
        else:
            flash(str(part), "error")


def look_further(view: Any, form: Any) -> None:
    """Tell what the domain has against the fields that are well-formed, where others are not.

    Nothing is kept: the row is filled and checked in a transaction that is undone.
    """
    is_new = form._obj is None
    row = view.build_new_instance() if is_new else form._obj
    well = [field for field in form if not field.errors]
    refused: list[DomainError] = []
    try:
        with transaction(by=me()), db.no_autoflush:
            refused += _filled(row, well)
            view.on_model_change(form, row, is_new)
            raise _OnlyLooked
    except DomainError as refusal:
        refused += refusal.parts
    except (_OnlyLooked, SQLAlchemyError):
        pass
    names = {field.short_name for field in well}
    for part in refused:
        if part.field in names:
            tell(form, part)


def _filled(row: Any, fields: list[Any]) -> list[DomainError]:
    refused: list[DomainError] = []
    for field in fields:
        try:
            field.populate_obj(row, field.short_name)
        except DomainError as refusal:
            refused += refusal.parts
    return refused


def _linked(refusal: DomainError) -> str:
    """With a link to the row it speaks of, in a page of its own: what was typed stays here."""
    sentence, about = str(refusal), refusal.about
    if about is None or about.table not in {"client", "person"}:
        return sentence
    before, colon, after = sentence.partition(": ")
    if about.table == "person":  # who is to leave: what to do first
        return escape(before + colon) + cells.link(url_for("people.leaving", person_id=about.id), after)
    link = Markup('<a href="{}" target="_blank" rel="noopener">{}</a>').format(
        url_for("clients.card", client_id=about.id), about.words
    )
    return escape(before + colon) + Markup("{}").format(link) + escape(after.removeprefix(about.words))


def was_saved(words: str) -> None:
    """Remember for ``named`` what to say."""
    g.saved_words = words


def named(answer: Any) -> Any:
    """The answer to a form, and in place of Flask-Admin's «Record was successfully saved» what it was."""
    words = g.pop("saved_words", None)
    if words:
        theirs = {
            gettext("Record was successfully created."),
            gettext("Record was successfully saved."),
        }
        for category, text in get_flashed_messages(with_categories=True):  # those of this request, taken back
            flash(words if text in theirs else text, category)
    return answer
