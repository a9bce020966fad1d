"""While somebody else holds the database, nobody loses what he typed."""

import sqlite3

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from crmadmin.core.db import is_busy
from models.kinds import Role
from tests.factories import a_user
from tests.support import csrf_of


def locked():
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return OperationalError("BEGIN IMMEDIATE", {}, cause)


class Cause(Exception):
    sqlstate = ""


@pytest.mark.parametrize(
    ("state", "busy"), [("40P01", True), ("40001", True), ("55P03", True), ("23505", False)]
)
def test_what_may_be_tried_again_is_told_from_what_may_not(state, busy):
    cause = Cause()
    cause.sqlstate = state
    assert is_busy(IntegrityError("UPDATE", {}, cause)) is busy


def test_a_locked_database_is_busy():
    assert is_busy(locked())


def test_what_was_typed_comes_back_with_a_button_that_sends_it_again(app, session, signed_in, monkeypatch):
    ask = signed_in(a_user(Role.head))
    token = csrf_of(ask.get("/clients/new/"))

    def refused():
        raise locked()

    monkeypatch.setitem(app.before_request_funcs, None, [refused])
    answer = ask.post("/clients/new/?url=/clients/", data={"csrf_token": token, "name": "ООО «Ромашка» <b>"})

    assert answer.status_code == 503
    assert 'name="name" value="ООО «Ромашка» &lt;b&gt;"' in answer.text
    assert 'action="/clients/new/?url=/clients/"' in answer.text
    assert "BEGIN" not in answer.text
