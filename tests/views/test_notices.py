"""What one is told, how one wants to be told, and a letter to try it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import CalendarLink, Letter, NoticeChoice, NoticeTimes
from models.kinds import Language, NoticeChannel, NoticeKind, Role
from tests import factories as make
from tests.conftest import NOON
from tests.mail_server import a_free_port, mail_server
from tests.support import csrf_of

SETTINGS = "/notices/settings/"
DAY = timedelta(days=1)


def post(browser, where="", **typed):
    token = csrf_of(browser.get(SETTINGS))
    return browser.post(f"{SETTINGS}{where}", data={"csrf_token": token} | typed)


@pytest.fixture
def anna(session):
    return make.a_user(name="Анна", email="anna@example.ru")


@pytest.fixture
def sending_to(app, monkeypatch):
    def to(url):
        given = replace(app.config["CRM"], mail_url=url, mail_from="crm@example.ru")
        monkeypatch.setitem(app.config, "CRM", given)

    return to


# What one is told


def test_what_is_not_read_stands_first_and_the_rest_by_day(session, signed_in, anna):
    for days, read in ((0, False), (3, False), (1, True), (2, True)):
        at = NOON - days * DAY
        make.a_notice(person=anna, at=at, read_at=NOON if read else None)
    page = signed_in(anna).get("/notices/").text

    heads = re.findall(r"<h2[^>]*>([^<]+)</h2>", page)
    assert heads == ["Not read yet", "1 Mar", "28 Feb"]


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("contact_due", {"kind": {"en": "Call"}, "at": NOON.isoformat(), "late": False}, "is planned: today"),
        (
            "contact_due",
            {"kind": {"en": "Call"}, "at": NOON.isoformat(), "late": True},
            "nobody says that it",
        ),
        ("promise_due", {"text": "цены", "side": "ours", "at": NOON.isoformat()}, "Promised to Мост: цены"),
        ("promise_due", {"text": "акт", "side": "theirs", "at": NOON.isoformat()}, "Мост promised us: акт"),
        ("promise_overdue", {"text": "цены", "side": "ours", "at": NOON.isoformat()}, "is overdue: цены"),
        ("promise_overdue", {"text": "акт", "side": "theirs", "at": NOON.isoformat()}, "has not kept"),
        ("request_waits", {"text": "<b>"}, "Мост waits for an answer: &lt;b&gt;"),
        ("wish_returns", {"text": "Испания"}, "who wished: Испания"),
        ("chain_broken", {"chain": 7, "entry": 2}, "The journal of Мост does not hold, from entry 2 on"),
        (
            "substitution_set",
            {"person": "Борис", "start": "2026-03-02", "end": "2026-03-16"},
            "Борис is away from 2 Mar, back on 16 Mar",
        ),
        ("back_again", {"start": "2026-02-16", "end": "2026-03-02"}, "without you from 16 Feb on"),
        ("back_again", {"start": "nonsense"}, "What happened without you: Мост"),
        ("job_missed", {"job": "post"}, "A job of the program fails: Sending letters"),
        ("job_missed", {"from": NOON.isoformat(), "until": NOON.isoformat()}, "Nothing was reminded of"),
        ("promise_due", {}, "A promise is due soon: Мост"),
        ("silence_asked", {}, "You are asked about a silent client: Мост"),
    ],
)
def test_each_kind_is_a_sentence(session, signed_in, anna, kind, data, said):
    make.a_notice(person=anna, kind=NoticeKind(kind), data={"client": "Мост", **data})

    assert said in signed_in(anna).get("/notices/").text


def test_the_end_of_a_whole_day_is_that_day(session, signed_in, anna):
    midnight = NOON + timedelta(hours=12)  # as it is in Moscow
    for at, text in ((midnight, "договор"), (midnight + DAY, "цены")):
        data = {"client": "Мост", "text": text, "side": "ours", "at": at.isoformat(), "whole": True}
        make.a_notice(person=anna, kind=NoticeKind.promise_due, data=data)
    page = signed_in(anna).get("/notices/").text

    assert "договор. Due: 2 Mar" in page
    assert "цены. Due: 3 Mar" in page


def test_it_leads_to_what_it_is_about(session, signed_in, anna):
    client = make.a_client()
    for subject, id in (("interaction", 5), ("promise", 6)):
        make.a_notice(person=anna, client=client, subject=subject, subject_id=id)
    make.a_notice(person=anna, kind=NoticeKind.job_missed, subject="job", data={"job": "post"})
    page = signed_in(anna).get("/notices/").text

    assert f'value="/clients/{client.id}#interaction-5"' in page
    assert f'value="/clients/{client.id}"' in page
    assert 'value="/jobs/"' in page


def test_a_kind_that_is_switched_off_is_neither_shown_nor_counted(session, signed_in, anna):
    make.a_notice(person=anna, kind=NoticeKind.told_two, data={"client": "Мост"})
    off = {"kind": NoticeKind.told_two, "channel": NoticeChannel.program, "wanted": False}
    make.a_notice_choice(person=anna, **off)
    page = signed_in(anna).get("/notices/").text

    assert "Мост" not in page
    assert "bell-count" not in page


# How one wants to be told


def test_everything_can_be_switched_by_kind_and_way(session, signed_in, anna):
    browser = signed_in(anna)
    page = browser.get(SETTINGS).text
    assert page.count('type="checkbox"') == 2 * len(NoticeKind)
    answer = post(
        browser,
        program=["mentioned"],
        mail=["told_two"],
        digest="07:30",
        quiet_from="22:00",
        quiet_until="8:00",
    )
    assert answer.status_code == 302
    page = browser.get(SETTINGS).text

    assert len(re.findall(r"checkbox\"[^>]* checked", page)) == 2
    assert 'value="07:30"' in page
    times = session.scalars(select(NoticeTimes)).one()
    assert (times.quiet_from, times.quiet_until, times.digest_minute) == (22 * 60, 8 * 60, 450)
    assert {row.person_id for row in session.scalars(select(NoticeChoice))} == {anna.id}


def test_what_is_as_usual_is_no_row_and_what_goes_back_is_wanted_again(session, signed_in, anna):
    browser = signed_in(anna)
    everything = [kind.value for kind in NoticeKind]
    mail = ["client_given", "substitution_set", "promise_overdue", "silence_asked", "chain_broken"]
    post(browser, program=everything, mail=mail)
    assert session.scalars(select(NoticeChoice)).all() == []
    assert session.scalars(select(NoticeTimes)).one().digest_minute is None
    post(browser, program=[], mail=mail)
    post(browser, program=everything, mail=mail)

    assert {row.wanted for row in session.scalars(select(NoticeChoice))} == {True}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"digest": "25:00"}, "A time of the day, such as 22:30."),
        ({"quiet_from": "x"}, "A time of the day, such as 22:30."),
        ({"quiet_from": "22:00"}, "A quiet time has a beginning and an end."),
        ({"quiet_until": "08:00"}, "A quiet time has a beginning and an end."),
    ],
)
def test_a_wrong_time_is_told_at_its_field_and_what_was_chosen_is_kept(session, signed_in, anna, typed, said):
    answer = post(signed_in(anna), program=["mentioned"], mail=[], **typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{next(iter(typed.values()))}"' in answer.text
    assert len(re.findall(r"checkbox\"[^>]* checked", answer.text)) == 1
    assert session.scalars(select(NoticeChoice)).all() == []


def test_nobody_s_settings_but_one_s_own_are_seen_or_changed(session, signed_in, anna):
    make.a_notice_times(person=anna, digest_minute=6 * 60 + 17)
    other = signed_in(make.a_user(Role.admin))

    assert "06:17" not in other.get(SETTINGS).text
    post(other, digest="09:00")
    session.expire_all()
    assert session.scalar(select(NoticeTimes.digest_minute).filter_by(person_id=anna.id)) == 6 * 60 + 17


def test_a_form_of_somebody_else_s_site_changes_nothing(session, signed_in, anna):
    browser = signed_in(anna)
    for where in ("", "trial", "calendar"):
        assert browser.post(f"{SETTINGS}{where}", data={"digest": "09:00"}).status_code == 400
    assert session.scalars(select(NoticeTimes)).all() == session.scalars(select(CalendarLink)).all() == []


# Send me one now


def test_one_letter_now_says_what_became_of_it(session, signed_in, anna, sending_to):
    anna.language = Language.ru
    session.commit()
    with mail_server() as box:
        sending_to(box.url)
        browser = signed_in(anna)
        post(browser, "trial")
        assert "Письмо ушло на адрес anna@example.ru." in browser.get(SETTINGS).text
        post(browser, "trial")
        assert "В эту минуту одно письмо уже отправлено." in browser.get(SETTINGS).text

        (letter,) = box.letters
    assert "Связаться сегодня" in letter.get_body(("plain",)).get_content()
    assert session.scalars(select(Letter)).one().sent_at == NOON


def test_a_server_that_is_not_there_is_said_in_words(session, signed_in, anna, sending_to):
    sending_to(f"smtp://127.0.0.1:{a_free_port()}")
    browser = signed_in(anna)
    post(browser, "trial")

    assert "The letter was not taken: " in browser.get(SETTINGS).text


def test_without_a_server_or_an_address_it_says_so(session, signed_in, anna, sending_to):
    browser = signed_in(anna)
    post(browser, "trial")
    assert browser.get(SETTINGS).text.count("This installation sends no letters") == 2
    sending_to("smtp://127.0.0.1")
    browser = signed_in(make.a_user(email=""))
    post(browser, "trial")
    assert browser.get(SETTINGS).text.count("You have no e-mail address here") == 2
    assert session.scalars(select(Letter)).all() == []
