"""How long a cookie opens the door, however much it is used; and what is lost when it no longer does."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crmadmin.core import clock
from crmadmin.core.db import transaction
from crmadmin.services import people
from crmadmin.services.sign_in_sessions import LIFETIME
from models import SignInSession, User
from models.kinds import Role
from tests.house.tree import TEMPLATES
from tests.support import csrf_of
from views.pages.login import SECRET

GOOD, NEW = "синий-трамвай-7", "красный-трамвай-8"


@pytest.fixture
def anna(session):
    user = people.create("anna", name="Анна Петрова", role=Role.manager, password=GOOD, by=None)
    session.commit()
    return user


@pytest.fixture
def enter(app, anna):
    """A browser in which Anna has just signed in."""

    def sign_in():
        browser = app.test_client()
        data = {"csrf_token": csrf_of(browser.get("/login")), "login": "anna", "password": GOOD}
        assert browser.post("/login", data=data).status_code == 302
        return browser

    return sign_in


def is_in(browser):
    return browser.get("/password/").status_code == 200


def copied(app, browser):
    """Another browser that has got hold of the cookie."""
    thief = app.test_client()
    thief.set_cookie("crm_session", browser.get_cookie("crm_session").value)
    return thief


def sign_out(browser):
    browser.post("/logout", data={"csrf_token": csrf_of(browser.get("/password/"))})


def open_sessions(session):
    asked = select(func.count()).select_from(SignInSession).where(SignInSession.ended_at.is_(None))
    return session.scalar(asked)


def test_a_copied_cookie_opens_nothing_after_signing_out(app, session, enter):
    browser = enter()
    thief = copied(app, browser)
    assert is_in(thief)
    sign_out(browser)
    assert not is_in(thief)
    assert not is_in(browser)
    assert open_sessions(session) == 0


def test_signing_out_here_leaves_the_other_browser_signed_in(app, session, enter):
    here, there = enter(), enter()
    sign_out(here)
    assert is_in(there)


def test_signing_in_once_more_ends_what_was_before_in_this_browser(app, session, enter):
    browser = enter()
    thief = copied(app, browser)
    data = {"csrf_token": csrf_of(browser.get("/password/")), "login": "anna", "password": GOOD}
    assert browser.post("/login", data=data).status_code == 302
    assert is_in(browser)
    assert not is_in(thief)


def test_a_session_that_is_used_all_the_time_still_ends_after_a_week(session, enter, noon):
    browser, at = enter(), noon
    while at < noon + LIFETIME:
        with clock.stopped_at(at):
            assert is_in(browser), at
        at += timedelta(hours=11)
    assert LIFETIME.days == 7
    with clock.stopped_at(noon + LIFETIME):
        assert not is_in(browser)


def test_a_new_password_and_deactivation_end_every_session(app, session, enter):
    here, there = enter(), enter()
    token = csrf_of(here.get("/password/"))
    thief = copied(app, here)
    typed = {"csrf_token": token, "old": GOOD, "password": NEW, "repeat": NEW}
    assert here.post("/password/", data=typed).location == "/"
    assert is_in(here)
    assert not is_in(there)
    assert not is_in(thief)
    assert open_sessions(session) == 1

    with transaction() as database:
        database.scalar(select(User)).active = False
    assert open_sessions(session) == 0
    with transaction() as database:
        database.scalar(select(User)).active = True
    assert not is_in(here)


def test_a_cookie_made_of_the_persons_number_alone_opens_nothing(app, session, enter, anna):
    enter()
    for said in (anna.get_id(), f"{anna.get_id()}.", f"{anna.get_id()}.guessed", "x.y.z", "..", "1"):
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = said, True
        assert not is_in(browser), said


def test_who_is_signed_in_is_found_out_by_one_question(session, enter, queries):
    browser = enter()
    with queries().counting() as asked:
        assert is_in(browser)
    assert len([statement for statement in asked if "sign_in_session" in statement]) == 1
    assert len([statement for statement in asked if "FROM app_user" in statement]) == 1


@pytest.mark.parametrize("path", ["/password/", "/people/1/password"])
def test_a_page_of_passwords_gives_nothing_of_what_was_typed_back(app, session, path):
    """By the door, whatever its fields are called."""
    typed = {
        "csrf_token": "x",
        "old": "secret-1",
        "password": "secret-2",
        "repeat": "secret-3",
        "n": "secret-4",
    }
    asked = app.test_client().post(path, data=typed)
    assert asked.status_code == 401
    assert "secret-" not in asked.text
    assert "carried." not in asked.text
    assert f'name="next" value="{path}"' in asked.text
    assert "still there" not in asked.text


def test_every_page_that_asks_for_a_password_is_known_as_one(app):
    asking = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if re.search("""['"]password['"]""", path.read_text())
    }
    assert asking == {
        "pages/login/sign_in.html",
        "pages/login/first_admin.html",
        "pages/own/password.html",
    }
    assert set(app.view_functions) >= SECRET
