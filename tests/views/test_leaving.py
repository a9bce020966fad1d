"""Somebody leaves: refused while clients are his, handed over on one page, then switched off."""

import re

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from models import Client, User
from models.kinds import InteractionState, Role
from tests.factories import a_client, a_client_group, a_handover_offer, a_user, an_interaction
from tests.support import csrf_of


@pytest.fixture
def admin(session, signed_in):
    return signed_in(a_user(Role.admin, name="Ольга", login="olga"))


def fresh(session, row):
    """As it is kept now: a request has taken the row from the test's session."""
    return session.get_one(type(row), row.id, populate_existing=True)


def post(ask, path, **typed):
    return ask.post(path, data=typed | {"csrf_token": csrf_of(ask.get(path))})


def test_whoever_has_clients_is_not_switched_off_and_the_way_is_shown(session, admin):
    boris = a_user(login="boris", name="<b>Борис</b>")
    a_client(curator=boris)
    a_client(curator=boris, archived_at=clock.now())

    path = f"/people/edit/?id={boris.id}"
    answer = post(admin, path, name=boris.name, login="boris", role="manager")

    assert answer.status_code == 422
    assert "2 clients" in answer.text
    assert "<b>Борис" not in answer.text
    assert f'href="/people/{boris.id}/leaving"' in answer.text
    assert session.scalar(select(User.active).where(User.id == boris.id)) is True


def test_everything_is_handed_over_in_one_go_and_then_he_is_switched_off(session, admin):
    boris, anna, vera = a_user(name="Борис"), a_user(name="Анна"), a_user(name="Вера")
    key = a_client_group(name_en="Key ones")
    first, second = a_client(curator=boris, group=key), a_client(curator=boris)
    page = f"/people/{boris.id}/leaving"
    shown = admin.get(page).text
    assert "Still in hand" in shown
    assert "Key ones 1" in shown

    seen = post(admin, page, target=str(anna.id), reason="Уходит", step="look")
    assert "Hand over: 2 clients" in seen.text
    heirs = {"target": str(anna.id), f"to-{key.id}": str(vera.id)}
    assert post(admin, page, **heirs, reason="", step="start").status_code == 422
    assert post(admin, page, **heirs, reason="Уходит", step="start").status_code == 302

    assert (fresh(session, first).curator_id, fresh(session, second).curator_id) == (vera.id, anna.id)
    assert "Nothing is left" in admin.get(page).text
    assert post(admin, page, step="deactivate").status_code == 302
    assert session.scalar(select(User.active).where(User.id == boris.id)) is False
    assert session.scalar(select(Client.id).where(Client.curator_id == boris.id)) is None
    assert "Has left" in admin.get(page).text


def test_nobody_hands_over_to_the_leaver_himself(session, admin):
    boris = a_user()
    client = a_client(curator=boris)
    page = f"/people/{boris.id}/leaving"
    assert post(admin, page, target=str(boris.id), reason="x", step="start").status_code == 422
    assert fresh(session, client).curator_id == boris.id


def test_only_the_admin_opens_it(session, signed_in):
    assert signed_in(a_user(Role.head)).get(f"/people/{a_user().id}/leaving").status_code == 403


def test_the_page_says_what_becomes_of_each_plan_and_offer(session, admin, queries):
    boris, _head = a_user(name="Борис"), a_user(Role.head, name="Глава")
    vera = a_user(name="Вера")
    a_handover_offer(from_person=vera, to_person=boris, client=a_client(curator=vera, name="Василёк"))
    costs = []
    for number in (1, 12):
        for n in range(number):
            free = a_client(name=f"Ничей {n}")
            his = a_client(curator=vera, name=f"Верин {n}")
            for client in (free, his):
                an_interaction(client=client, person=boris, state=InteractionState.planned)
        session.commit()
        with queries().counting() as seen:
            text = " ".join(re.sub(r"<[^>]+>", " ", admin.get(f"/people/{boris.id}/leaving").text).split())
        costs.append(len(seen))
        assert re.search(r"Ничей 0 : .{0,80} to whom Глава", text)
        assert re.search(r"Верин 0 : .{0,80} to whom Вера", text)
        assert "Василёк : Вера to whom Борис" in text
    assert costs[0] == costs[1]
