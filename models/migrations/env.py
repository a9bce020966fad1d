"""Alembic's way in. It is run by ``flask db``, which hands over an open connection."""

import re
from typing import Any, Literal

from alembic import context

from models import Base
from models.base import UtcDateTime

SEARCH = re.compile(r"_search(_(data|idx|content|docsize|config))?$|_trgm$")  # no model's: see 0002


def frozen(_kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration must read the same for ever, so it names no type of ours."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcDateTime) else False


def ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Not what a database keeps for searching, which each kind of database does in its own way."""
    return not (kind in {"table", "index"} and name and SEARCH.search(name))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=frozen,
    include_name=ours,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
