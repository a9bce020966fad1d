"""The card of a client at ``/clients/<id>``: who they are, what was said, what is next; and on paper."""

from typing import TYPE_CHECKING, Any

from flask import Response
from flask_admin import expose
from sqlalchemy import and_
from sqlalchemy.orm import selectinload

from crmadmin.core import clock, i18n
from crmadmin.core.db import db
from crmadmin.core.errors import NotFound
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission
from crmadmin.queries import timeline as asked
from crmadmin.queries.card import persons_at
from crmadmin.services.assignment import open_period
from models import Client
from views import card_parts, cells, timeline
from views.admin.drawing import way_through
from views.admin.lists import one
from views.base import can, me
from views.told import told

_SHOWN = (
    *one(Client.group, Client.industry, Client.region, Client.curator, Client.channel, Client.recommended_by),
    *(selectinload(several) for several in (Client.telephones, Client.emails, Client.tags)),
)

if TYPE_CHECKING:
    from views.admin.base import EntityView

    Screen = EntityView
else:
    Screen = object


class ClientCard(Screen):
    """What is seen of one client; mixed into the client's screens."""

    @expose("/<int:client_id>")
    def card(self, client_id: int) -> Any:
        client = self._seen(client_id)
        wanted, before = timeline.read(client.id)
        drawn = timeline.drawn(self._addresses(client.id), wanted, before)
        return self.render(
            "pages/client/card.html",
            way=way_through(self, client.id),
            timeline=drawn,
            planned=self._planned(drawn),
            may_add_person=client.may_change and can(Permission.contact_persons_change),
            **self._facts(client),
            **card_parts.of_card(client, me()),
        )

    @expose("/<int:client_id>/timeline")
    def lines(self, client_id: int) -> Response:
        """The timeline alone, or the lines below a place: what the card fetches."""
        wanted, before = timeline.read(self._visible(client_id).id)
        return timeline.fragment(self._addresses(client_id), wanted, before)

    @expose("/<int:client_id>/print")
    def printed(self, client_id: int) -> Any:
        """The card on paper, with as much of the timeline as its filters leave."""
        client = self._seen(client_id)
        wanted, before = timeline.read(client.id)
        drawn = timeline.drawn(self._addresses(client.id), wanted, before, most=timeline.PRINTED)
        return self.render(
            "pages/client/printed.html",
            left_out=timeline.for_paper(drawn),
            timeline=drawn,
            printed=i18n.moment_exact(clock.now()),
            **self._facts(client),
        )

    def _facts(self, client: Any) -> dict[str, Any]:
        moved = db.scalar(asked.last_move(client))
        return {
            "client": client,
            "quiet": cells.silence(client, client.silence),
            "period": open_period(client),
            "moved": told(moved) if moved else None,
            "persons": db.scalars(persons_at(client)).all(),
        }

    def _planned(self, drawn: timeline.Timeline) -> list[Any]:
        """What is next, whatever the timeline beside is narrowed to."""
        if drawn.has_all_plans:
            return [line.row for line in drawn.planned]
        ids = list(db.scalars(asked.planned_ids(asked.Wanted(drawn.wanted.client_id))))[: asked.MOST_PLANNED]
        known = {row.id: row for row in db.scalars(asked.interactions(ids))}
        return [known[id] for id in ids]

    def _addresses(self, client_id: int) -> timeline.Addresses:
        ways = (f"{self.endpoint}.{way}" for way in ("card", "lines", "printed"))
        return timeline.Addresses(*ways, client_id=client_id)

    def _visible(self, client_id: int) -> Any:
        seen = self.get_one(str(client_id))
        if seen is None:
            raise NotFound(_("There is no such client."))
        return seen

    def _seen(self, client_id: int) -> Any:
        """The client, where it is the viewer's to see, with what a list knows of it beside."""
        known = self.told(and_(Client.id == client_id, self.visible_to(me())), _SHOWN)
        if not known:
            raise NotFound(_("There is no such client."))
        return known[0]
