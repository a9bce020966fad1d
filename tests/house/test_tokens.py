"""No door is pushed open by another site's page: what would be done with our token is not without it."""

from io import BytesIO

import pytest
from sqlalchemy import select

from models import Base
from models.kinds import Role
from tests.factories import a_user
from tests.house.doors import doors
from tests.house.sendings import sending
from tests.house.sendings_of_days import NOTHING
from tests.support import csrf_of
from tests.views.forms import form_of

DONE, REFUSED = {200, 204, 302, 303}, {400, 422}
STRANGERS = {"login.sign_in_post", "login.first_admin_post"}
LEADS_BACK = {"clients.action_view": "to the list, which says why"}


def kept(session):
    """All there is, in every table; what a request has left in the session is put aside."""
    session.rollback()
    tables = Base.metadata.sorted_tables
    return {table.name: session.execute(select(table)).all() for table in tables}


def asked_of(app, role):
    """The doors that somebody of this role may send something to."""
    return [door for door in doors(app) if "POST" in door.methods and (door.why or role in door.roles())]


def fresh(typed):
    """A file is read once."""
    return {
        name: (BytesIO(value[0].getvalue()), value[1]) if isinstance(value, tuple) else value
        for name, value in typed.items()
    }


def let_in(ask, door, where, typed, other):
    """Without a token, with one of nobody's, and with somebody else's."""
    for token in ("", "x", other):
        status = ask.post(where, data=fresh(typed) | {"csrf_token": token}).status_code
        if status not in (REFUSED | {302} if door.endpoint in LEADS_BACK else REFUSED):
            yield f"{door.endpoint} answers {status} to the token {token!r}"


@pytest.mark.parametrize("role", [Role.manager, Role.admin])
def test_each_door_does_with_our_token_what_it_does_not_without(app, session, signed_in, role):
    other = csrf_of(signed_in(a_user()).get("/password/"))
    wrong, tried = [], 0
    for door in asked_of(app, role):
        me = a_user(role)
        said = sending(door, me)
        if said is None or role not in said.by:
            continue
        ask = app.test_client() if door.endpoint in STRANGERS else signed_in(me)
        token = csrf_of(ask.get("/login" if door.endpoint in STRANGERS else "/password/"))
        held = form_of(ask.get(said.where)).fields if said.form else {}
        typed, before = held | said.typed, kept(session)
        wrong += let_in(ask, door, said.where, typed, other)
        if kept(session) != before:
            wrong.append(f"{door.endpoint} changes something without our token")
        status = ask.post(said.where, data=fresh(typed) | {"csrf_token": token}).status_code
        if status not in DONE or kept(session) == before:
            wrong.append(f"{door.endpoint} does nothing with our token: {status}")
        tried += 1
    assert not wrong, "\n".join(wrong)
    assert tried > 20


def test_a_door_where_nothing_can_be_done_stays_shut_with_our_token_too(app, session, signed_in):
    me = a_user(Role.admin)
    ask = signed_in(me)
    token = csrf_of(ask.get("/password/"))
    shut = [door for door in asked_of(app, Role.admin) if door.endpoint not in NOTHING]
    empty = [door.rule.rule for door in shut if sending(door, me) is None]
    before = kept(session)
    for where in empty:
        answer = ask.post(where, data={"csrf_token": token, "action": "archive", "rowid": "1"})
        assert answer.status_code == 404, where
    assert kept(session) == before
