import pytest

from crmadmin.core.db import act_as
from crmadmin.formats import layouts
from crmadmin.formats.tables import Row
from crmadmin.services import imports
from models.kinds import Role
from tests.factories import (
    a_client_group,
    a_user,
)


@pytest.fixture
def bring_in(session):
    """Imports rows given as dicts of our own Russian headers; the admin does it."""
    a_client_group(code="potential", name_ru="потенциальные")
    admin = a_user(Role.admin, name="Админ")

    def run(*rows, layout="own_ru", by=admin, **more):
        headers = list(dict.fromkeys(header for row in rows for header in row))
        blank = dict.fromkeys(headers, "")
        lines = [Row(line, {**blank, **row}) for line, row in enumerate(rows, 2)]
        act_as(by)
        return imports.run(session, lines, layouts.named(layout).among(headers), by=by, **more)

    return run
