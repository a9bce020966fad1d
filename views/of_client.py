"""Pages under the address of one client: ``/clients/<id>/…``."""

from typing import Any, TypeVar

from sqlalchemy import Select, select

from crmadmin.core.db import db
from crmadmin.core.errors import NotFound
from crmadmin.core.i18n import lazy
from crmadmin.queries.visibility import client_visible_to
from models import Client
from views.base import Page, me

Row = TypeVar("Row")

_NO_CLIENT: Any = lazy("There is no such client.")
_NO_RECORD: Any = lazy("There is no such record.")


class OfClient(Page):
    """A page that belongs to a client; ``first`` names the one of its doors that stands for the others."""

    first = "index"

    def __init__(self, **menu: Any) -> None:
        self._default_view = self.first  # Flask-Admin wants one at "/", and that is the card
        super().__init__(url="/clients/<int:client_id>", **menu)

    def is_visible(self) -> bool:
        return False

    def client(self, client_id: int) -> Client:
        """The client of the address, where the viewer may see it."""
        return visible_client(client_id)


def visible_client(client_id: int, *loads: Any) -> Client:
    """The client of that number, where the viewer may see it; numbers beyond the database's are nobody's."""
    return _one(select(Client).where(client_visible_to(me())).options(*loads), Client, client_id, _NO_CLIENT)


def of_visible_client(entity: type[Row], id: int) -> Row:
    """A row that belongs to a client, where the viewer may see that client."""
    theirs: Any = entity
    visible = theirs.client_id.in_(select(Client.id).where(client_visible_to(me())))
    return _one(select(entity).where(visible), entity, id, _NO_RECORD)


def _one(asked: Select[Any], entity: Any, id: int, refusal: Any) -> Any:
    found = db.scalar(asked.where(entity.id == id))
    if found is None:
        raise NotFound(refusal)
    return found
