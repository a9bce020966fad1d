"""Looking a row up as one types: only rows the viewer may see, and only as many as a list shows."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_admin.model.ajax import AjaxModelLoader
from sqlalchemy import ColumnElement, Select, select

from crmadmin.core.db import db
from crmadmin.core.i18n import lazy
from models import Base, User
from views.admin.filters import row_id
from views.base import me

MOST_ROWS = 50
DEEPEST = 500


class Picker(AjaxModelLoader):
    """Rows of a long table that a form offers; ``rule`` is the row rule of that table's own screen."""

    def __init__(
        self,
        name: str,
        model: type[Base],
        *,
        rule: Callable[[User], ColumnElement[bool]],
        finds: Callable[[str], ColumnElement[bool] | None],
        order: Sequence[Any],
        shows: Callable[[Any], str] = str,
        loads: Sequence[Any] = (),
        narrowed: Callable[[], ColumnElement[bool] | None] = lambda: None,
        **options: Any,
    ) -> None:
        super().__init__(name, {"placeholder": lazy("Type to search"), **options})
        self.model, self.rule, self.finds = model, rule, finds
        self.order, self.shows, self.loads, self.narrowed = order, shows, loads, narrowed

    def format(self, model: Any) -> tuple[Any, str] | None:
        return None if model is None else (model.id, self.shows(model))

    def get_one(self, pk: Any) -> Any:
        return next(iter(self.get_some([pk])), None)

    def get_some(self, ids: Sequence[Any]) -> list[Any]:
        """The rows of these ids that may be picked; texts that are no ids find nothing."""
        known: list[int] = []
        for text in ids:
            try:
                known.append(row_id(str(text)))
            except ValueError:
                continue
        if not known:
            return []
        with db.no_autoflush:
            return list(db.scalars(self._rows().where(self.model.id.in_(known))))

    def get_list(self, query: str | None, offset: Any = 0, limit: Any = 10) -> list[Any]:
        """Ids first, by narrow indexes; then their rows."""
        ids = select(self.model.id).where(self.rule(me())).order_by(*self.order)
        for criterion in (self.finds((query or "").replace("\x00", "")[:200]), self.narrowed()):
            if criterion is not None:
                ids = ids.where(criterion)
        size = min(max(int(limit or 10), 1), MOST_ROWS)
        page = ids.limit(size).offset(min(max(int(offset or 0), 0), DEEPEST)).subquery()
        return list(db.scalars(self._rows().where(self.model.id.in_(select(page.c.id)))))

    def _rows(self) -> Select[Any]:
        return select(self.model).where(self.rule(me())).options(*self.loads).order_by(*self.order)
