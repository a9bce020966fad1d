"""Form fields that speak the domain's types: moments, rows on offer, lines of contacts."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import request
from flask_admin.contrib.sqla.fields import QuerySelectField, QuerySelectMultipleField
from flask_admin.model.fields import AjaxSelectField, AjaxSelectMultipleField
from wtforms import Field, TextAreaField, ValidationError
from wtforms.widgets import DateTimeLocalInput

from crmadmin.core import i18n
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, lazy
from crmadmin.services import contacts

MOST_PICKED = 100
BLANKS = (None, "", "__None")


def plain_text(text: Any) -> Any:
    """A text as the database takes it: PostgreSQL refuses NUL; browsers end lines in their own way."""
    if not isinstance(text, str):
        return text
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def typed(name: str) -> str:
    """What the posted form says in a field, as the database takes it; blank where it says nothing."""
    return str(plain_text(request.form.get(name, "")))


def text_or_blank(text: Any) -> Any:
    return "" if text is None else plain_text(text)


_MOMENTS = (
    *("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"),
    *("%d.%m.%Y %H:%M", "%d.%m.%Y, %H:%M", "%d.%m.%y %H:%M"),
)


def read_moment(typed: str) -> datetime:
    """A local date and time as people write them, in UTC; ValueError, a sentence, for anything else."""
    for shape in _MOMENTS:
        try:
            there = datetime.strptime(" ".join(typed.split()), shape)  # noqa: DTZ007 - the zone is put on below
        except ValueError:
            continue
        if not 1900 <= there.year <= 2200:
            raise ValueError(_("The year lies between 1900 and 2200."))
        moment = there.replace(tzinfo=i18n.zone()).astimezone(UTC)
        if i18n.local(moment).replace(tzinfo=None) != there:
            raise ValueError(_("There was no such hour: clocks were put forward past it that day."))
        return moment
    raise ValueError(_("This is no date and time: write them like 2026-03-31 14:30."))


class MomentField(Field):
    """A local date and time on the page, an aware moment in the form's data."""

    widget = DateTimeLocalInput()
    data: datetime | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return _shown(self.data) if self.data else ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """A form shows no seconds, nor which of two equal hours: one that nobody has touched keeps them."""
        typed = " ".join(valuelist).strip()
        if not valuelist:
            return
        old, self.data = self.object_data, read_moment(typed) if typed else None
        if old and self.data and self.data.second == 0 and _shown(old) == _shown(self.data):
            self.data = old


def _shown(moment: datetime) -> str:
    return f"{i18n.local(moment):%Y-%m-%dT%H:%M}"


class LinesField(TextAreaField):
    """Several telephones or e-mails, one a line; ``keep`` makes rows of what was typed."""

    def __init__(self, label: Any, *, keep: Callable[[Any, str], None], **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.keep = keep

    def process_data(self, value: Any) -> None:
        self.data = "\n".join(str(row) for row in value or ())

    def populate_obj(self, obj: Any, name: str) -> None:
        try:
            self.keep(obj, text_or_blank(self.data))
        except DomainError as refusal:
            raise DomainError(str(refusal), field=name) from refusal


def how_to_reach() -> dict[str, Any]:
    """The fields of a client's, or a contact person's, telephones and e-mails."""
    return {
        "telephones": LinesField(
            lazy("Telephones"),
            keep=contacts.set_telephones,
            description=lazy("One a line, as you write them."),
        ),
        "emails": LinesField(lazy("E-mails"), keep=contacts.set_emails, description=lazy("One a line.")),
    }


def _refuse() -> None:
    raise ValidationError(_("This is not among what you may choose."))


def _read(field: Any) -> None:
    """Flask-Admin asks whether a choice was wrong before it has looked at what was chosen."""
    _ = field.data


class ChosenField(QuerySelectField):
    """One row of a short list. The present one stays on offer; one not offered is refused, not dropped."""

    def _get_object_list(self) -> list[tuple[str, Any]]:
        if self._object_list is None:
            offered = super()._get_object_list()
            now = getattr(self, "object_data", None)
            if now is not None and not any(row is now for _pk, row in offered):
                offered.append((str(self.get_pk(now)), now))
        return self._object_list or []

    def pre_validate(self, form: Any) -> None:
        if self.data is None and self._formdata not in BLANKS:
            _refuse()
        super().pre_validate(form)


class ChosenManyField(QuerySelectMultipleField):
    """Several rows of a short list; those that are chosen already stay on offer."""

    def _get_object_list(self) -> list[tuple[str, Any]]:
        if self._object_list is None:
            offered = super()._get_object_list()
            known = {pk for pk, _row in offered}
            now = [(str(self.get_pk(row)), row) for row in getattr(self, "object_data", None) or ()]
            offered.extend(pair for pair in now if pair[0] not in known)
        return self._object_list or []

    def pre_validate(self, form: Any) -> None:
        _read(self)
        super().pre_validate(form)


class PickedField(AjaxSelectField):
    """One row of a long list, looked up as one types; what the viewer may not pick is refused."""

    def pre_validate(self, form: Any) -> None:
        if self.data is None and self._formdata not in BLANKS:
            _refuse()
        super().pre_validate(form)


class PickedManyField(AjaxSelectMultipleField):
    """Several rows of a long list, found by one question."""

    def _get_data(self) -> list[Any]:
        if self._formdata:
            asked = [text for text in self._formdata if text]
            found = self.loader.get_some(asked[:MOST_PICKED])  # pyright: ignore[reportAttributeAccessIssue]
            self._invalid_formdata = len(found) < len(asked)
            self._set_data(found)
        return self._data

    def _set_data(self, data: Any) -> None:
        self._data, self._formdata = data, None

    data = property(_get_data, _set_data)

    def process_formdata(self, valuelist: Iterable[str]) -> None:
        if valuelist:
            self._data = []
        super().process_formdata(list(valuelist))

    def pre_validate(self, form: Any) -> None:
        _read(self)
        if self._invalid_formdata:
            _refuse()
