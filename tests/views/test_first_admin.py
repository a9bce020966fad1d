from sqlalchemy import select

from crmadmin.services import first_admin
from models import User
from models.kinds import Role
from tests.factories import a_user
from tests.support import csrf_of

GOOD = "синий-трамвай-7"


def test_the_first_admin_comes_in_by_the_link_and_nobody_after_him(app, session):
    visitor = app.test_client()
    token = first_admin.new_link()
    session.commit()
    page = visitor.get(f"/first-admin/{token}")
    typed = {"name": "Ольга", "login": "olga", "password": GOOD, "repeat": GOOD, "csrf_token": csrf_of(page)}

    short = visitor.post(f"/first-admin/{token}", data=typed | {"password": "short", "repeat": "short"})
    assert short.status_code == 422
    assert 'id="password-error"' in short.text
    assert 'value="Ольга"' in short.text
    differs = visitor.post(f"/first-admin/{token}", data=typed | {"repeat": "another"})
    assert 'id="repeat-error"' in differs.text

    assert visitor.post(f"/first-admin/{token}", data=typed).location == "/"
    assert visitor.get("/password/").status_code == 200
    assert visitor.get(f"/first-admin/{token}").status_code == 404
    assert session.scalar(select(User.role)) == Role.admin


def test_all_that_is_wrong_with_him_is_told_at_once(app, session):
    visitor, token = app.test_client(), first_admin.new_link()
    session.commit()
    typed = {"name": "", "login": "ольга", "password": "short", "repeat": "other"}
    answer = visitor.post(
        f"/first-admin/{token}", data=typed | {"csrf_token": csrf_of(visitor.get(f"/first-admin/{token}"))}
    )
    told = [name for name in ("name", "login", "password", "repeat") if f'id="{name}-error"' in answer.text]
    assert told == ["name", "login", "password", "repeat"]
    assert session.scalar(select(User.id)) is None
    assert visitor.get("/clients/").status_code == 302


def test_while_there_is_no_admin_the_door_says_where_his_link_is(app, session):
    assert "There is no administrator yet" in app.test_client().get("/login").text
    a_user(Role.admin)
    assert "There is no administrator yet" not in app.test_client().get("/login").text


def test_a_link_that_was_never_made_is_not_there(app, session):
    assert app.test_client().get("/first-admin/whatever").status_code == 404
