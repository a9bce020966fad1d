"""What clients want solved. None of them runs."""

from collections.abc import Sequence

from sqlalchemy import Select, select

from models import ClientTask


def open_tasks(client_ids: Sequence[int]) -> Select[ClientTask]:
    """Those that are not closed yet: at most one of each client."""
    return select(ClientTask).where(ClientTask.client_id.in_(client_ids), ClientTask.closed_at.is_(None))
