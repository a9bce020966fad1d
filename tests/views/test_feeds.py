"""The calendar's secret address: made, renewed, switched off; whoever has it reads it without signing in."""

import re

import icalendar
import pytest
from sqlalchemy import select

from models import CalendarLink, User
from models.kinds import InteractionState
from tests import factories as make
from tests.conftest import NOON
from tests.views.test_notices import SETTINGS, post


@pytest.fixture
def address(signed_in, anna):
    """Makes one, as its page shows it."""

    def new():
        page = post(signed_in(anna), "calendar", act="make")
        assert page.status_code == 200
        return re.search(r'value="http://localhost(/calendar/[\w-]+\.ics)"', page.text).group(1)

    return new


def test_whoever_has_the_address_reads_it_without_signing_in(app, address, anna):
    make.an_interaction(
        client=make.a_client(name="Мост"), person=anna, state=InteractionState.planned, happened_at=NOON
    )
    answer = app.test_client().get(address())

    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    (event,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert str(event["summary"]).endswith(": Мост")
    assert "private" in answer.headers["Cache-Control"]


def test_it_is_shown_once_and_kept_as_a_hash_only(session, signed_in, address, anna):
    token = address().split("/")[-1].removesuffix(".ics")

    assert token not in signed_in(anna).get(SETTINGS).text
    assert token not in session.scalars(select(CalendarLink)).one().token_hash
    assert len(token) >= 40


def test_a_new_one_makes_the_old_one_worthless_and_off_is_off(app, session, signed_in, address, anna):
    first, second = address(), address()
    stranger = app.test_client()

    assert stranger.get(first).status_code == 404
    assert stranger.get(second).status_code == 200
    assert len(session.scalars(select(CalendarLink)).all()) == 1
    assert post(signed_in(anna), "calendar", act="off").status_code == 302
    assert stranger.get(second).status_code == 404
    assert post(signed_in(anna), "calendar", act="off").status_code == 302


def test_of_whoever_has_left_nothing_is_read(app, session, address, anna):
    where = address()
    session.get(User, anna.id).active = False
    session.commit()

    assert app.test_client().get(where).status_code == 404


@pytest.mark.parametrize("token", ["x", "a" * 5000, "%D1%8F", "..%2F..", "%00", "' OR 1=1 --"])
def test_any_other_address_is_not_there(app, session, token):
    assert app.test_client().get(f"/calendar/{token}.ics").status_code == 404


def test_what_has_not_changed_is_not_sent_again(app, session, address, anna):
    where, reader = address(), app.test_client()
    mark = reader.get(where).headers["ETag"]

    unchanged = reader.get(where, headers={"If-None-Match": mark})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    make.a_promise(person=session.get(User, anna.id))
    assert reader.get(where, headers={"If-None-Match": mark}).status_code == 200
