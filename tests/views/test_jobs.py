"""The lamp in the frame, the page behind it, and letters that did not arrive."""

from datetime import timedelta

import pytest

from crmadmin.core import clock
from crmadmin.jobs.ticks import TICK
from models import Letter
from models.kinds import Language, Role
from tests import factories as make
from tests.conftest import NOON
from tests.support import csrf_of

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_by_colour_and_words_when_the_last_tick_was(session, signed_in, role):
    browser = signed_in(make.a_user(role))
    assert "Nobody reminds yet" in browser.get("/groups/").text
    make.a_job_run(name=TICK, done_at=NOON - MINUTE)
    page = browser.get("/groups/").text
    assert "lamp-on" in page
    assert "Reminders work: 11:59" in page
    with clock.stopped_at(NOON + 4 * MINUTE):
        page = browser.get("/groups/").text
    assert "lamp-off" in page
    assert "No reminders since 02.03.2026 11:59" in page


def test_the_bell_and_the_lamp_are_one_question(session, signed_in, queries):
    browser = signed_in(make.a_user())
    with queries().counting() as seen:
        browser.get("/jobs/")

    assert len([each for each in seen if "notice" in each or "job_run" in each]) == 2, (
        "the page asks for jobs"
    )


def test_the_page_says_what_is_done_and_what_fails(session, signed_in):
    make.a_job_run(name="due", done_at=NOON - MINUTE)
    make.a_job_run(name="post", done_at=NOON - 2 * MINUTE, failed_at=NOON, error="no route to host")
    page = signed_in(make.a_user()).get("/jobs/").text

    assert "Reminding of what is due" in page
    assert "fails since 02.03.2026 12:00" in page
    assert "no route to host" not in page
    assert "/letters/" not in page
    assert "no route to host" in signed_in(make.a_user(Role.admin)).get("/jobs/").text


def test_the_admin_sees_what_did_not_arrive_and_tries_again(session, signed_in):
    lost = make.a_letter(subject="Сводка", tries=9, failed_at=NOON, error="550 no such box")
    make.a_letter(subject="Принято", tries=1, sent_at=NOON)
    browser = signed_in(make.a_user(Role.admin))
    page = browser.get("/letters/")

    assert "550 no such box" in page.text
    assert "Принято" not in page.text
    sent = {"csrf_token": csrf_of(page)}
    assert browser.post(f"/letters/{lost.id}/again", data=sent).status_code == 302
    assert session.get(Letter, lost.id).failed_at is None
    assert browser.post("/letters/999999/again", data=sent).status_code == 404
    assert browser.post(f"/letters/{lost.id}/again").status_code == 400


def test_letters_are_the_admin_s_only(session, signed_in):
    letter = make.a_letter()
    browser = signed_in(make.a_user(Role.head))

    assert browser.get("/letters/").status_code == 403
    assert browser.post(f"/letters/{letter.id}/again").status_code == 403


def test_the_lamp_speaks_russian(session, signed_in):
    browser = signed_in(make.a_user(language=Language.ru))

    assert "Напоминания ещё не запускались" in browser.get("/groups/").text
