"""A place for jobs: its settings say where letters go to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crmadmin.core import clock
from crmadmin.jobs.ticks import Place, Work


@pytest.fixture
def place(app, session, tmp_path):
    """Letters are laid into a folder, unless a test says otherwise."""
    given = replace(
        app.config["CRM"],
        mail_url=f"file://{tmp_path}/letters",
        mail_from="CRM <crm@example.ru>",
        base_url="https://crm.example.ru",
    )
    with app.app_context():
        yield Place(given, tmp_path / "anchors.txt")


@pytest.fixture
def work(place):
    """A job that is being done now, and was done a minute ago."""
    return lambda since=timedelta(minutes=1): Work(
        place, clock.now(), clock.now() - since if since else None, lambda: None
    )
