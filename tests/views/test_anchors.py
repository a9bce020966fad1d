"""The anchors of the journal: their page, and the first request of a day that makes one."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from models import JournalAnchor
from models.kinds import Role
from tests.conftest import NOON
from tests.factories import a_client, a_journal_anchor, a_user
from views import daily


@pytest.fixture
def awake(app, session, tmp_path, monkeypatch):
    """The app as it is outside of tests: it makes anchors."""
    monkeypatch.setitem(app.config, "DAILY_ANCHORS", True)
    monkeypatch.setitem(app.config, "ANCHORS_FILE", tmp_path / "anchors.txt")
    monkeypatch.delitem(app.extensions, daily.DONE, raising=False)
    yield tmp_path / "anchors.txt"
    app.extensions.pop(daily.DONE, None)


def days(session) -> list[date]:
    return list(session.scalars(select(JournalAnchor.day).order_by(JournalAnchor.day)))


def test_the_first_request_of_a_day_makes_the_anchor(app, session, signed_in, awake):
    a_client()
    browser = signed_in(a_user())
    for _ in range(2):
        browser.get("/groups/", buffered=True)
    assert days(session) == [NOON.date()]
    with clock.stopped_at(NOON + timedelta(days=1)):
        browser.get("/groups/", buffered=True)

    assert days(session) == [NOON.date(), NOON.date() + timedelta(days=1)]
    assert [line[:10] for line in awake.read_text().splitlines()] == ["2026-03-02", "2026-03-03"]


def test_a_file_that_cannot_be_written_breaks_no_request(app, session, signed_in, awake):
    a_client()
    awake.mkdir()

    assert signed_in(a_user()).get("/groups/", buffered=True).status_code == 200
    assert days(session) == [NOON.date()]


def test_everybody_sees_them_newest_first_and_older_ones_on_further_pages(session, signed_in):
    for number in range(70):
        a_journal_anchor(day=date(2025, 1, 1) + timedelta(days=number), root=f"{number:064}")
    browser = signed_in(a_user(Role.colleague))

    page = browser.get("/anchors/").text
    assert f"{69:064}" in page
    assert f"{9:064}" not in page
    older = browser.get("/anchors/?before=2025-01-11").text
    assert f"{9:064}" in older
    assert f"{10:064}" not in older
    assert browser.get("/anchors/?before=never").status_code == 200
    assert 'href="/anchors/"' in browser.get("/groups/").text, "at the foot of the menu"
