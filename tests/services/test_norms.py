"""Norms: set, changed while they are young, ended once they have been in force, and never overwritten."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.errors import DomainError, NotAllowed, NotFound
from crmadmin.rules import periods
from crmadmin.rules.periods import Unit
from crmadmin.services import kpi, norms
from crmadmin.services.norms import Overlap, Wanted
from models import JournalEntry, Norm
from models.kinds import Role
from tests import factories as make
from tests.conftest import NOON

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


@pytest.fixture
def head(session):
    return make.a_user(Role.head)


@pytest.fixture
def anna(session):
    return make.a_user(name="Анна")


def wanted(**given):
    start = {"indicator": "contacts", "person": None, "role": None, "low": 20.0, "high": 60.0}
    start |= {"first": TODAY, "last": None}
    if not given.get("person") and "role" not in given:
        start["role"] = Role.manager
    return Wanted(**start | given)


def refused(act, *args, **given):
    with pytest.raises(DomainError) as said:
        act(*args, **given)
    return {part.field: str(part) for part in said.value.parts}


def later(days):
    return clock.stopped_at(clock.now() + days * DAY)


def test_a_norm_is_set_with_a_trace(session, head, anna):
    norm = norms.add(wanted(person=anna, last=date(2026, 3, 31)), by=head)

    assert (norm.valid_from, norm.valid_until) == (TODAY, date(2026, 4, 1))
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).one()
    assert (entry.kind, entry.data["low"], entry.by_name) == ("norm_created", [None, 20.0], "crmadmin")


@pytest.mark.parametrize("role", [Role.manager, Role.colleague])
def test_only_head_and_admin_set_norms(session, anna, role):
    norm = make.a_norm(person=anna)
    by = make.a_user(role)
    for act in (
        lambda: norms.add(wanted(), by=by),
        lambda: norms.change(norm, wanted(), by=by),
        lambda: norms.end(norm, TODAY, by=by),
        lambda: norms.call_off(norm, by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"indicator": "charm"}, "indicator"),
        ({"role": Role.admin}, "whose"),
        ({"role": None}, "whose"),
        ({"low": None, "high": None}, "low"),
        ({"low": -1.0}, "low"),
        ({"low": 61.0}, "high"),
        ({"indicator": "quality", "low": 0.7, "high": 1.2}, "high"),
        ({"first": None}, "first"),
        ({"first": date(2024, 1, 1)}, "first"),
        ({"first": date(2036, 1, 1)}, "first"),
        ({"last": date(2026, 3, 1)}, "last"),
        ({"last": date(2036, 3, 1)}, "last"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(session, head, given, field):
    assert list(refused(norms.add, wanted(**given), by=head)) == [field]
    assert not session.scalars(select(Norm)).all()


def test_all_that_is_wrong_is_said_at_once(session, head):
    said = refused(norms.add, wanted(indicator="charm", low=9.0, high=1.0, first=None), by=head)
    assert said.keys() == {"indicator", "high", "first"}


def test_whoever_has_left_gets_no_new_norm_and_keeps_his_old_one(session, head):
    gone = make.a_user(active=False)
    assert "whose" in refused(norms.add, wanted(person=gone), by=head)
    norm = make.a_norm(person=gone, valid_from=TODAY + DAY)
    norms.change(norm, wanted(person=gone, low=1.0, first=TODAY + DAY), by=head)
    assert norm.low == 1.0


@pytest.mark.parametrize(
    ("first", "last", "meets"),
    [
        (date(2026, 3, 10), date(2026, 3, 20), True),
        (date(2026, 3, 15), None, True),
        (date(2026, 3, 2), date(2026, 3, 10), True),
        (date(2026, 3, 2), date(2026, 3, 9), False),
        (date(2026, 3, 21), None, False),
    ],
)
def test_two_norms_of_the_same_never_share_a_day(session, head, anna, first, last, meets):
    norms.add(wanted(person=anna, first=date(2026, 3, 10), last=date(2026, 3, 20)), by=head)
    new = wanted(person=anna, first=first, last=last)
    if meets:
        assert "from" in refused(norms.add, new, by=head)["first"]
    else:
        assert norms.add(new, by=head).id


def test_another_indicator_person_or_role_is_another_norm(session, head, anna):
    norms.add(wanted(person=anna), by=head)
    for other in (
        wanted(person=anna, indicator="calls"),
        wanted(person=make.a_user()),
        wanted(),
        wanted(role=Role.head),
    ):
        assert norms.add(other, by=head).id


def test_the_earlier_one_is_ended_where_one_agrees(session, head, anna):
    old = make.a_norm(person=anna, valid_from=date(2026, 1, 1), set_at=clock.now() - 60 * DAY)
    with pytest.raises(Overlap) as said:
        norms.add(wanted(person=anna, low=30.0), by=head)
    assert said.value.may_end
    assert "from 01.01.2026 on" in str(said.value)

    new = norms.add(wanted(person=anna, low=30.0), ends_earlier=True, by=head)
    assert (old.low, old.valid_from, old.valid_until) == (20.0, date(2026, 1, 1), TODAY)
    assert new.valid_from == TODAY


def test_what_was_in_force_is_not_cut_short_in_the_past(session, head, anna):
    make.a_norm(person=anna, valid_from=date(2026, 1, 1), set_at=clock.now() - 60 * DAY)
    with pytest.raises(Overlap) as said:
        norms.add(wanted(person=anna, first=date(2026, 2, 1)), ends_earlier=True, by=head)
    assert not said.value.may_end


def test_a_young_norm_is_changed_and_called_off_an_old_one_is_not(session, head, anna):
    norm = norms.add(wanted(person=anna), by=head)
    norms.change(norm, wanted(person=anna, low=25.0), by=head)
    assert norm.low == 25.0
    with later(1):
        assert "" not in refused(norms.change, norm, wanted(person=anna, low=1.0), by=head)
        assert refused(norms.call_off, norm, by=head)
    assert norm.low == 25.0
    norms.call_off(norm, by=head)
    assert not session.scalars(select(Norm)).all()


def test_a_norm_to_come_is_changed_until_it_begins(session, head, anna):
    norm = norms.add(wanted(person=anna, first=TODAY + 10 * DAY), by=head)
    with later(9):
        norms.change(norm, wanted(person=anna, low=5.0, first=TODAY + 10 * DAY), by=head)
    with later(10):
        assert refused(norms.change, norm, wanted(person=anna, low=1.0, first=TODAY + 10 * DAY), by=head)
    assert norm.low == 5.0


def test_it_ends_today_at_the_earliest_and_may_go_on_again(session, head, anna):
    norm = make.a_norm(person=anna, valid_from=date(2026, 1, 1), set_at=clock.now() - 60 * DAY)
    assert "last" in refused(norms.end, norm, TODAY - DAY, by=head)
    norms.end(norm, TODAY, by=head)
    assert norm.valid_until == TODAY + DAY
    norms.end(norm, None, by=head)
    assert norm.valid_until is None
    norms.end(norm, TODAY, by=head)
    with later(1):
        assert "last" in refused(norms.end, norm, None, by=head)


def test_it_does_not_go_on_into_another_one(session, head, anna):
    norm = make.a_norm(person=anna, valid_from=date(2026, 1, 1), valid_until=date(2026, 4, 1))
    norms.add(wanted(person=anna, first=date(2026, 4, 1)), by=head)

    assert "last" in refused(norms.end, norm, None, by=head)
    norms.end(norm, date(2026, 3, 20), by=head)
    assert norm.valid_until == date(2026, 3, 21)


def test_everybody_sees_his_own_and_those_of_his_role(session, head, anna):
    mine, of_role = make.a_norm(person=anna), make.a_norm(role=Role.manager)
    other = make.a_norm(person=make.a_user())

    assert {norms.known(each.id, anna).id for each in (mine, of_role)} == {mine.id, of_role.id}
    with pytest.raises(NotFound):
        norms.known(other.id, anna)
    assert norms.known(other.id, head).id == other.id


@pytest.mark.parametrize(("start", "end", "holds"), [(25, None, False), (-40, 18, True), (-40, None, True)])
def test_a_norm_of_a_share_is_that_of_today_while_the_period_goes_on(session, head, anna, start, end, holds):
    day = NOON.date()
    make.a_norm(
        person=anna, indicator="quality", low=0.9, high=1, valid_from=day + timedelta(days=start),
        valid_until=day + timedelta(days=end) if end else None,
    )  # fmt: skip
    make.an_interaction(person=anna, kind=make.an_interaction_kind())
    cell = kpi.team(head, periods.around(Unit.month, day)).of(anna.id).cells["quality"]
    assert (cell.corridor is not None and cell.corridor.low == 0.9) == holds
