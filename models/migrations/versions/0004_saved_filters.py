"""saved filters, layouts of lists, and the indexes their orders want"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _saved_filters()
    _layouts()
    op.create_index("ix_interaction_recorded_at", "interaction", ["recorded_at", "id"])


def _saved_filters() -> None:
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_saved_filter_named")),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["app_user.id"],
            name=op.f("fk_saved_filter_person_id_app_user"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("person_id", "list", "name", name=op.f("uq_saved_filter_person_id_list_name")),
    )
    op.create_index("ix_saved_filter_person_id", "saved_filter", ["person_id"])


def _layouts() -> None:
    op.create_table(
        "list_layout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(length=40), nullable=False),
        sa.Column("columns", sa.Text(), server_default="", nullable=False),
        sa.Column("page_size", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "page_size IS NULL OR page_size > 0", name=op.f("ck_list_layout_page_size_is_positive")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["app_user.id"],
            name=op.f("fk_list_layout_person_id_app_user"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_layout")),
        sa.UniqueConstraint("person_id", "list", name=op.f("uq_list_layout_person_id_list")),
    )
    op.create_index("ix_list_layout_person_id", "list_layout", ["person_id"])


def downgrade() -> None:
    op.drop_index("ix_interaction_recorded_at", "interaction")
    op.drop_table("list_layout")
    op.drop_table("saved_filter")
