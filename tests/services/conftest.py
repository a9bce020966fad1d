"""Whom most acts are about, and bringing rows in as a file does."""

from dataclasses import replace

import pytest

from crmadmin.core import clock
from crmadmin.core.db import act_as
from crmadmin.formats import layouts
from crmadmin.formats.tables import Row
from crmadmin.services import imports
from models.kinds import Language, Role
from tests.conftest import NOON
from tests.factories import a_client, a_client_group, a_user
from tests.services.reporting import DAY, set_up


@pytest.fixture
def anna(session):
    """A manager."""
    return a_user(name="Анна")


@pytest.fixture
def client(anna):
    """One of hers."""
    return a_client(name="Ромашка", curator=anna)


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


@pytest.fixture
def posting(app, session):
    """The settings of an installation that sends letters."""
    with app.app_context():
        yield replace(app.config["CRM"], mail_url="smtp://127.0.0.1", base_url="https://crm.example.ru")


@pytest.fixture
def olga(session):
    """The head, for three months already."""
    with clock.stopped_at(NOON - 90 * DAY):
        return a_user(Role.head, name="Ольга", email="olga@example.ru", language=Language.en)


@pytest.fixture
def weekly(olga):
    """The team's numbers of each week for her, since last week."""
    return set_up(olga)
