"""The parts of a client's card that are each made by itself, and where they stand.

A part is ``parts/card/<name>.html``; what its template reads under its own name is said here. Every part
works by itself: the card includes those that are in ``PARTS``, at the places ``PLACES`` names.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.queries.recurring import of_client as recurring_of
from crmadmin.queries.timeline import spoke_since
from crmadmin.services.recurring import may_stop
from models import Client, User
from views import card_group, card_handover, card_promises, card_talk, card_team
from views.pages import record, requests, wishes
from views.recurring_words import said

LATELY = 90  # days


def _who_spoke(client: Client, viewer: User) -> dict[str, Any]:
    since = clock.now() - timedelta(days=LATELY)
    return {"days": LATELY, "people": db.execute(spoke_since(client, since, viewer)).all()}


def _again(client: Client, viewer: User) -> dict[str, Any]:
    """What comes again with the client."""
    running = db.scalars(recurring_of(client.id)).all()
    return {
        "client": client,
        "running": running,
        "said": said,
        "may_stop": lambda series: may_stop(series, viewer),
    }


PARTS: dict[str, Callable[[Client, User], dict[str, Any]]] = {
    "curators": card_handover.curators,
    "handover": card_handover.handing_over,
    "group": card_group.standing,
    "who_spoke": _who_spoke,
    "warning": card_team.warning,
    "record": record.part,
    "task": card_talk.task,
    "comments": card_talk.comments,
    "promises": card_promises.promises,
    "requests": requests.of_card,
    "wishes": wishes.of_card,
    "files": card_talk.files,
    "again": _again,
    "first_touch": lambda _client, _viewer: {},  # it loads its verdict by itself
}

PLACES: dict[str, tuple[str, ...]] = {
    "left": ("group", "curators", "handover"),
    "middle": ("warning", "record", "task", "comments"),
    "right": ("again", "promises", "requests", "wishes", "who_spoke", "first_touch", "files"),
}


def of_card(client: Client, viewer: User) -> dict[str, Any]:
    """What the card's template is given for its parts: each under its name, and the names by their place."""
    said: dict[str, Any] = {name: make(client, viewer) for name, make in PARTS.items()}
    return {**said, "places": {place: [n for n in names if n in PARTS] for place, names in PLACES.items()}}
