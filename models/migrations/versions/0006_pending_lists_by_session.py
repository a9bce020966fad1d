"""how many new rows wait for a search index is said by whoever writes: an act on many lets more wait"""

from alembic import op

revision = "0006"
down_revision = "0005"

TABLES = ("client", "contact_person", "interaction")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in TABLES:
            op.execute(f"ALTER INDEX ix_{name}_search_text_trgm RESET (gin_pending_list_limit)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in TABLES:
            op.execute(f"ALTER INDEX ix_{name}_search_text_trgm SET (gin_pending_list_limit = 256)")
