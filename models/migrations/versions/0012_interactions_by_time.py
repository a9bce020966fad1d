"""interactions are found in their indexes by their state, too: the row is not looked at"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

TABLE = "interaction"
BY_TIME, CANCELLED = "ix_interaction_happened_at", "ix_interaction_cancelled"
_PLACE = ["happened_at", "id"]
BEFORE = {BY_TIME: _PLACE, CANCELLED: [*_PLACE, "client_id", "kind_id", "person_id"]}
_OFF = sa.text("state <> 'planned' AND state <> 'held'")
OFF = {"sqlite_where": _OFF, "postgresql_where": _OFF}


def upgrade() -> None:
    _made({name: [*columns, "state"] for name, columns in BEFORE.items()})


def downgrade() -> None:
    _made(BEFORE)


def _made(indexes: dict[str, list[str]]) -> None:
    for name, columns in indexes.items():
        op.drop_index(name, TABLE)
        op.create_index(name, TABLE, columns, **(OFF if name == CANCELLED else {}))
