"""What people keep of their lists: filters under a name, and which columns they want to see."""

from typing import Any
from urllib.parse import parse_qsl

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError, NotFound
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission
from crmadmin.queries.lists import saved_visible_to
from crmadmin.services import lists
from models import SavedFilter
from views.admin.base import EntityView
from views.admin.filters import row_id
from views.base import Page, can, me
from views.forms import only_ours
from views.guards import is_local


class OwnLists(Page):
    """Small forms of every list's page; each leads back to the list."""

    see = Permission.self_change

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return redirect(url_for("home.index"))

    @expose("/save", methods=("POST",))
    def save(self) -> ResponseReturnValue:
        """The rows that the address names, under a name; what is nonsense in it is not kept."""
        only_ours()
        view = self._list()
        said = view.read_address(MultiDict(parse_qsl(request.form.get("query", ""))))
        query = view.which_rows(said)
        try:
            with transaction(by=me()):
                lists.save(
                    request.form.get("name", ""),
                    list=view.endpoint,
                    query=query,
                    shared=_ticked("shared"),
                    by=me(),
                )
        except DomainError as refusal:
            flash(str(refusal), "error")
        return redirect(view._get_list_url(said.clone(page=0)))

    @expose("/change", methods=("POST",))
    def change(self) -> ResponseReturnValue:
        """Another name, shared or not; or away with it."""
        only_ours()
        saved = self._saved()
        try:
            with transaction(by=me()):
                if request.form.get("act") == "remove":
                    lists.remove(saved, by=me())
                else:
                    lists.change(saved, name=request.form.get("name", ""), shared=_ticked("shared"), by=me())
        except DomainError as refusal:
            flash(str(refusal), "error")
        return _back()

    @expose("/columns", methods=("POST",))
    def columns(self) -> ResponseReturnValue:
        """Which columns, in which order, how many rows a page; or as it was."""
        only_ours()
        view = self._list()
        with transaction(by=me()):
            if request.form.get("act") == "usual":
                lists.lay_out_as_usual(view.endpoint, by=me())
            else:
                self._lay_out(view)
        return _back()

    def _lay_out(self, view: EntityView) -> None:
        wanted = list(dict.fromkeys([str(view.column_list[0]), *request.form.getlist("column")]))
        as_usual = wanted == request.form.get("usual", "").split()  # then each tab goes on bringing its own
        size = request.form.get("page_size", type=int)
        lists.lay_out(
            view.endpoint,
            columns=[] if as_usual else [name for name in wanted if name in view.columns_on_offer()],
            page_size=size if size in view.page_size_options and size != view.page_size else None,
            by=me(),
        )

    def _list(self) -> EntityView:
        """The list a form is about: one that whoever sends it may see."""
        views: list[Any] = self.admin._views if self.admin else []
        named = [each for each in views if each.endpoint == request.form.get("list")]
        if not named or not isinstance(named[0], EntityView) or not can(named[0].see):
            raise NotFound(_("There is no such list."))
        return named[0]

    def _saved(self) -> SavedFilter:
        try:
            id = row_id(request.form.get("saved", ""))
        except ValueError:
            id = 0
        saved = db.scalar(select(SavedFilter).where(SavedFilter.id == id, saved_visible_to(me())))
        if saved is None:
            raise NotFound(_("There is no such saved list."))
        return saved


def _ticked(name: str) -> bool:
    return bool(request.form.get(name))


def _back() -> ResponseReturnValue:
    """To the list the form stood in; every door checks that ``url`` is an address of this program."""
    where = request.form.get("url", "")
    return redirect(where if is_local(where) else "/")
