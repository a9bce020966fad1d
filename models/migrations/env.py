"""Alembic's way in. It is run by ``flask db``, which hands over an open connection."""

from typing import Any, Literal

from alembic import context

from models import Base
from models.base import UtcDateTime


def frozen(_kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration must read the same for ever, so it names no type of ours."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=frozen,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
