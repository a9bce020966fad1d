"""The anchor of the day: in the database, and kept there, in its file."""

from pathlib import Path

from crmadmin.core.db import transaction
from crmadmin.services import anchors
from models import JournalAnchor


def make(file: Path) -> JournalAnchor | None:
    """None where it was made before; the file gets what it lacks anyway."""
    with transaction():
        made = anchors.make()
    anchors.keep(file)
    return made
