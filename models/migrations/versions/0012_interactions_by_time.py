"""the list of interactions is found in its index: what is planned stands before what happened"""

from alembic import op

revision = "0012"
down_revision = "0011"

NAME, TABLE = "ix_interaction_happened_at", "interaction"
BEFORE = ["happened_at", "id"]
NOW = [*BEFORE, "state"]


def upgrade() -> None:
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, NOW)


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, BEFORE)
