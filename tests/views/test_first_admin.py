from sqlalchemy import select

from crmadmin.services import first_admin
from models import User
from models.kinds import Role
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


def test_a_link_that_was_never_made_is_not_there(app, session):
    assert app.test_client().get("/first-admin/whatever").status_code == 404
