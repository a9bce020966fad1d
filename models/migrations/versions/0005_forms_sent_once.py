"""forms sent once"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "form_once",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made", sa.String(length=400), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["app_user.id"],
            name=op.f("fk_form_once_person_id_app_user"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_once")),
        sa.UniqueConstraint("key", name=op.f("uq_form_once_key")),
    )
    with op.batch_alter_table("form_once", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_once_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_form_once_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("form_once")
