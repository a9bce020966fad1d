"""Somebody is deactivated while clients are still his."""

import re

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from models import User
from models.kinds import Role
from tests.factories import a_client, a_user
from tests.support import csrf_of


@pytest.fixture
def admin(session, signed_in):
    return signed_in(a_user(Role.admin, name="Ольга", login="olga"))


def deactivated(admin, person):
    typed = {"name": person.name, "login": person.login, "role": "manager"}
    path = f"/people/edit/?id={person.id}"
    answer = admin.post(path, data=typed | {"csrf_token": csrf_of(admin.get(path))})
    assert answer.status_code == 302
    return admin.get(answer.location).text


def test_whoever_leaves_clients_behind_is_deactivated_and_they_are_told_of(session, admin):
    boris = a_user(login="boris", name="<b>Борис</b>")
    a_client(curator=boris, name="Ромашка")
    a_client(curator=boris, name="Василёк")
    a_client(curator=boris, name="Старый", archived_at=clock.now())
    a_client(curator=a_user(), name="Чужой")

    page = deactivated(admin, boris)

    assert session.scalar(select(User.active).where(User.login == "boris")) is False
    assert "2 clients" in page
    assert "<b>Борис" not in page
    link = re.search(r'<a [^>]*href="(/clients/[^"]+)"[^>]*>2 clients', page)[1]
    listed = admin.get(link).text
    names = ("Ромашка", "Василёк", "Старый", "Чужой")
    assert [f">{name}<" in listed for name in names] == [True, True, False, False]


def test_nothing_is_said_of_clients_where_there_are_none_or_nobody_leaves(session, admin):
    boris, vera = a_user(login="boris"), a_user(login="vera", active=False)
    a_client(curator=vera)
    assert "Without a working curator" not in deactivated(admin, boris)
    assert "Without a working curator" not in deactivated(admin, vera)
