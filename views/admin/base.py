"""What generated screens have in common: rights, row rules, the domain's checks, honest refusals.

A subclass declares; it does not query and does not decide.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.form import FormOpts
from flask_admin.model.helpers import get_mdict_item_or_list
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.exc import SQLAlchemyError

from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed, NotFound
from crmadmin.core.i18n import _, lazy
from crmadmin.core.permissions import Permission
from crmadmin.services.meanwhile import hold
from models import Base, User
from views.admin import drawing, two_editors
from views.admin.converters import Converter
from views.admin.filters import row_id
from views.admin.inline import InlineView
from views.admin.pickers import Picker
from views.admin.saving import broken
from views.base import Guarded, can, me
from views.forms import CrmForm, is_ours


class EntityView(Guarded, InlineView):
    """A table's screens. Which rows is one criterion, and every door goes through it."""

    model: type[Base]
    create: ClassVar[Permission | None] = None  # nobody, unless a subclass says who
    change: ClassVar[Permission | None] = None
    choices: ClassVar[Mapping[str, Callable[[User], Select[Any]]]] = {}
    pickers: ClassVar[Sequence[Picker]] = ()
    not_yours: Any = lazy("This is somebody else's: you may look at it, not change it.")
    create_label: Any = ""
    empty_text: Any = ""
    field_groups: ClassVar[Sequence[tuple[Any, Sequence[str]]] | None] = None
    beneath: ClassVar[Mapping[str, str]] = {}  # a part of a page under a field of the form

    form_base_class = CrmForm
    model_form_converter = Converter
    create_template = "admin/model/create.html"
    edit_template = "admin/model/edit.html"
    details_template = "admin/model/details.html"
    can_delete = False
    can_view_details = True

    def __init__(self, **menu: Any) -> None:
        given: dict[str, Any] = {name: dict(said) for name, said in (self.form_args or {}).items()}
        for field, rows in self.choices.items():
            given.setdefault(field, {})["query_factory"] = partial(_offer, rows)
        self.form_args = given
        self.form_ajax_refs = {picker.name: picker for picker in self.pickers}
        super().__init__(type(self).model, db, **menu)  # pyright: ignore[reportArgumentType]

    # Which rows: a subclass must say, because a forgotten answer must not mean "all".

    def visible_to(self, viewer: User) -> ColumnElement[bool]:
        raise NotImplementedError

    def changeable_by(self, viewer: User) -> ColumnElement[bool]:
        raise NotImplementedError

    def exportable_by(self, viewer: User) -> ColumnElement[bool]:
        raise NotImplementedError

    # What Flask-Admin asks; answered from the declarations above.

    @property
    def can_create(self) -> bool:  # type: ignore[override]
        return self.create is not None and can(self.create)

    @property
    def can_edit(self) -> bool:  # type: ignore[override]
        return self.change is not None and can(self.change)

    @property
    def can_export(self) -> bool:  # type: ignore[override]
        return self.export_right is not None and can(self.export_right)

    def get_query(self) -> Any:
        return db.query(self.model).filter(self.visible_to(me()))

    def get_count_query(self) -> Any:
        return db.query(func.count()).select_from(self.model).filter(self.visible_to(me()))

    def get_one(self, id: Any) -> Any:
        """The row of an id as the address says it; None for one that is not his to see, or no id at all."""
        try:
            number = row_id(id)
        except ValueError:
            return None
        return self.get_query().filter(self.model.id == number).options(*self.loads).one_or_none()

    def may_change(self, row: Any) -> bool:
        asked = select(self.model.id).where(self.model.id == row.id, self.changeable_by(me()))
        return self.can_edit and db.scalar(asked) is not None

    def selected(self, ids: Sequence[str]) -> Any:
        """The row an action is for, held from here on; None unless it is the viewer's to change.

        One row only: what is done with many has a preview, its own journal and an undoing.
        """
        if len(set(ids)) > 1:
            raise DomainError(_("One at a time here: tick several and choose an act for many."))
        row = self.get_one(ids[0]) if ids else None
        if row is None:
            return None
        hold(row)
        row = self.get_one(str(row.id))
        return row if row is not None and self.may_change(row) else None

    def create_form(self, obj: Any = None) -> Any:
        return self.without_fields(super().create_form(obj), None)

    def edit_form(self, obj: Any = None) -> Any:
        form = self.without_fields(super().edit_form(obj), obj)
        if request.method != "POST":
            form.seen = two_editors.written(form)
        return form

    # Doors

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        if not self.can_create:
            raise NotAllowed(_("Adding here is not yours to do."))
        return super().create_view()

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        row = self._asked_for()
        if request.method == "POST":
            hold(row)
        if self.may_change(row):
            return super().edit_view()
        if request.method == "POST" and self.can_edit and is_ours():  # it was his when he began to type
            return self._kept_for_reading(row)
        raise NotAllowed(self.whose(row))

    def _kept_for_reading(self, row: Any) -> Any:
        """What he typed, though it cannot be saved: so that he can take it elsewhere."""
        flash(_("%(why)s What you typed is still here: copy what you need.", why=self.whose(row)), "error")
        opts = FormOpts(widget_args=self.form_widget_args)
        back = self.get_url(".index_view")
        page = super().render(
            self.edit_template, model=row, form=self.edit_form(row), form_opts=opts, return_url=back
        )
        return page, 403

    @expose("/filters/")
    def later_filters(self) -> Any:
        """The filters behind the button that did not come with the list; or all that one filter offers."""
        said = self._get_list_extra_args()
        if "of" in request.args:
            return self.render("parts/list/choices.html", fields=drawing.later_choices(self, said))
        fields = drawing.later_filters(self, said)
        return self.render("parts/list/later_filters.html", fields=fields)

    @expose("/details/")
    def details_view(self) -> Any:
        if not self.can_view_details:
            raise NotFound(_("There is nothing more to see."))
        self._asked_for()
        return super().details_view()

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> Any:
        raise NotAllowed(_("Nothing is deleted here: what is out of use is put away or switched off."))

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Any:
        asked = request.form.get("action", "")
        if asked not in self._actions_data:
            raise NotFound(_("There is no such action."))
        if not self.is_action_allowed(asked):
            raise NotAllowed(_("This is not yours to do."))
        return super().action_view()

    @expose("/ajax/update/", methods=("POST",))
    def ajax_update(self) -> Any:
        """One cell of a list, changed in place: the same rights, row rule and checks as the form's."""
        if not self.column_editable_list:
            raise NotFound(_("There is nothing to change here."))
        row = self.get_one(request.form.get("list_form_pk"))
        if row is None:
            return _plain(_("There is no such row."), 404)
        hold(row)
        if not self.may_change(row):
            return _plain(str(self.not_yours), 403)
        form = self.list_form(obj=row)
        for field in [each.name for each in form if each.name not in {*request.form, "csrf_token"}]:
            del form[field]
        if self.validate_form(form) and self.update_model(form, row):
            return _plain(_("Saved."), 200)
        said = [str(error) for field in form for error in field.errors]
        return _plain(" ".join(said) or _("This could not be saved."), 422)

    def _asked_for(self) -> Any:
        row = self.get_one(get_mdict_item_or_list(request.args, "id"))
        if row is None:
            raise NotFound(_("There is no such row."))
        return row

    def render(self, template: str, **kwargs: Any) -> Any:
        page = super().render(template, **kwargs)
        form = kwargs.get("form")
        if request.method != "POST" or form is None:
            return page
        changed = getattr(form, "meanwhile", None)
        return page, 400 if "csrf_token" in form.errors else 409 if changed else 422

    def handle_view_exception(self, exc: Exception) -> bool:
        """Flask-Admin would print the statement and its parameters."""
        if isinstance(exc, DomainError):
            flash(str(exc), "error")
        elif isinstance(exc, SQLAlchemyError):
            flash(broken(exc), "error")
        else:
            return bool(super().handle_view_exception(exc))
        return True


def _offer(rows: Callable[[User], Select[Any]]) -> list[Any]:
    with db.no_autoflush:
        return list(db.scalars(rows(me())))


def _plain(sentence: str, status: int) -> ResponseReturnValue:
    return sentence, status, {"Content-Type": "text/plain; charset=utf-8"}
