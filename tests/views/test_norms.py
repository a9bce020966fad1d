"""The norms: seen by those they are for, set, changed and ended by whoever leads."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from crmadmin.core import clock
from models import Norm
from models.kinds import Role
from tests import factories as make
from tests.views.doors import token_of

DAY = timedelta(days=1)
TYPED = {"indicator": "contacts", "whose": "manager", "low": "20", "high": "60", "first": "2026-03-02"}


@pytest.fixture
def head(session):
    return make.a_user(Role.head)


@pytest.fixture
def anna(session):
    return make.a_user(name="Анна Белова")


def send(ask, address, **typed):
    return ask.post(address, data={"csrf_token": token_of(ask), **typed})


def plain(page):
    return " ".join(page.text.split())


def an_old_norm(**given):
    return make.a_norm(**{"set_at": clock.now() - 60 * DAY} | given)


def the_norm(session):
    return session.scalars(select(Norm).order_by(Norm.id.desc()).limit(1)).one()


def test_the_head_sets_one_and_sees_it_by_its_indicator(session, signed_in, head, anna):
    ask = signed_in(head)
    assert send(ask, "/kpi/norm/", **TYPED | {"whose": anna.id}).location == "/kpi/norms/"
    norm = the_norm(session)
    assert (norm.person_id, norm.low, norm.high, norm.valid_until) == (anna.id, 20.0, 60.0, None)

    page = plain(ask.get("/kpi/norms/"))
    assert "Contacts" in page
    assert "Анна Белова" in page
    assert "20 – 60" in page
    assert "without an end" in page


@pytest.mark.parametrize(
    ("given", "low", "high"),
    [
        ({"indicator": "quality", "low": "70 %", "high": ""}, 0.7, None),
        ({"indicator": "quality", "low": "67,5", "high": "100"}, 0.675, 1.0),
        ({"indicator": "lag", "low": "", "high": "24"}, None, 24.0),
        ({"indicator": "minutes", "low": "1 200", "high": ""}, 1200.0, None),
    ],
)
def test_bounds_are_understood_as_people_write_them(session, signed_in, head, given, low, high):
    ask = signed_in(head)
    assert send(ask, "/kpi/norm/", **TYPED | given).status_code == 302
    norm = the_norm(session)
    assert norm.low == (low and pytest.approx(low))
    assert norm.high == high

    held = ask.get(f"/kpi/norm/{norm.id}").text
    shown = str(given["low"]).removesuffix(" %").replace(",", ".").replace(" ", "")
    assert f'name="low" id="low" value="{shown}"' in held


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"low": "двадцать"}, "This is no number."),
        ({"low": "1.2.3"}, "This is no number."),
        ({"low": "٣"}, "This is no number."),
        ({"low": "", "high": ""}, "Say at least one bound."),
        ({"low": "70"}, "This bound is below the lower one."),
        ({"indicator": ""}, "Choose one."),
        ({"whose": "admin"}, "Choose one."),
        ({"whose": "99999999"}, "Choose one."),
        ({"first": ""}, "Say from which day on."),
        ({"first": "завтра"}, "This is no date."),
        ({"last": "2026-02-01"}, "It ends before it begins."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(session, signed_in, head, given, said):
    page = send(signed_in(head), "/kpi/norm/", **TYPED | given)

    assert page.status_code == 422
    assert said in page.text
    assert f'value="{TYPED["high"]}"' in page.text or "high" in given
    assert session.scalar(select(func.count()).select_from(Norm)) == 0


def test_a_stale_form_keeps_what_was_typed(session, signed_in, head):
    page = signed_in(head).post("/kpi/norm/", data=TYPED | {"csrf_token": "x"})
    assert page.status_code == 422
    assert "open for too long" in page.text
    assert 'value="60"' in page.text


def test_the_earlier_one_is_ended_when_one_agrees(session, signed_in, head, anna):
    old = an_old_norm(person=anna)
    ask, typed = signed_in(head), TYPED | {"whose": anna.id, "low": "30"}
    page = send(ask, "/kpi/norm/", **typed)
    assert page.status_code == 422
    assert "There is a norm for it from 01.01.2026 on, without an end." in page.text
    assert 'name="ends_earlier"' in page.text

    assert send(ask, "/kpi/norm/", **typed, ends_earlier="1").status_code == 302
    assert session.get(Norm, old.id).valid_until == date(2026, 3, 2)
    assert the_norm(session).low == 30.0


def test_a_double_click_sets_one(session, signed_in, head):
    ask = signed_in(head)
    for _n in range(2):
        assert send(ask, "/kpi/norm/", **TYPED, once="x" * 20).status_code == 302
    assert session.scalar(select(func.count()).select_from(Norm)) == 1


def test_a_young_one_is_changed_or_called_off(session, signed_in, head, anna):
    norm, ask = make.a_norm(person=anna, valid_from=date(2026, 3, 2)), signed_in(head)
    typed = TYPED | {"whose": anna.id, "low": "15"}
    assert send(ask, f"/kpi/norm/{norm.id}", act="change", **typed).status_code == 302
    assert session.get(Norm, norm.id).low == 15.0
    assert (
        "This is no number." in send(ask, f"/kpi/norm/{norm.id}", act="change", **typed | {"low": "x"}).text
    )
    assert send(ask, f"/kpi/norm/{norm.id}", act="call_off").status_code == 302
    assert session.scalar(select(func.count()).select_from(Norm)) == 0


def test_one_that_was_in_force_is_ended_and_never_changed(session, signed_in, head, anna):
    norm, ask = an_old_norm(person=anna), signed_in(head)
    page = ask.get(f"/kpi/norm/{norm.id}").text
    assert 'name="low"' not in page
    assert f"/kpi/norm/?indicator=contacts&amp;whose={anna.id}" in page

    refused = send(ask, f"/kpi/norm/{norm.id}", act="change", **TYPED | {"whose": anna.id, "low": "1"})
    assert refused.status_code == 422
    assert "It has been in force: end it" in refused.text
    early = send(ask, f"/kpi/norm/{norm.id}", act="end", last="2026-03-01")
    assert "today is the earliest last day" in early.text
    assert 'value="2026-03-01"' in early.text
    assert send(ask, f"/kpi/norm/{norm.id}", act="end", last="2026-03-15").status_code == 302
    kept = session.get(Norm, norm.id)
    assert (kept.low, kept.valid_until) == (20.0, date(2026, 3, 16))
    assert "15 Mar" in ask.get("/kpi/norms/").text


def test_what_is_over_is_kept_and_only_looked_at(signed_in, head, anna):
    norm = an_old_norm(person=anna, valid_until=date(2026, 2, 1))
    ask = signed_in(head)
    assert "Анна Белова" not in ask.get("/kpi/norms/").text
    page = ask.get("/kpi/norms/?state=past").text
    assert "Анна Белова" in page
    assert "31 Jan" in page
    assert "what is past stays as it was" in ask.get(f"/kpi/norm/{norm.id}").text
    assert send(ask, f"/kpi/norm/{norm.id}", act="end", last="").status_code == 422


def test_a_manager_sees_his_own_and_changes_nothing(signed_in, head, anna):
    mine = make.a_norm(person=anna)
    make.a_norm(role=Role.manager, indicator="calls")
    make.a_norm(person=make.a_user(name="Борис Котов"), indicator="letters")
    ask = signed_in(anna)
    page = ask.get("/kpi/norms/").text

    assert "Calls" in page
    assert "Contacts" in page
    assert "Борис" not in page
    assert "/kpi/norm/" not in page
    assert ask.get(f"/kpi/norm/{mine.id}").status_code == 403
    assert send(ask, "/kpi/norm/", **TYPED).status_code == 403
    assert signed_in(make.a_user(Role.colleague)).get("/kpi/norms/").status_code == 403


def test_an_address_may_say_what_to_begin_with_and_nonsense_is_left_out(signed_in, head, anna):
    ask = signed_in(head)
    page = ask.get(f"/kpi/norm/?indicator=calls&whose={anna.id}").text
    assert '<option value="calls" selected>' in page
    assert f'<option value="{anna.id}" selected>' in page
    assert ask.get("/kpi/norm/?indicator=x&whose=y").status_code == 200
    assert ask.get("/kpi/norm/99999999999").status_code == 404


def test_the_page_costs_the_same_however_many_there_are(signed_in, head, queries):
    ask, costs = signed_in(head), []
    for number in (2, 20):
        for _n in range(number):
            make.a_norm()
        with queries().counting() as seen:
            assert ask.get("/kpi/norms/").status_code == 200
        costs.append(len(seen))

    assert costs[0] == costs[1] <= 6, "\n".join(seen)
