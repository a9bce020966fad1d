"""What our forms share: the session's one token, good for every form of a page and for twelve hours.


And what a form is marked by, so that it does once what it is sent twice for.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from flask import abort, g, request
from flask_admin.babel import Translations
from flask_admin.form import SecureForm
from werkzeug.datastructures import MultiDict

from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import lazy, said
from crmadmin.services import once
from views import cost
from views.base import me

HEADER = "X-CSRFToken"  # how scripts send it
OF_THE_FORM = {"csrf_token", "once", *cost.FIELDS}  # what a form says of itself

TOO_LONG: Any = lazy("The page had been open for too long. Please send it once more.")


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


def stale() -> str:
    """What to say over a form that nobody can tell to be ours any more: it is drawn again, with a new token
    and what was typed. Blank where it is ours."""
    return "" if is_ours() else str(TOO_LONG)


def must_be_ours(field: str | None = None) -> None:
    """The same as a refusal."""
    if said := stale():
        raise DomainError(said, field=field)


def once_secret() -> str:
    """What a form is known by, however often it is sent; drawn again, it is the same one."""
    return request.form.get("once", "")[:200] or secrets.token_urlsafe(18)


def made_once(make: Callable[[], str], *more: tuple[str, str]) -> str:
    """The address of what the posted form makes, or has made already; within the caller's transaction.

    ``more`` is what the sending brings beside its fields. What fails may be sent again.
    """
    typed = [pair for pair in request.form.items(multi=True) if pair[0] not in OF_THE_FORM]
    mark = once.key_of(request.form.get("once", "")[:200], [*typed, *more, ("at", request.path)], by=me())
    where = once.claim(mark, by=me())
    if not where:
        where = make()
        once.made(mark, where)
    return where


def once_only(act: Callable[[], Any], *more: tuple[str, str]) -> None:
    """`made_once` for an act that leads nowhere of its own."""

    def make() -> str:
        act()
        return request.path

    made_once(make, *more)
