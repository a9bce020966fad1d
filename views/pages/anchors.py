"""The anchors of the journal, for everybody to see and to keep."""

from contextlib import suppress
from datetime import date

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core.db import db
from crmadmin.core.permissions import Permission
from crmadmin.queries.anchors import newest_first
from views.base import Page

SHOWN = 60


class AnchorsPage(Page):
    see = Permission.clients_see

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The newest first; ``before`` leads on to older ones."""
        before = None
        with suppress(ValueError):
            before = date.fromisoformat(request.args.get("before", ""))
        found = db.scalars(newest_first(before).limit(SHOWN + 1)).all()
        shown = {"anchors": found[:SHOWN], "older": found[SHOWN - 1].day if len(found) > SHOWN else None}
        return self.render("pages/anchors/page.html", **shown)
