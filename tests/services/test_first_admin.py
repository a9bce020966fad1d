from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.errors import DomainError, NotFound
from crmadmin.services import first_admin
from models import OneTimeLink
from models.kinds import Role
from tests.factories import a_user

OLGA = {"name": "Ольга", "login": "olga", "password": "синий-трамвай-7"}


def test_the_link_makes_an_admin_once(session):
    token = first_admin.new_link()
    admin = first_admin.use(token, **OLGA)
    session.commit()

    assert (admin.role, admin.active) == (Role.admin, True)
    with pytest.raises(NotFound):
        first_admin.use(token, **OLGA | {"login": "eve"})


def test_only_the_hash_of_the_link_is_kept(session):
    token = first_admin.new_link()
    (kept,) = session.scalars(select(OneTimeLink.token_hash)).all()
    assert token not in kept


def test_the_link_is_good_for_a_day(session, noon):
    token = first_admin.new_link()
    with clock.stopped_at(noon + timedelta(hours=23)):
        assert first_admin.link(token)
    with clock.stopped_at(noon + timedelta(hours=24)), pytest.raises(NotFound):
        first_admin.link(token)


def test_a_new_link_puts_an_end_to_the_older_one(session):
    old, new = first_admin.new_link(), first_admin.new_link()
    assert first_admin.link(new)
    with pytest.raises(NotFound):
        first_admin.link(old)


def test_there_is_no_link_where_there_is_an_admin(session):
    token = first_admin.new_link()
    a_user(Role.admin)
    with pytest.raises(NotFound):
        first_admin.use(token, **OLGA)


def test_a_refused_password_leaves_the_link_good(session):
    token = first_admin.new_link()
    with pytest.raises(DomainError):
        first_admin.use(token, **OLGA | {"password": "olga-olga"})
    assert first_admin.link(token)
