"""entries that commit to their heads, what each anchor was made of, kinds that stay inside"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

NEVER = "nothing updates or deletes an anchor"
SQLITE = tuple(
    f"CREATE TRIGGER journal_anchor_end_no_{act} BEFORE {act.upper()} ON journal_anchor_end "
    f"BEGIN SELECT RAISE(ABORT, '{NEVER}'); END"
    for act in ("update", "delete")
)
POSTGRESQL = (
    """
    CREATE TRIGGER journal_anchor_end_no_change BEFORE UPDATE OR DELETE ON journal_anchor_end
    FOR EACH ROW EXECUTE FUNCTION anchors_are_append_only()
    """,
    *(
        f"""
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION anchors_are_append_only()
        """
        for table in ("journal_anchor", "journal_anchor_end")
    ),
)


def upgrade() -> None:
    """Columns are added in place: a copy of the journal, as a batch makes, would lose its triggers."""
    op.execute("ALTER TABLE journal_entry ADD COLUMN form INTEGER DEFAULT '1' NOT NULL")
    op.execute("ALTER TABLE interaction_kind ADD COLUMN internal BOOLEAN DEFAULT '0' NOT NULL")
    op.execute("UPDATE interaction_kind SET internal = '1' WHERE code = 'note'")
    op.create_table(
        "journal_anchor_end",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("anchor_id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["anchor_id"],
            ["journal_anchor.id"],
            name=op.f("fk_journal_anchor_end_anchor_id_journal_anchor"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_anchor_end")),
        sa.UniqueConstraint("chain", "anchor_id", name=op.f("uq_journal_anchor_end_chain_anchor_id")),
    )
    op.create_index(op.f("ix_journal_anchor_end_anchor_id"), "journal_anchor_end", ["anchor_id"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER journal_anchor_no_truncate ON journal_anchor")
    op.drop_table("journal_anchor_end")
    op.drop_column("interaction_kind", "internal")
    op.drop_column("journal_entry", "form")
