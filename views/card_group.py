"""What the card tells of why its client is in its group."""

from typing import Any

from crmadmin.services import standings
from models import Client, User
from views import grouping_words as words


def standing(client: Client, _viewer: User) -> dict[str, Any]:
    """The rule and the values it went by then; or the hand that holds it, and until when."""
    found = standings.of(client)
    by_rule = found is not None and found.rule is not None
    return {
        "standing": found,
        "held": standings.is_held(found),
        "values": words.values(found.facts, words.Choices()) if found and by_rule else [],
    }
