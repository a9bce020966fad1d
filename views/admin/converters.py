"""From a column to a form field: the domain's own types, labels in the viewer's language, plain texts."""

from typing import Any

from flask_admin.contrib.sqla.form import AdminModelConverter
from flask_admin.form import DatePickerWidget, Select2Field
from flask_admin.model.form import converts
from wtforms import DateField, Field, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from views.fields import (
    ChosenField,
    ChosenManyField,
    MomentField,
    PickedField,
    PickedManyField,
    plain_text,
    text_or_blank,
)
from views.labels import options

LARGEST = 1_000_000  # no number of this program is larger, and PostgreSQL refuses those beyond its integers


class Converter(AdminModelConverter):
    """Flask-Admin's knows none of our types, drops choices it does not know, and lets NUL through."""

    @converts("UtcDateTime")
    def moment(self, field_args: dict[str, Any], **extra: Any) -> Field:
        return MomentField(**field_args)

    @converts("String")
    def conv_String(  # noqa: N802 - Flask-Admin calls it so
        self, column: Any, field_args: dict[str, Any], **extra: Any
    ) -> Field:
        field_args["filters"] = [plain_text if column.nullable else text_or_blank]
        said = field_args["validators"]
        if any(isinstance(each, Optional) for each in said):  # the domain fills what is left blank
            field_args["validators"] = said = [each for each in said if not isinstance(each, InputRequired)]
        if column.type.length and not any(isinstance(each, Length) for each in said):
            said.append(Length(max=column.type.length))
        return StringField(**field_args)

    @converts("Text")
    def conv_Text(  # noqa: N802
        self, column: Any, field_args: dict[str, Any], **extra: Any
    ) -> Field:
        field_args["filters"] = [plain_text if column.nullable else text_or_blank]
        field_args["validators"].append(Length(max=20_000))
        return TextAreaField(**field_args)

    @converts("Integer")
    def handle_integer_types(self, column: Any, field_args: dict[str, Any], **extra: Any) -> Field:
        if not any(isinstance(each, NumberRange) for each in field_args["validators"]):
            field_args["validators"].append(NumberRange(0, LARGEST))
        return IntegerField(**field_args)

    @converts("Date")
    def convert_date(self, field_args: dict[str, Any], **extra: Any) -> Field:
        field_args.setdefault("widget", DatePickerWidget())
        return DateField(**field_args)

    @converts("sqlalchemy.sql.sqltypes.Enum")
    def convert_enum(self, column: Any, field_args: dict[str, Any], **extra: Any) -> Field:
        words = column.type.enum_class
        field_args.setdefault("choices", options(words))
        return Select2Field(coerce=words, allow_blank=column.nullable, **field_args)

    def _model_select_field(self, prop: Any, multiple: Any, remote_model: Any, **kwargs: Any) -> Any:
        loader = self.view._form_ajax_refs.get(prop.key)
        if loader:
            return (PickedManyField if multiple else PickedField)(loader, **kwargs)
        if "query_factory" not in kwargs:
            raise TypeError(f"{self.view}: say in `choices` or `pickers` what {prop.key} offers")
        return (ChosenManyField if multiple else ChosenField)(**kwargs)
