"""What our forms share: the session's one token, good for every form of a page and for twelve hours."""

from datetime import timedelta
from typing import Any, cast

from flask import abort, g, request
from flask_admin.babel import Translations
from flask_admin.form import SecureForm
from werkzeug.datastructures import MultiDict

from crmadmin.core.i18n import lazy, said

HEADER = "X-CSRFToken"  # how scripts send it


class FormWords(Translations):
    """What WTForms says of a wrong value: in our words where our catalogue has them, else in its own."""

    OURS = (
        lazy("Number must be at least %(min)s."),
        lazy("Number must be at most %(max)s."),
        lazy("Number must be between %(min)s and %(max)s."),
        lazy("Date must be at least %(min)s."),
        lazy("Date must be at most %(max)s."),
        lazy("Date must be between %(min)s and %(max)s."),
        lazy("Not a valid choice."),
        lazy("Not a valid choice"),  # Flask-Admin's
        lazy("Not a valid date value."),
        lazy("Not a valid datetime value."),
        lazy("Not a valid integer value."),
        lazy("Invalid Choice: could not coerce."),
        lazy("This field cannot be edited."),
        lazy("This field is required."),
        lazy("CSRF token missing."),
        lazy("CSRF token expired."),
        lazy("CSRF failed."),
        lazy("Invalid CSRF Token."),
    )

    def gettext(self, string: str) -> str:
        ours = said(string)
        return ours if ours != string else super().gettext(string)


class CrmForm(SecureForm):
    """The base of every form, Flask-Admin's included: as good as the session, not thirty minutes."""

    class Meta(SecureForm.Meta):
        csrf_time_limit = timedelta(hours=12)

        def get_translations(self, form: Any) -> Translations:
            return FormWords()


def csrf_token() -> str:
    """One for all forms of a page."""
    if "csrf_token" not in g:
        g.csrf_token = cast(Any, CrmForm()).csrf_token.current_token
    return g.csrf_token


def is_ours() -> bool:
    """Whether what was posted comes from a page of this session."""
    typed = request.form.get("csrf_token") or request.headers.get(HEADER, "")
    return CrmForm(cast(Any, MultiDict({"csrf_token": typed}))).validate()


def only_ours() -> None:
    """400 for a change that no page of ours asked for."""
    if not is_ours():
        abort(400)
