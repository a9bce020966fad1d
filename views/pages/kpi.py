"""The managers' numbers: the team's page, everybody's own, and what stands behind each number."""

from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core.permissions import Permission
from models import User
from views import kpi_address
from views.base import can, me
from views.pages import kpi_team
from views.pages.kpi_matrix import MatrixDoors
from views.pages.kpi_person import PersonDoors
from views.pages.kpi_rows import PersonRows, TeamRows


class KpiPage(PersonDoors, PersonRows):
    """Whoever may not see the team's numbers goes on to his own."""

    see = Permission.kpi_see
    model = User

    @expose("/")
    def index(self) -> ResponseReturnValue:
        if not can(Permission.kpi_see_team):
            return redirect(url_for("kpi.person", person_id=me().id, **kpi_address.same_period()))
        return kpi_team.table(self)


class KpiTeamPage(kpi_team.TeamDoors, TeamRows, MatrixDoors):
    """Doors under the same address that are the head's alone."""

    see = Permission.kpi_see_team

    def __init__(self, **menu: Any) -> None:
        self._default_view = "matrix"  # Flask-Admin wants one at "/", and that is the team's table
        super().__init__(url="/kpi", **menu)

    def is_visible(self) -> bool:
        return False
