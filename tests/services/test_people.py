import pytest
from sqlalchemy import select

from crmadmin.core.db import act_as
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.services import passwords, people
from models import JournalEntry, User
from models.kinds import Role
from tests import factories as make
from tests.factories import a_user

GOOD = "синий-трамвай-7"


def an_admin(**given):
    return a_user(Role.admin, **given)


def test_somebody_new_signs_in_by_a_login_in_lower_case(session):
    user = people.create(" Anna.Petrova ", name=" Анна  Петрова ", role=Role.head, password=GOOD, by=None)

    assert (user.login, user.name, user.active) == ("anna.petrova", "Анна Петрова", True)
    assert passwords.is_right(GOOD, user.password_hash)
    assert people.known("ANNA.Petrova") is user


def test_only_the_admin_makes_and_changes_people(session):
    for role in (Role.manager, Role.head, Role.colleague):
        with pytest.raises(NotAllowed):
            people.create("new", name="New", role=Role.manager, by=a_user(role))


@pytest.mark.parametrize("login", ["", "a", "анна", "two words", "-x", "x" * 101, "a\0b"])
def test_a_login_that_nobody_could_type_is_refused_at_its_field(session, login):
    with pytest.raises(DomainError) as refusal:
        people.create(login, name="Anna", role=Role.manager, by=None)
    assert refusal.value.field == "login"


def test_two_people_never_share_a_login(session):
    a_user(login="anna", name="Анна")
    with pytest.raises(DomainError, match="Анна") as refusal:
        people.create("ANNA", name="Another", role=Role.manager, by=None)
    assert refusal.value.field == "login"


def test_an_address_that_is_none_is_refused_at_its_field(session):
    user = a_user()
    user.email = "anna at home"
    with pytest.raises(DomainError) as refusal:
        people.check(user, by=an_admin())
    assert refusal.value.field == "email"


@pytest.mark.parametrize(("column", "value"), [("role", Role.head), ("active", False)])
def test_the_last_active_admin_stays(session, column, value):
    last = an_admin()
    an_admin(active=False)
    setattr(last, column, value)
    with pytest.raises(DomainError) as refusal:
        people.check(last, by=last)
    assert refusal.value.field == column


@pytest.mark.parametrize(("column", "value"), [("role", Role.head), ("active", False)])
def test_the_last_active_admin_stays_even_for_a_door_that_forgot_to_ask(session, column, value):
    last = an_admin()
    setattr(last, column, value)
    with pytest.raises(DomainError):
        session.flush()


def test_two_admins_cannot_both_leave_in_one_go(session):
    one, other = an_admin(), an_admin()
    one.active = other.active = False
    with pytest.raises(DomainError):
        session.flush()


def test_nobody_makes_himself_admin(session):
    manager = a_user()
    manager.role = Role.admin
    with pytest.raises(NotAllowed):
        people.check(manager, by=manager)


def test_one_of_two_admins_may_step_down(session):
    one, _other = an_admin(), an_admin()
    one.role = Role.manager
    people.check(one, by=one)
    session.commit()
    assert people.has_admin()


def test_deactivating_somebody_ends_his_sessions(session):
    user = a_user()
    before = user.get_id()
    user.active = False
    session.commit()
    assert user.get_id() != before


def test_a_new_password_ends_the_sessions_of_the_old_one(session):
    user = a_user()
    before = user.get_id()
    people.set_password(user, GOOD, by=an_admin())
    assert user.get_id() != before
    with pytest.raises(NotAllowed):
        people.set_password(user, GOOD, by=a_user(Role.head))


def test_the_journal_tells_of_people_but_not_their_passwords(session):
    admin = an_admin(name="Ольга")
    act_as(admin)
    user = people.create("anna", name="Анна", role=Role.manager, password=GOOD, by=admin)
    user.role = Role.head
    session.commit()

    asked = select(JournalEntry).where(JournalEntry.subject_id == user.id, JournalEntry.subject == "person")
    made, changed = session.scalars(asked.order_by(JournalEntry.number)).all()
    assert made.kind == "person_created"
    assert user.password_hash not in str(made.data)
    assert (changed.by_name, changed.data["role"]) == ("Ольга", ["manager", "head"])


def test_a_password_is_kept_by_argon2id_only(session):
    user = people.create("anna", name="Анна", role=Role.manager, password=GOOD, by=None)
    session.commit()
    kept = session.scalar(select(User.password_hash).where(User.id == user.id))
    assert kept.startswith("$argon2id$")
    assert not passwords.is_right(GOOD + "x", kept)
    assert not passwords.is_right("", "")


@pytest.mark.parametrize("left", [make.a_plan, make.a_promise])
def test_nobody_is_switched_off_while_others_clients_wait_for_what_he_has_to_do(session, left):
    admin, anna = a_user(Role.admin), a_user()
    left(client=make.a_client(curator=a_user()), person=anna)
    anna.active = False
    with pytest.raises(DomainError, match="1 plan or promise with clients of others"):
        people.check(anna, by=admin)
