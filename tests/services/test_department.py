"""The numbers a department has agreed on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.errors import DomainError, NotAllowed, NotFound
from crmadmin.rules import first_touch
from crmadmin.services import department
from models import DepartmentRule, JournalEntry
from models.kinds import Role
from seeds import reference
from tests.conftest import NOON
from tests.factories import a_user

CODE = department.FIRST_TOUCH_DAYS


def test_a_number_starts_as_the_program_says_and_is_changed_with_a_trace(session):
    assert department.value_of(CODE) == first_touch.DAYS == 180
    reference.load(session)
    assert department.values() == {
        CODE: 180, department.UNANSWERED_DAYS: 10, department.REQUEST_TOLD_DAYS: 3,
        department.COLLEAGUES: 3, department.SILENCE_PERCENT: 150, department.SILENT_ALONE: 3,
        department.OVERDUE_DAYS: 2, department.BROKEN: 1, department.ONE_CLIENT_PERCENT: 50,
        department.NEWCOMER_WEEKS: 13, department.REST_DAYS: 28,
    }  # fmt: skip

    assert department.change(CODE, " 90 ", by=a_user(Role.head))

    assert department.value_of(CODE) == 90
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).one()
    assert (entry.kind, entry.data["value"]) == ("department_rule_changed", [180, 90])


def test_loading_again_leaves_what_was_agreed_on(session):
    department.change(CODE, "45", by=a_user(Role.admin))
    reference.load(session)

    assert department.value_of(CODE) == 45
    assert not department.change(CODE, "45", by=a_user(Role.admin))


def test_what_was_in_force_before_is_known(session):
    head = a_user(Role.head)
    for days, value in ((-20, "90"), (-10, "45")):
        with clock.stopped_at(NOON + timedelta(days=days)):
            department.change(CODE, value, by=head)

    assert [department.value_at(CODE, NOON + timedelta(days=days)) for days in (-21, -20, -15, -10, 0)] == [
        180, 90, 90, 45, 45,
    ]  # fmt: skip
    assert department.value_at(department.UNANSWERED_DAYS, NOON) == 10


@pytest.mark.parametrize("typed", ["", "0", "3651", "-5", "ten", "1e3", "١٢", "9" * 40])
def test_a_number_out_of_its_bounds_is_refused_at_its_field(session, typed):
    with pytest.raises(DomainError) as refused:
        department.change(CODE, typed, by=a_user(Role.head))

    assert refused.value.field == "value"
    assert not session.scalars(select(DepartmentRule)).all()


@pytest.mark.parametrize("role", [Role.manager, Role.colleague])
def test_only_head_and_admin_change_it(session, role):
    with pytest.raises(NotAllowed):
        department.change(CODE, "90", by=a_user(role))


def test_a_rule_that_is_none_is_not_made(session):
    with pytest.raises(NotFound):
        department.change("first_touch_years", "1", by=a_user(Role.head))
