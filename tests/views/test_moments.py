"""Moments of a form where clocks are put forward and back: Berlin, in 2026 on 29 March and 25 October."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from crmadmin.core import clock, i18n
from models import Interaction
from models.kinds import InteractionState, Language, Role
from tests.factories import a_client, a_user, an_interaction, an_interaction_kind
from tests.views.forms import filled
from views.fields import read_moment

FIRST, SECOND = (datetime(2026, 10, 25, hour, 30, 17, tzinfo=UTC) for hour in (0, 1))  # both are 02:30 there


@pytest.fixture
def berlin():
    before = i18n.zone()
    i18n.set_zone(ZoneInfo("Europe/Berlin"))
    yield
    i18n.set_zone(before)


@pytest.mark.parametrize("at", [FIRST, SECOND])
def test_a_moment_nobody_has_touched_stays_where_it_was(session, signed_in, berlin, at):
    me = a_user()
    with clock.stopped_at(datetime(2026, 10, 26, 9, tzinfo=UTC)):
        row = an_interaction(person=me, happened_at=at, note="раз")
        answer = filled(signed_in(me), f"/interactions/edit/?id={row.id}", note="два")
    assert answer.status_code == 302
    assert session.execute(select(Interaction.happened_at, Interaction.note)).one() == (at, "два")


def test_a_moment_typed_anew_is_kept_by_the_first_of_two_equal_hours(session, signed_in, berlin):
    me = a_user()
    with clock.stopped_at(datetime(2026, 10, 26, 9, tzinfo=UTC)):
        row = an_interaction(person=me, happened_at=datetime(2026, 10, 25, 11, tzinfo=UTC))
        filled(signed_in(me), f"/interactions/edit/?id={row.id}", happened_at="2026-10-25T02:30")
    assert session.scalar(select(Interaction.happened_at)) == FIRST.replace(second=0)


@pytest.mark.parametrize(
    "typed", ["31.03.2026 14:30", "31.03.2026, 14:30", "31.03.26  14:30", "2026-03-31 14:30"]
)
def test_a_moment_is_read_as_people_write_it(app, typed):
    with app.app_context():
        assert read_moment(typed) == datetime(2026, 3, 31, 11, 30, tzinfo=UTC)


def test_what_lies_ahead_is_told_with_its_time(app, noon):
    """Of a plan of next week one has to know the hour; of what was last month the day is enough."""
    with app.test_request_context():
        told = [str(i18n.moment(noon + timedelta(days=days))) for days in (-30, 1, 7)]

    assert told == ["31 Jan", "tomorrow, 12:00", "9 Mar, 12:00"]


def test_a_russian_is_told_how_russians_write_it(session, signed_in):
    row, me = an_interaction(), a_user(Role.head, language=Language.ru)
    answer = filled(signed_in(me), f"/interactions/edit/?id={row.id}", happened_at="завтра")
    assert "Пишите так: 31.03.2026 14:30" in answer.text


def test_an_hour_that_the_clocks_skipped_is_refused(session, signed_in, berlin):
    client, kind = a_client(), an_interaction_kind()
    typed = {"client": client.id, "kind": kind.id, "state": InteractionState.planned}
    with clock.stopped_at(datetime(2026, 3, 20, 9, tzinfo=UTC)):
        ask = signed_in(a_user())
        for there in ("2026-03-29T02:00", "2026-03-29T02:30", "2026-03-29T02:59"):
            answer = filled(ask, "/interactions/new/", **typed, happened_at=there)
            assert answer.status_code == 422
            assert "put forward" in answer.text
        assert session.scalar(select(Interaction.id)) is None
        assert filled(ask, "/interactions/new/", **typed, happened_at="2026-03-29T03:00").status_code == 302
    assert session.scalar(select(Interaction.happened_at)) == datetime(2026, 3, 29, 1, tzinfo=UTC)
