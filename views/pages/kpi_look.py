"""Which way one looks at oneself: chosen, remembered, and seen by nobody else."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core.db import transaction
from crmadmin.core.permissions import Permission
from crmadmin.services import kpi_look
from models.kinds import KpiLook
from views.base import Page, me
from views.forms import only_ours
from views.guards import is_local


class KpiLookPage(Page):
    see = Permission.kpi_see

    def is_visible(self) -> bool:
        return False

    @expose("/", methods=("POST",))
    @expose("", methods=("POST",))
    def index(self) -> ResponseReturnValue:
        """An unknown word changes nothing."""
        only_ours()
        word = request.form.get("look", "")
        if word in set(KpiLook):
            with transaction(by=me()):
                kpi_look.choose(KpiLook(word), by=me())
        where = request.form.get("next", "")
        return redirect(where if is_local(where) else url_for("kpi.person", person_id=me().id))
