"""indexes that hold all that the pages of a day look at"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

USUAL = "archived_at IS NULL AND rhythm_days IS NULL"
NEVER = f"{USUAL} AND last_contact_at IS NULL"
OWN = "rhythm_days IS NOT NULL AND archived_at IS NULL"
WAITS = (
    "state <> 'planned' AND state <> 'cancelled' AND request <> '' AND reaction = '' AND answered_at IS NULL"
)

ASKED = ["next_contact_at", "curator_id", "region_id", "archived_at"]
BY_CURATOR = ["curator_id", "group_id", "archived_at", "rhythm_days", "last_contact_at", "created_at"]

# Name, columns, and which rows; of the table that begins the name.
BEFORE = [
    ("ix_client_curator_id_group_id", BY_CURATOR, ""),
    ("ix_client_never_spoken_to", ["group_id", "created_at", "id", "next_contact_at"], NEVER),
    ("ix_client_own_rhythm", ["rhythm_days", "id"], OWN),
    ("ix_client_spoken_to", ["group_id", "last_contact_at", "id", "next_contact_at"], USUAL),
]
NOW = [
    ("ix_client_curator_id_group_id", [*BY_CURATOR, "next_contact_at", "region_id"], ""),
    ("ix_client_never_spoken_to", ["group_id", "created_at", "id", *ASKED, "rhythm_days", "last_contact_at"],
     NEVER),
    ("ix_client_own_rhythm", ["rhythm_days", "id", "group_id", "last_contact_at", "created_at", *ASKED], OWN),
    ("ix_client_spoken_to", ["group_id", "last_contact_at", "id", *ASKED, "rhythm_days"], USUAL),
    ("ix_interaction_cancelled", ["happened_at", "id", "client_id", "kind_id", "person_id"],
     "state <> 'planned' AND state <> 'held'"),
    ("ix_interaction_client_id_person_id",
     ["client_id", "person_id", "kind_id", "state", "minutes", "happened_at"], ""),
    ("ix_interaction_unanswered_by_person", ["person_id", "happened_at", "id"], WAITS),
    ("ix_interaction_waiting", ["happened_at", "id", "client_id"], WAITS),
]  # fmt: skip

Indexes = Iterable[tuple[str, list[str], str]]


def upgrade() -> None:
    _drop(BEFORE)
    _make(NOW)


def downgrade() -> None:
    _drop(NOW)
    _make(BEFORE)


def _make(indexes: Indexes) -> None:
    for name, columns, where in indexes:
        which: Any = {f"{dialect}_where": sa.text(where) for dialect in ("sqlite", "postgresql") if where}
        op.create_index(name, name.split("_")[1], columns, **which)


def _drop(indexes: Indexes) -> None:
    for name, _columns, _where in indexes:
        op.drop_index(name, name.split("_")[1])
