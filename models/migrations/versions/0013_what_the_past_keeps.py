"""whose numbers a promise counts in, which day of a series a plan is for, since when somebody has left"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

INDEX = "ix_promise_counted_for_id_due_at"

# The latest entries about whoever is inactive: that he was switched off stands in one of them.
TOLD = """
    SELECT e.subject_id, e.recorded_at, e.data
    FROM journal_entry AS e JOIN app_user AS u ON u.id = e.subject_id
    WHERE e.subject = 'person' AND NOT u.active ORDER BY e.id
"""


def upgrade() -> None:
    op.add_column("promise", sa.Column("counted_for_id", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE promise SET counted_for_id = person_id")
    op.create_index(INDEX, "promise", ["counted_for_id", "due_at", "id", "state", "side"])
    op.add_column("interaction", sa.Column("series_on", sa.Date(), nullable=True))
    op.add_column("app_user", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    _tell_since_when_they_have_left()


def _tell_since_when_they_have_left() -> None:
    connection = op.get_bind()
    left = {}
    for id, at, data in connection.execute(sa.text(TOLD)):
        pair = (json.loads(data) if isinstance(data, str) else data).get("active")
        if pair and not pair[1]:
            left[id] = at
    for id, at in left.items():
        told = sa.text("UPDATE app_user SET left_at = :at WHERE id = :id")
        connection.execute(told, {"at": at, "id": id})


def downgrade() -> None:
    op.drop_column("app_user", "left_at")
    op.drop_column("interaction", "series_on")
    op.drop_index(INDEX, "promise")
    op.drop_column("promise", "counted_for_id")
