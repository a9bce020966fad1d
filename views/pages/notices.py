"""What one is told: the bell, and the page behind it."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core.db import db, transaction
from crmadmin.core.i18n import local
from crmadmin.core.permissions import Permission
from crmadmin.queries.card_talk import notices_of
from crmadmin.services import notices
from models import Notice
from views import notice_words
from views.admin.filters import row_id
from views.base import Page, me
from views.forms import only_ours
from views.guards import is_local


class Told(NamedTuple):
    notice: Notice
    words: Any
    address: str


class NoticesPage(Page):
    see = Permission.self_change

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        rows = [
            Told(row, notice_words.of(row), notice_words.address(row)) for row in db.scalars(notices_of(me()))
        ]
        return self.render("pages/notices/page.html", days=list(_by_day(rows)))

    @expose("/read", methods=("POST",))
    def read(self) -> ResponseReturnValue:
        """One of them, and on to what it is about; or all."""
        only_ours()
        ids = [number for text in request.form.getlist("id") if (number := _number(text))]
        with transaction(by=me()):
            notices.read(None if request.form.get("all") == "1" else ids, by=me())
        where = request.form.get("next", "")
        return redirect(where if is_local(where) else url_for("notices.index"))


def _by_day(rows: list[Told]) -> Iterator[tuple[date | None, list[Told]]]:
    """What is not read yet, whatever its day; then what is, by day."""
    fresh = [row for row in rows if row.notice.read_at is None]
    if fresh:
        yield None, fresh
    seen = (row for row in rows if row.notice.read_at is not None)
    for day, some in groupby(seen, key=lambda row: local(row.notice.at).date()):
        yield day, list(some)


def _number(text: str) -> int | None:
    try:
        return row_id(text)
    except ValueError:
        return None
