"""What the card tells of promises, both ways."""

from typing import Any

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.queries import promises as asked
from models import Client, User


def promises(client: Client, viewer: User) -> dict[str, Any]:
    return {"rows": db.execute(asked.of_card(client, viewer, clock.now())).all()}
