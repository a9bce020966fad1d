"""The page of one contact person at ``/contact-persons/<id>``: who they are, and the timeline with them."""

from typing import TYPE_CHECKING, Any

from flask import Response, redirect, request
from flask_admin import expose

from crmadmin.core.errors import NotFound
from crmadmin.core.i18n import _
from views import timeline

if TYPE_CHECKING:
    from views.admin.base import EntityView

    Screen = EntityView
else:
    Screen = object


class ContactPersonCard(Screen):
    """Mixed into the screens of contact persons."""

    @expose("/<int:person_id>")
    def card(self, person_id: int) -> Any:
        person = self._visible(person_id)
        wanted, before = timeline.read(person.client_id, person.id)
        return self.render(
            self.details_template,
            model=person,
            details_columns=self._details_columns,
            get_value=self.get_detail_value,
            return_url=self.get_url(".index_view"),
            timeline=timeline.drawn(self._addresses(person.id), wanted, before),
        )

    @expose("/<int:person_id>/timeline")
    def lines(self, person_id: int) -> Response:
        """The timeline alone, or the lines below a place: what the page fetches."""
        person = self._visible(person_id)
        wanted, before = timeline.read(person.client_id, person.id)
        return timeline.fragment(self._addresses(person.id), wanted, before)

    @expose("/details/")
    def details_view(self) -> Any:
        said = {name: text for name, text in request.args.items() if name != "id"}
        return redirect(self.get_url(".card", person_id=self._asked_for().id, **said))

    def _visible(self, person_id: int) -> Any:
        person = self.get_one(str(person_id))
        if person is None:
            raise NotFound(_("There is no such contact person."))
        return person

    def _addresses(self, person_id: int) -> timeline.Addresses:
        return timeline.Addresses(f"{self.endpoint}.card", f"{self.endpoint}.lines", person_id=person_id)
