"""interactions are found by their state in their indexes; who spends how much on whom has one of its own"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

TABLE = "interaction"
BY_TIME, CANCELLED, SPENT = "ix_interaction_happened_at", "ix_interaction_cancelled", "ix_interaction_spent"
BEFORE = {
    BY_TIME: ["happened_at", "id"],
    CANCELLED: ["happened_at", "id", "client_id", "kind_id", "person_id"],
}
WHERE = {
    CANCELLED: "state <> 'planned' AND state <> 'held'",
    SPENT: "state <> 'planned' AND state <> 'cancelled'",
}


def upgrade() -> None:
    for name, columns in BEFORE.items():
        op.drop_index(name, TABLE)
        _create(name, [*columns, "state"])
    _create(SPENT, ["happened_at", "client_id", "person_id", "kind_id", "minutes", "state"])


def downgrade() -> None:
    op.drop_index(SPENT, TABLE)
    for name, columns in BEFORE.items():
        op.drop_index(name, TABLE)
        _create(name, columns)


def _create(name: str, columns: list[str]) -> None:
    where = sa.text(WHERE[name]) if name in WHERE else None
    op.create_index(name, TABLE, columns, sqlite_where=where, postgresql_where=where)
